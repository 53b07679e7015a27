// Sets equations: reads a line of JSON each, [TeX, whether displayed], and answers with its HTML as
// JSON; null asks for the style sheet of all glyphs. Arguments: MathJax for Node.js, and where the
// style sheet finds the fonts.
const [, , mathjax, fontURL] = process.argv;
const lines = require("readline").createInterface({ input: process.stdin });

require(mathjax)
  .init({
    loader: { load: ["input/tex", "output/chtml", "a11y/assistive-mml"] },
    // An unknown command is an error here, not a word in red.
    tex: { packages: { "[-]": ["noundefined"] } },
    chtml: { adaptiveCSS: false, fontURL },
  })
  .then(async (MathJax) => {
    const { adaptor } = MathJax.startup;
    for await (const line of lines) {
      const asked = JSON.parse(line);
      const answer = asked
        ? adaptor.outerHTML(await MathJax.tex2chtmlPromise(asked[0], { display: asked[1] }))
        : adaptor.textContent(MathJax.chtmlStylesheet());
      process.stdout.write(JSON.stringify(answer) + "\n");
    }
  });
