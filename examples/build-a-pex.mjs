/**
 * Builds a PEX from Node and reports what went in.
 *
 *     node examples/build-a-pex.mjs cowsay -c cowsay cow.pex
 */
import { parseArgs } from "node:util";

import { build, PexError } from "pexjs";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { script: { type: "string", short: "c" } },
});
const outputFile = positionals.pop();
const stop = new AbortController();
process.once("SIGINT", () => stop.abort());

try {
  const result = await build(
    { requirements: positionals, outputFile, ...(values.script && { script: values.script }) },
    {
      signal: stop.signal,
      onEvent: (event) => event.kind === "warning" && console.error(`warning: ${event.text}`),
    },
  );
  console.log(`${result.path}: ${result.size} bytes, sha256 ${result.sha256}`);
  for (const each of result.distributions) console.log(`  ${each.project} ${each.version} (${each.file})`);
} catch (error) {
  if (!(error instanceof PexError)) throw error;
  console.error(`${error.code}: ${error.message}`);
  if (error.hint) console.error(`hint: ${error.hint}`);
  process.exitCode = 1;
}
