// Put pages of the site into the one that is open, for a PDF of them all. See pdf.py.
async ({ parts, style, author }) => {
  const site = new URL("../", document.querySelector("link[rel=canonical]").href);
  const names = parts.flatMap(([, files]) => files);
  const bibliography = "book/bibliography";
  // A chapter by itself ends with the works that it cites.
  const cited = names.includes(bibliography) ? null : new Set();
  const prefix = (name) => name.replaceAll("/", "-");

  const make = (tag, parent, text = "", className = "") => {
    const element = parent.appendChild(document.createElement(tag));
    element.textContent = text;
    if (className) element.className = className;
    return element;
  };

  const fetched = async (name) => {
    const html = await (await fetch(new URL(`${name}.html`, site))).text();
    const article = new DOMParser().parseFromString(html, "text/html").querySelector("article.bd-article");
    article.id = prefix(name);
    article.dataset.page = name;
    article.dataset.title = article.querySelector("h1").firstChild.textContent.trim();
    // Names are made unique by the page; those of explorers are so already.
    for (const element of article.querySelectorAll("[id]")) {
      if (!element.closest(".sm")) element.id = `${article.id}--${element.id}`;
    }
    for (const link of article.querySelectorAll("a[href]")) {
      link.href = new URL(link.getAttribute("href"), new URL(`${name}.html`, site)).href;
    }
    return article;
  };

  // After all have been put into one document: links to what is printed lead there.
  const relink = (link) => {
    const to = new URL(link.href);
    const name = to.href.startsWith(site.href) && to.pathname.slice(site.pathname.length, -".html".length);
    // A state of an explorer can be had on the site alone.
    if (!shown.has(name) || to.search) return;
    const id = to.hash ? decodeURIComponent(to.hash.slice(1)) : "";
    const full = `${prefix(name)}--${id}`;
    const target = [full, id].find((one) => one && document.getElementById(one));
    link.setAttribute("href", `#${target ?? prefix(name)}`);
  };

  const paper = document.createElement("main");
  paper.className = "paper";
  const title = document.querySelector("meta[property='og:site_name']").content;
  const shown = new Map();
  const contents = document.createElement("nav");
  contents.className = "paper-contents";

  if (author) {
    const page = make("section", paper, "", "paper-cover");
    make("p", page, title, "paper-title");
    make("p", page, author, "paper-author");
    const about = make("p", page, "A figure with sliders stands here in three of its settings. It moves at ");
    make("a", about, site.href).href = site.href;
    about.append(", where the link of each setting leads.");
    page.append(document.querySelector(".extra_footer").cloneNode(true));
    paper.append(contents);
    make("h1", contents, "Contents");
  }
  let list = make("ul", contents);
  for (const [caption, files] of parts) {
    if (caption && author) {
      make("p", contents, caption);
      list = make("ul", contents);
      const part = make("section", paper, "", "paper-part");
      make("h1", part, caption);
    }
    for (const name of files) {
      const article = await fetched(name);
      shown.set(name, article);
      paper.append(article);
      const entry = make("li", list);
      make("a", entry, article.dataset.title).href = `#${article.id}`;
      make("span", entry);
    }
  }
  if (cited) {
    const works = new URL(`${bibliography}.html`, site).href;
    for (const link of paper.querySelectorAll(`a[href^="${works}#"]`)) cited.add(link.hash.slice(1));
    const article = await fetched(bibliography);
    for (const work of article.querySelectorAll(".citation")) {
      if (!cited.has(work.id.split("--")[1])) work.remove();
    }
    article.querySelector("h1").replaceWith(Object.assign(document.createElement("h2"), { textContent: "References" }));
    article.classList.add("paper-works");
    shown.set(bibliography, article);
    if (cited.size) paper.append(article);
  }

  document.documentElement.dataset.theme = "light";
  document.title = author ? title : `${[...shown.values()][0].dataset.title} (${title})`;
  document.body.replaceChildren(paper);
  document.querySelectorAll("a[href]").forEach((link) => link.href.includes("://") && relink(link));

  // A page's title stands at the head of its sheets.
  const heads = [...shown.values()].map(({ id, dataset }) =>
    `#${id} { page: ${id}; } @page ${id} { @top-right { content: ${JSON.stringify(dataset.title)}; } }`);
  make("style", document.head, style + (author ? heads.join("\n") : ""));

  await Promise.all([...document.querySelectorAll("sm-explorer")].map((explorer) => explorer.load()));
  await document.fonts.ready;
}
