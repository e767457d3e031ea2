/** The entry of the single executable: it answers as the command that it is called, and carries the bundle of all of them. */

import { basename } from "node:path";
import { getAsset } from "node:sea";

import { VERSION } from "../base/product.ts";

import { runBundle } from "./code-cache.ts";

const ALIASES: readonly string[] = ["pex3", "pex-tools"];

const called = basename(process.argv0);
const name = ALIASES.includes(called) ? called : "pex";
const [, , first] = process.argv;
// As in `bin/`: what scripts and editors ask most often needs nothing else.
if (first === "--version" || first === "-V") process.stdout.write(`${VERSION}\n`);
else void runBundle({ path: process.execPath, source: getAsset("main.cjs", "utf8") }, name, process.argv.slice(2));
