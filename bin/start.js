/**
 * Loads the bundle, or says in one line why that is impossible.
 *
 * A CommonJS script, by the `package.json` beside it: `--version`, which scripts and editors ask most often, is answered
 * before Node has started its loader of modules.
 */
"use strict";

const OLDEST_NODE = [20, 19];

exports.start = function start(name) {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1])) {
    refuse(name, `Node.js ${OLDEST_NODE.join(".")} or newer is needed, this is ${process.versions.node}`);
  } else if (process.argv[2] === "--version" || process.argv[2] === "-V") {
    process.stdout.write(`${require("../package.json").version}\n`);
  } else {
    void load(name);
  }
};

async function load(name) {
  let bundle;
  try {
    if (require("node:module").enableCompileCache) {
      (await import("../dist/compile-cache.js")).enableCompileCache(process.argv.slice(2));
    }
    bundle = await import("../dist/main.js");
  } catch (error) {
    if (error.code !== "ERR_MODULE_NOT_FOUND") throw error;
    refuse(name, "the package is not built yet: run `npm ci`");
    return;
  }
  await bundle.main(name);
}

function refuse(name, reason) {
  process.stderr.write(`${name}: ${reason}\n`);
  process.exitCode = 1;
}
