// Sets equations: reads a JSON list of [TeX, whether displayed], writes their HTML and the style
// sheet of all glyphs. Arguments: MathJax for Node.js, and where the style sheet finds the fonts.
const [, , mathjax, fontURL] = process.argv;

require(mathjax)
  .init({
    loader: { load: ["input/tex", "output/chtml", "a11y/assistive-mml"] },
    // An unknown command is an error here, not a word in red.
    tex: { packages: { "[-]": ["noundefined"] } },
    chtml: { adaptiveCSS: false, fontURL },
  })
  .then(async (MathJax) => {
    const { adaptor } = MathJax.startup;
    const html = [];
    for (const [tex, display] of JSON.parse(require("fs").readFileSync(0, "utf8")))
      html.push(adaptor.outerHTML(await MathJax.tex2chtmlPromise(tex, { display })));
    process.stdout.write(JSON.stringify({ html, css: adaptor.textContent(MathJax.chtmlStylesheet()) }));
  });
