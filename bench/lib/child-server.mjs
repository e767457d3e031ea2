/** Servers in processes of their own, so that they do not share a thread with what is measured. */
import { spawn } from "node:child_process";

/** Starts `node SCRIPT ARGS…`, whose first line of output is its URL. */
export async function startChildServer(script, args) {
  const child = spawn(process.execPath, [script, ...args], { stdio: ["pipe", "pipe", "inherit"] });
  const url = await new Promise((resolve, reject) => {
    child.stdout.once("data", (chunk) => resolve(String(chunk).trim()));
    child.once("exit", () => reject(new Error(`The server did not start: ${script}`)));
  });
  return { url, stop: () => child.kill() };
}

/** Listens, tells where, and ends with the parent. */
export function serveParent(server, path) {
  server.listen(0, "127.0.0.1", () => console.log(`http://127.0.0.1:${server.address().port}${path}`));
  process.stdin.on("end", () => process.exit()).resume();
}
