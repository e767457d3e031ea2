/**
 * Loads the bundle, or says in one line why that is impossible.
 *
 * A CommonJS script, by the `package.json` beside it: `--version`, which scripts and editors ask most often, is answered
 * before anything else is read. A Node.js of any age must get as far as the line that refuses it.
 */
"use strict";

const OLDEST_NODE = [20, 19];

exports.start = function start(name) {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1])) {
    const needed = `Node.js ${OLDEST_NODE.join(".")} or newer is needed, this is ${process.versions.node}`;
    refuse(name, `${needed}: install a newer one, or \`pip install 'pexjs[node]'\``);
  } else if (process.argv[2] === "--version" || process.argv[2] === "-V") {
    process.stdout.write(`${require("../package.json").version}\n`);
  } else {
    load(name);
  }
};

function load(name) {
  const path = require("node:path");
  let loader;
  try {
    loader = require("../dist/code-cache.cjs");
  } catch (error) {
    if (error.code !== "MODULE_NOT_FOUND") throw error;
    refuse(name, "the package is not built yet: run `npm ci`");
    return;
  }
  void loader.runBundle({ path: path.join(__dirname, "..", "dist", "main.cjs") }, name, process.argv.slice(2));
}

function refuse(name, reason) {
  process.stderr.write(`${name}: ${reason}\n`);
  process.exitCode = 1;
}
