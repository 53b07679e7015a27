// What a page does beside its figures: buttons, links to states of explorers, explorers on paper.
(() => {
  const explorers = () => [...document.querySelectorAll("sm-explorer")];

  const follow = (event, link) => {
    const explorer = document.getElementById(link.hash.slice(1));
    const state = link.pathname === location.pathname && explorer?.named?.(link.search);
    if (!state || event.ctrlKey || event.metaKey || event.shiftKey) return;
    // Not by loading the page again.
    event.preventDefault();
    explorer.stop();
    explorer.show(state);
    explorer.speak();
    explorer.scrollIntoView({ block: "nearest" });
  };

  addEventListener("click", (event) => {
    const pressed = event.target.closest("[data-press]")?.dataset.press;
    if (pressed === "print") Promise.all(explorers().map((one) => one.load())).then(() => print());
    if (pressed === "fullscreen") toggleFullScreen();
    const link = event.target.closest('a[href*="?"]:not(.sm-link)');
    if (link) follow(event, link);
  });

  // What is too wide scrolls, by the keyboard too; what is not is no stop of it.
  const watched = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
      else target.removeAttribute("tabindex");
    }
  });
  const equations = () => document.querySelectorAll("mjx-container[display]");
  addEventListener("load", () => equations().forEach((one) => watched.observe(one)));

  // Python for the browser comes from a server alone; pages also lie in folders.
  addEventListener("DOMContentLoaded", () => {
    if (location.protocol !== "file:") return;
    for (const link of document.querySelectorAll('a[href*="/lite/"]')) {
      const buttons = link.closest(".dropdown-launch-buttons");
      link.closest("li").remove();
      if (!buttons.querySelector("li")) buttons.remove();
    }
  });

  const tag = (name, parent, text = "") => {
    const element = parent.appendChild(document.createElement(name));
    element.textContent = text;
    return element;
  };

  const setting = (explorer, state, link, number) => {
    explorer.show(state);
    const figure = document.createElement("figure");
    const drawing = figure.appendChild(explorer.svg.cloneNode(true));
    // Definitions of its own: what refers to one that is hidden is not drawn.
    const names = new RegExp(`(id="|#)(?=${explorer.dataset.name}-)`, "g");
    drawing.innerHTML = drawing.innerHTML.replace(names, `$1paper${number}-`);
    const caption = tag("figcaption", figure);
    if (link) tag("p", caption).append(...link.cloneNode(true).childNodes);
    const chosen = tag("dl", caption);
    chosen.className = "sm-readouts simple";
    explorer.names.forEach((name, i) => {
      const pair = tag("div", chosen);
      tag("dt", pair, explorer.inputs[i].labels[0].textContent);
      tag("dd", pair, explorer.spec[name].t[state[i]]);
    });
    caption.append(explorer.querySelector(".sm-panel .sm-readouts").cloneNode(true));
    return figure;
  };

  // Nothing moves on paper. There an explorer shows the first three settings that the page links
  // to, as far as its data are here, and before them the state that the reader has chosen.
  const lay = (explorer) => {
    const { state, names, spec } = explorer;
    const links = document.querySelectorAll(`a[href*="?"][href$="#${explorer.id}"]:not(.sm-link)`);
    const shown = explorer.data
      ? [...links].slice(0, 3).map((link) => [explorer.named(link.search), link])
      : [];
    const first = names.map((name) => spec[name].s);
    const known = [first, ...shown.map(([of]) => of)].some((of) => `${of}` === `${state}`);
    if (!shown.length || !known) shown.unshift([state]);
    const sheet = document.createElement("div");
    sheet.className = "sm-sheet";
    sheet.append(...shown.map(([of, link], number) => setting(explorer, of, link, number)));
    explorer.show(state);
    explorer.querySelector(".sm-title").after(sheet);
  };

  // Also of explorers that the reader has not come near, for which there is no time then.
  addEventListener("load", () => {
    const idle = window.requestIdleCallback ?? ((call) => setTimeout(call, 1000));
    for (const explorer of explorers()) idle(() => explorer.spec && explorer.load());
  });
  // Answers and hints are on paper; older browsers leave out what is closed.
  let closed = [];
  addEventListener("beforeprint", () => {
    explorers().forEach(lay);
    closed = [...document.querySelectorAll("details:not([open])")];
    closed.forEach((box) => (box.open = true));
  });
  addEventListener("afterprint", () => {
    document.querySelectorAll(".sm-sheet").forEach((sheet) => sheet.remove());
    closed.forEach((box) => (box.open = false));
  });
})();
