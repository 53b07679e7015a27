// Runs in every measured page before its own scripts. PROBE says how one page is driven:
// ready(), figure() -> nodes to watch, move(control, value), signature() -> what is drawn.
(() => {
  const deep = (selector, root = document) =>
    [...root.querySelectorAll("*")].flatMap((element) => [
      ...(element.matches(selector) ? [element] : []),
      ...(element.shadowRoot ? deep(selector, element.shadowRoot) : []),
    ]);
  const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
  const set = (input, value) => {
    if (input.tagName === "SELECT") input.selectedIndex = value;
    else input.value = +input.min + value * (+input.step || 1);
    for (const kind of ["input", "change"]) input.dispatchEvent(new Event(kind, { bubbles: true }));
  };
  const canvases = () => deep("canvas").map((canvas) => canvas.toDataURL()).join();
  const probe = PROBE;

  // The end of a frame: a message posted in an animation callback arrives after the painting.
  const afterPaint = (then) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = then;
    port2.postMessage(0);
  };
  const nextFrame = window.requestAnimationFrame.bind(window);
  let inFrame = false;
  const enterFrame = () => {
    if (inFrame) return;
    inFrame = true;
    afterPaint(() => (inFrame = false));
  };
  // Libraries draw in animation callbacks: what they draw there is painted in that same frame.
  window.requestAnimationFrame = (callback) =>
    nextFrame((time) => {
      enterFrame();
      callback(time);
    });

  let watching = false;
  let waiting = false;
  let touched = 0;
  let painted = 0;
  const note = () => {
    waiting = false;
    painted = performance.now();
  };
  const touch = () => {
    if (!watching) return;
    touched = performance.now();
    if (waiting) return;
    waiting = true;
    if (inFrame) afterPaint(note);
    else
      nextFrame(() => {
        enterFrame();
        afterPaint(note);
      });
  };
  for (const method of ["stroke", "fill", "fillRect", "clearRect", "drawImage", "fillText"]) {
    const original = CanvasRenderingContext2D.prototype[method];
    CanvasRenderingContext2D.prototype[method] = function (...args) {
      touch();
      return original.apply(this, args);
    };
  }
  const observer = new MutationObserver(touch);

  const bench = (window.bench = {
    began: 0,
    before: "",
    shift: 0,
    resized: new Set(),

    watch(nodes) {
      watching = true;
      for (const node of nodes) {
        observer.observe(node, { subtree: true, childList: true, attributes: true, characterData: true });
        node.addEventListener("load", touch, true);
      }
    },

    arm() {
      bench.before = probe.signature();
      painted = touched = 0;
    },

    // Painting time of the last change, once the figure differs and then rests.
    async settled(quiet, limit = 30000) {
      const end = performance.now() + limit;
      while (performance.now() < end) {
        await sleep(quiet / 4);
        const rests = painted && !waiting && painted >= touched && performance.now() - touched > quiet;
        if (rests && probe.signature() !== bench.before) return painted;
      }
      throw new Error("the figure did not answer");
    },

    async move(control, value, quiet) {
      bench.arm();
      const began = performance.now();
      probe.move(control, value);
      return (await bench.settled(quiet)) - began;
    },

    async moves(list, quiet) {
      const times = [];
      for (const [control, value] of list) {
        times.push(await bench.move(control, value, quiet));
        // Not in step with the display.
        await sleep(Math.random() * 17);
      }
      return times;
    },

    // Milliseconds from navigation to the first answered move, painted.
    async first(control, value, quiet) {
      while (!probe.ready()) {
        if (performance.now() > 180000) throw new Error("the page did not get ready");
        await sleep(4);
      }
      bench.watch(probe.figure());
      bench.arm();
      probe.move(control, value);
      return bench.settled(quiet, 120000);
    },
  });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) bench.shift += entry.value;
  }).observe({ type: "layout-shift", buffered: true });
  const heights = new Map();
  const watched = new Set();
  const sizes = new ResizeObserver((list) => {
    for (const { target, contentRect } of list) {
      const known = heights.get(target) ?? contentRect.height;
      if (Math.abs(known - contentRect.height) > 0.5) bench.resized.add(target);
      heights.set(target, known);
    }
  });
  // From when the parser has read one to its end, which is before it starts.
  new MutationObserver((_, observer) => {
    for (const explorer of document.querySelectorAll("sm-explorer:has(.sm-end)"))
      if (!watched.has(explorer)) {
        watched.add(explorer);
        sizes.observe(explorer);
      }
    if (document.readyState === "complete") observer.disconnect();
  }).observe(document, { childList: true, subtree: true });
  if (probe.auto) {
    bench.answered = bench.first(0, 1, 250);
    // It is awaited later; until then a failure must not count as an error of the page.
    bench.answered.catch(() => {});
  }
})();
