// Each edition keeps what a reader changes in a store of its own, so that she reads the chapters as
// they are published. Here she gets what her browser keeps from earlier editions.
(() => {
  const { store } = document.currentScript.dataset;
  const base = new URL("..", location).pathname;
  const family = store.replace(/\w+$/, "");
  const first = `JupyterLite Storage - ${base}`;
  const earlier = (name) => name === first || (name.startsWith(family) && name !== store);

  const done = (request) =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  const opened = async (name) => {
    const database = await done(indexedDB.open(name));
    database.onversionchange = () => database.close();
    return database.objectStoreNames.contains("files") ? [database] : [];
  };
  const files = (database, mode) => database.transaction("files", mode).objectStore("files");

  const tag = (name, parent, properties) =>
    parent.appendChild(Object.assign(document.createElement(name), properties));

  const offer = (kept, forget) => {
    const box = tag("details", document.body, { id: "earlier" });
    box.style.cssText = `position: fixed; right: 12px; bottom: 12px; z-index: 1000;
      max-width: 24rem; padding: 8px 12px; border: 1px solid; font: 14px/1.4 system-ui, sans-serif;
      background: var(--jp-layout-color1, Canvas); color: var(--jp-ui-font-color1, CanvasText)`;
    tag("summary", box, { textContent: "You have notebooks of an earlier edition of the book" });
    const text = "This is the chapter as now published. To go on with a copy, download it and ";
    const lab = { href: `${base}lab/index.html`, textContent: "upload it" };
    tag("a", tag("p", box, { textContent: text }), lab);
    const list = tag("ul", box, {});
    for (const { path, name, content, last_modified } of kept) {
      const body = typeof content === "string" ? content : JSON.stringify(content, null, 1);
      const date = new Date(last_modified).toLocaleString();
      const href = URL.createObjectURL(new Blob([body]));
      tag("a", tag("li", list, {}), { href, download: name, textContent: `${path}, ${date}` });
    }
    const button = tag("button", box, { textContent: "Forget them" });
    button.onclick = () => forget().then(() => box.remove());
  };

  addEventListener("load", async () => {
    const names = ((await indexedDB.databases?.()) ?? []).map(({ name }) => name).filter(earlier);
    const databases = (await Promise.all(names.map(opened))).flat();
    const found = await Promise.all(databases.map((one) => done(files(one, "readonly").getAll())));
    const kept = found.flat().filter(({ type }) => type !== "directory");
    const forget = () => Promise.all(databases.map((one) => done(files(one, "readwrite").clear())));
    if (kept.length) offer(kept, forget);
  });
})();
