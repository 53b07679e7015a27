(() => {
  if (customElements.get("sm-explorer")) return;

  const unpack = async (text) => {
    const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
    const { readable, writable } = new DecompressionStream("gzip");
    const writer = writable.getWriter();
    // Broken data shows where it is read.
    writer.write(bytes).catch(() => {});
    writer.close().catch(() => {});
    // Not by Blob and Response: their tasks wait until the page has finished loading.
    const reader = readable.getReader();
    const decoder = new TextDecoder();
    for (let json = ""; ; ) {
      const { done, value } = await reader.read();
      json += decoder.decode(value, { stream: !done });
      if (done) return JSON.parse(json);
    }
  };
  const still = matchMedia("(prefers-reduced-motion: reduce)");

  class Explorer extends HTMLElement {
    connectedCallback() {
      if (this.spec) return;
      // The parser connects the element before its children exist. The end of the document may be
      // seconds away on a slow line: look for the end of this element instead.
      if (!this.querySelector(".sm-end")) {
        setTimeout(() => this.isConnected && this.connectedCallback(), 16);
        return;
      }
      this.spec = JSON.parse(this.dataset.controls);
      this.names = Object.keys(this.spec);
      this.state = this.names.map((name) => this.spec[name].s);
      this.inputs = this.names.map((name) => this.querySelector(`[data-name="${name}"]`));
      this.svg = this.querySelector("svg");
      // Patches name elements by their number; nothing is ever added or removed.
      this.parts = [this.svg, ...this.svg.querySelectorAll("*")];
      this.played = this.inputs.findIndex((input) => input.type === "range");
      this.inputs.forEach((input, i) => {
        input.addEventListener("input", () => {
          this.stop();
          if (input.type === "range") this.played = i;
          this.move(i, input.type === "range" ? +input.value : input.selectedIndex);
        });
        input.addEventListener("change", () => this.speak());
      });
      this.addEventListener("keydown", (event) => this.key(event));
      this.querySelector(".sm-reset").addEventListener("click", () => {
        this.stop();
        this.show(this.names.map((name) => this.spec[name].s));
        this.tell?.();
        this.speak();
      });
      this.querySelector(".sm-play")?.addEventListener("click", () => (this.timer ? this.stop() : this.play()));
      const link = this.querySelector(".sm-link");
      for (const use of ["pointerenter", "focus", "contextmenu"]) {
        link.addEventListener(use, () => link.setAttribute("href", this.address()));
      }
      link.addEventListener("click", (event) => this.share(event));
      this.follow();
      const linked = this.named(location.search);
      if (linked) this.show(linked);
      else this.hold();
      // Browsers restore or reset what was chosen, some only then; the figure has its own state.
      addEventListener("pageshow", () => setTimeout(() => this.hold()));
      const near = new IntersectionObserver((entries) => {
        if (!entries.some((entry) => entry.isIntersecting)) return;
        near.disconnect();
        this.load();
      }, { rootMargin: "800px" });
      near.observe(this);
    }

    disconnectedCallback() {
      this.stop();
    }

    load() {
      this.ready ??= unpack(this.querySelector("[type='application/sm-lattice']").textContent)
        .then((data) => {
          this.data = data;
          this.last = data.p.map(() => undefined);
          this.draw();
        })
        .catch(() => {
          this.inputs.forEach((input) => (input.disabled = true));
          this.querySelector(".sm-status").textContent =
            "This browser cannot unpack the figure's other states. It shows the first.";
          this.classList.add("sm-failed");
        });
      return this.ready;
    }

    // The state that a query names; what it leaves out is as at first.
    named(search) {
      const query = new URLSearchParams(search);
      let found = false;
      const state = this.names.map((name) => {
        const at = this.spec[name].v.indexOf(query.get(`${this.dataset.name}.${name}`));
        found ||= at >= 0;
        return at >= 0 ? at : this.spec[name].s;
      });
      return found && state;
    }

    // A link to this state, in a deck to this slide.
    address() {
      const query = new URLSearchParams();
      this.names.forEach((name, i) => query.set(`${this.dataset.name}.${name}`, this.spec[name].v[this.state[i]]));
      const at = [];
      for (let slide = this.closest(".slides section"); slide; slide = slide.parentElement.closest(".slides section")) {
        at.unshift([...slide.parentElement.children].indexOf(slide));
      }
      if (at.at(-1) === 0 && at.length > 1) at.pop();
      const place = at.length ? `/${at.join("/")}` : this.id;
      return `?${query}#${place}`;
    }

    // What a control does not use belongs to the slides or the notebook around it.
    key(event) {
      const { target, key } = event;
      const slides = this.closest(".reveal");
      const field = target.matches("input, select");
      const paging = key.startsWith("Page");
      const used = !field ? [" ", "Enter"].includes(key)
        : /^(Arrow|Home|End)/.test(key) || (paging && !slides)
          || (target.matches("select") && ([" ", "Enter"].includes(key) || /^[\p{L}\p{N}]$/u.test(key)));
      // A letter must not become a command of the notebook.
      const letter = key.length === 1 && !event.ctrlKey && !event.metaKey;
      if (used || (letter && !slides)) event.stopPropagation();
      else if (slides && field && key !== "Tab") {
        // Slides hear no key while a field has the focus, and a clicker's would move the slider.
        if (paging) event.preventDefault();
        target.blur();
      }
    }

    // A lecturer's second window and the one that the audience sees show the same state.
    follow() {
      if (!this.closest(".reveal") || !window.BroadcastChannel) return;
      const speaker = new URLSearchParams(location.search).has("receiver");
      this.channel = new BroadcastChannel(location.pathname);
      this.channel.addEventListener("message", ({ data }) => {
        if (data.name !== this.dataset.name || data.speaker === speaker) return;
        if (data.state) this.show(data.state);
        else this.tell();
      });
      const say = (state) => this.channel.postMessage({ name: this.dataset.name, speaker, state });
      this.tell = () => say(this.state);
      if (speaker) say(null); // The window that was there first answers with what it shows.
    }

    share(event) {
      event.preventDefault();
      const link = this.querySelector(".sm-link");
      link.setAttribute("href", this.address());
      const said = (text) => (this.querySelector(".sm-status").textContent = text);
      try {
        history.replaceState(history.state, "", link.href);
      } catch {
        // Pages opened from a file may not change their address; the link can still be copied.
      }
      const copied = navigator.clipboard?.writeText(link.href);
      if (copied) copied.then(() => said("Link copied."), () => said("The address bar holds the link."));
      else said("The address bar holds the link.");
    }

    move(i, value) {
      const state = [...this.state];
      state[i] = value;
      this.show(state);
      this.tell?.();
    }

    show(state) {
      this.state = state;
      this.hold();
      if (this.data) this.draw();
      else this.load();
    }

    // Controls and what stands beside them are those of the state.
    hold() {
      this.state.forEach((value, i) => {
        const { t } = this.spec[this.names[i]];
        const input = this.inputs[i];
        if (input.type === "range") {
          if (+input.value !== value) input.value = value;
          input.setAttribute("aria-valuetext", t[value]);
          input.previousElementSibling.firstElementChild.textContent = t[value];
        } else input.selectedIndex = value;
      });
    }

    draw() {
      const { p, c, t } = this.data;
      const index = this.state.reduce((sum, value, i) => sum * this.spec[this.names[i]].t.length + value, 0);
      const read = (k) => (c[k].v ? c[k].v[index] : c[k].u[c[k].i[index]]);
      p.forEach(([part, name, k], n) => {
        const value = read(k);
        if (value === this.last[n]) return;
        this.last[n] = value;
        const element = this.parts[part];
        if (name === "#") element.textContent = value;
        else if (value === null) element.removeAttribute(name);
        else element.setAttribute(name, value);
      });
      for (const cell of this.querySelectorAll("[data-r]")) cell.textContent = read(t[`r${cell.dataset.r}`]);
      this.svg.setAttribute("aria-label", read(t.alt));
      this.dataset.state = index;
    }

    speak() {
      clearTimeout(this.speaking);
      this.speaking = setTimeout(() => {
        this.querySelector(".sm-status").textContent = this.svg.getAttribute("aria-label");
      }, 400);
    }

    play() {
      const i = this.played;
      const end = this.spec[this.names[i]].t.length - 1;
      if (this.state[i] === end) this.move(i, 0);
      this.press(true);
      this.timer = setInterval(() => {
        // Also where its slide has gone.
        if (this.state[i] >= end || !this.getClientRects().length) return this.stop(), this.speak();
        this.move(i, this.state[i] + 1);
      }, still.matches ? 1500 : 160);
    }

    stop() {
      clearInterval(this.timer);
      this.timer = undefined;
      this.press(false);
    }

    press(on) {
      const button = this.querySelector(".sm-play");
      if (!button) return;
      button.setAttribute("aria-pressed", on);
      button.textContent = on ? "Pause" : "Play";
    }
  }
  customElements.define("sm-explorer", Explorer);
})();
