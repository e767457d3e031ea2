/** Metadata of many wheels from a server that is far away, caches empty: against four round trips to it. */
import { mkdirSync, mkdtempSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { bundleProgram } from "../lib/bundle.mjs";
import { startChildServer } from "../lib/child-server.mjs";
import { compare, takeTurns } from "../lib/measure.mjs";

/** Milliseconds of a round trip. */
const LATENCY = 20;
const FILES = 200;
const SERVER = join(dirname(fileURLToPath(import.meta.url)), "..", "lib", "distant-server.mjs");

/** One round trip for connecting, one for TLS, and one for each hundred requests. */
const PROGRAM = `
import { connect } from "node:net";
import { fileStreams } from "./src/archive/file-streams.ts";
import { currentHost } from "./src/base/host.ts";
import { cacheLayout } from "./src/cache/layout.ts";
import { WheelStore } from "./src/cache/wheel-store.ts";
import { ProjectIndex } from "./src/index/project-index.ts";
import { HttpClient } from "./src/net/http-client.ts";
import { networkSettings } from "./src/net/settings.ts";

const [what, port, directory] = process.argv.slice(2);
const start = performance.now();
await (what === "files" ? fetchFiles() : makeRoundTrips());
console.log(performance.now() - start);
process.exit();

async function fetchFiles() {
  // Without the environment there is no proxy between.
  const host = { ...currentHost(), env: {} };
  const client = new HttpClient(networkSettings({ cert: directory + "/../authority.pem" }, { host, pip: undefined }));
  const layout = cacheLayout(directory);
  const indexes = ["https://localhost:" + port + "/simple/"];
  const index = new ProjectIndex({
    indexes, findLinks: [], client, store: new WheelStore(layout, fileStreams), layout, host, listener: () => {}, jobs: 8,
  });
  const files = Array.from({ length: ${FILES} }, (_, number) => ({
    filename: "far" + number + "-1.0-py3-none-any.whl",
    url: "https://localhost:" + port + "/files/far" + number + "-1.0-py3-none-any.whl",
    hashes: { sha256: number.toString(16).padStart(64, "0") },
    requiresPython: undefined, yanked: undefined, size: undefined, metadata: true, uploadTime: undefined,
  }));
  await Promise.all(files.map((file) => index.metadata(file)));
}

async function makeRoundTrips() {
  const socket = connect({ port: Number(port), host: "127.0.0.1", noDelay: true });
  for (let trip = 0; trip < 3; trip++) {
    socket.write("x");
    await new Promise((resolve) => socket.once("data", resolve));
  }
}
`;

export async function metadataFromAfar(context) {
  const folder = join(context.work, "distant");
  mkdirSync(folder);
  const [program, script] = ["program.mjs", "server.mjs"].map((name) => join(folder, name));
  await bundleProgram({ contents: PROGRAM, outfile: program });
  await bundleProgram({ entry: SERVER, outfile: script });
  const server = await startChildServer(script, [folder, String(LATENCY)]);
  const [web, echo] = server.url.split(" ");
  const side = (name, what, port) => ({
    name,
    step: () => ({
      command: [process.execPath, program, what, port, mkdtempSync(join(folder, "cache-"))],
      env: context.environment(),
    }),
    // The start of the process is no part of it.
    check: (sample) => Object.assign(sample, { seconds: Number(sample.stdout) / 1000 }),
  });
  try {
    const sides = [side("files", "files", web), side("trips", "trips", echo)];
    const samples = await takeTurns(context, sides, { warmups: 2 });
    const ratio = compare(samples, ["files", "trips"]);
    return [
      {
        bar: `${FILES} metadata files, ${LATENCY} ms away`,
        peer: "four round trips",
        ...ratio,
        cpuRatio: undefined,
        must: 1.5,
        aim: 1.25,
      },
    ];
  } finally {
    server.stop();
  }
}
