/** Start of the tool itself. */
import { compare, takeTurns } from "../lib/measure.mjs";

export async function start(context) {
  const env = context.environment();
  const sides = [
    { name: "pexjs", step: () => ({ command: [...context.ours, "--version"], env }) },
    { name: "node", step: () => ({ command: [process.execPath, "-e", "0"], env }) },
  ];
  const samples = await takeTurns(context, sides, { runs: Math.max(context.runs, 21), warmups: 3 });
  return [{ bar: "`pex --version`", peer: "node -e 0", ...compare(samples, ["pexjs", "node"]), must: 1.5, aim: 1.2 }];
}
