/** Eight first starts of one file at the same moment, as when a service is rolled out. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { builtPex, firstBoot } from "../lib/boots.mjs";
import { compare, measure, takeTurns } from "../lib/measure.mjs";

const EIGHT = 8;

export async function bootTogether(context) {
  const rows = [];
  for (const set of context.bootSets.filter((name) => name in ROWS)) {
    const pex = await builtPex(context, { set, name: "pexjs", command: context.ours });
    rows.push(...(await ROWS[set](context, set, pex)));
  }
  return rows;
}

const ROWS = {
  async data(context, set, pex) {
    const sides = [firstBoot(context, { name: "eight", pex, copies: EIGHT }), firstBoot(context, { name: "one", pex })];
    const ratio = compare(await takeTurns(context, sides), ["eight", "one"]);
    return [{ bar: "eight first boots at once", set, peer: "one alone", ...ratio, must: 1.5, aim: 1.2 }];
  },

  async small(context, set, pex) {
    const env = context.environment();
    const zip = await emptyZip(context);
    const sides = [
      firstBoot(context, { name: "eight", pex, copies: EIGHT }),
      firstBoot(context, { name: "one", pex }),
      { name: "pythons", step: () => ({ command: [context.python, "-c", ""], env, copies: EIGHT }) },
      { name: "zip files", step: () => ({ command: [context.python, zip], env, copies: EIGHT }) },
    ];
    const samples = await takeTurns(context, sides);
    const row = (peer, side) => ({
      bar: "eight first boots at once",
      set,
      peer,
      ...compare(samples, ["eight", side]),
    });
    return [
      { ...row("eight bare Pythons at once", "pythons"), must: 1.3, aim: 1.1 },
      row("eight starts of an empty zip file at once", "zip files"),
      row("one alone", "one"),
    ];
  },
};

/** What `python x.pex` can cost at least. */
async function emptyZip(context) {
  const folder = join(context.work, "empty");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "__main__.py"), "");
  const zip = join(folder, "empty.pyz");
  const command = [context.python, "-m", "zipfile", "-c", zip, join(folder, "__main__.py")];
  await measure(context, { command, env: context.environment() });
  return zip;
}
