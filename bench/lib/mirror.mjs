/** A copy of what resolving the sets needs of the default index, on this machine: pages with ETags and PEP 658 metadata. */
import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { defaultIndex } from "../../scripts/default-index.mjs";
import { bundleProgram } from "./bundle.mjs";
import { startChildServer } from "./child-server.mjs";

/** Starts the server; `url` is its simple API. What is asked for the first time is fetched, and kept between runs. */
export async function startMirror({ peersHome, house, work, defaultIndex: chosen }) {
  const store = join(peersHome, "mirror");
  for (const name of ["pages", "files"]) mkdirSync(join(store, name), { recursive: true });
  const script = join(work, "mirror-server.mjs");
  await bundleProgram({ entry: join(dirname(fileURLToPath(import.meta.url)), "mirror-server.mjs"), outfile: script });
  return startChildServer(script, [house, store, join(work, "mirror"), chosen ?? defaultIndex()]);
}
