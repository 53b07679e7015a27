// A selection is copied with its equations as TeX, which they keep for this.
addEventListener("copy", (event) => {
  const selection = getSelection();
  if (selection.isCollapsed || event.target.closest?.("input, textarea, select")) return;
  const box = document.createElement("div");
  for (let i = 0; i < selection.rangeCount; i += 1) {
    const range = selection.getRangeAt(i).cloneRange();
    // An equation is copied as a whole, or not at all.
    const equation = (node) => (node.closest ? node : node.parentElement).closest("mjx-container");
    const first = equation(range.startContainer);
    const last = equation(range.endContainer);
    if (first) range.setStartBefore(first);
    if (last) range.setEndAfter(last);
    box.append(range.cloneContents());
  }
  const equations = box.querySelectorAll("mjx-container[data-tex]");
  if (!equations.length) return;
  for (const equation of equations) {
    let { tex } = equation.dataset;
    if (!equation.hasAttribute("display")) tex = `$${tex}$`;
    else {
      const number = equation.parentElement.querySelector(".eqno");
      if (number) tex += ` \\tag{${number.firstChild.textContent.replace(/[()]/g, "")}}`;
      number?.remove();
      tex = `$$${tex}$$`;
    }
    equation.replaceWith(tex);
  }
  // What is not to be read, and figures, which would come to life.
  box.querySelectorAll("script, style, .headerlink").forEach((part) => part.remove());
  box.querySelectorAll("sm-explorer").forEach((figure) => figure.replaceWith(...figure.childNodes));
  box.querySelectorAll("[href]").forEach((link) => link.setAttribute("href", link.href));
  event.clipboardData.setData("text/html", box.innerHTML);
  // Only what is laid out has lines.
  box.style.cssText = "position: fixed; top: 0; left: 0; width: 1px; height: 1px; overflow: hidden";
  document.body.append(box);
  event.clipboardData.setData("text/plain", box.innerText.replace(/\n{3,}/g, "\n\n"));
  box.remove();
  event.preventDefault();
});
