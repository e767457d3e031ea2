/** Loads the bundle; says in one line what to do when that is impossible. */

const OLDEST_NODE = [20, 19];

export async function start(name) {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1])) {
    return refuse(name, `Node.js ${OLDEST_NODE.join(".")} or newer is needed, this is ${process.versions.node}`);
  }
  let bundle;
  try {
    bundle = await import("../dist/main.js");
  } catch (error) {
    if (error?.code !== "ERR_MODULE_NOT_FOUND") throw error;
    return refuse(name, "the package is not built yet: run `npm ci`");
  }
  await bundle.main(name);
}

function refuse(name, reason) {
  process.stderr.write(`${name}: ${reason}\n`);
  process.exitCode = 1;
}
