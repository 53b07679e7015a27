// Run notebooks under Node with the Python that the site carries: node execute.mjs PYODIDE NOTEBOOK...
// Prints a line of JSON for each: name, seconds, the first error or null.
import { readFileSync } from "node:fs";
import { basename, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [folder, ...notebooks] = process.argv.slice(2).map((path) => resolve(path));
const { loadPyodide } = await import(pathToFileURL(`${folder}/pyodide.mjs`));
const python = await loadPyodide({ indexURL: `${folder}/`, stdout: () => {}, stderr: () => {} });
const quiet = { messageCallback: () => {} };
await python.loadPackage(["ipython", "matplotlib", "ipywidgets", "smlib"], quiet);
python.runPython(`
import sys, traceback
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
def run(code):
    result = shell.run_cell(code)
    error = result.error_before_exec or result.error_in_exec
    return "".join(traceback.format_exception(error)[-4:]) if error else None
`);
const run = python.globals.get("run");

for (const path of notebooks) {
  const { cells } = JSON.parse(readFileSync(path, "utf8"));
  const started = performance.now();
  python.runPython("shell.reset(new_session=True)");
  let error = null;
  for (const cell of cells) {
    if (error || cell.cell_type !== "code") continue;
    const code = [cell.source].flat().join("");
    await python.loadPackagesFromImports(code, quiet);
    error = run(code) ?? null;
    if (error) error = `${code}\n${error}`;
  }
  const seconds = Math.round((performance.now() - started) / 100) / 10;
  console.log(JSON.stringify({ name: basename(path, ".ipynb"), seconds, error }));
}
