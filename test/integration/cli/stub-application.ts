/** Stands in for the application layer in a bundle of the command line: the first requirement is a program for Node, or for the shebang. */

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import type { Application } from "../../../src/cli/session.ts";

/** Waits for the abortion, with a half-written file on disk, when the first requirement is `wait`. */
export const buildPex: Application["buildPex"] = async (request, { host, signal }) => {
  const file = join(host.cwd, "half-written");
  writeFileSync(file, "half");
  process.stderr.write("building\n");
  const busy = setInterval(() => {}, 1000);
  try {
    await new Promise((_resolve, reject) => {
      signal.addEventListener("abort", () => reject(new Error("some error of the work")));
    });
  } finally {
    clearInterval(busy);
    rmSync(file);
  }
  return { path: request.outputFile, sha256: undefined, size: undefined, targets: [], distributions: [] };
};

export const prepareEphemeral: Application["prepareEphemeral"] = async (request, args, { host }) => {
  const directory = mkdtempSync(join(host.cwd, "run-"));
  const [program = ""] = request.requirements ?? [];
  const command = request.pythonShebang ?? process.execPath;
  return {
    command,
    args: command === process.execPath ? ["-e", program, "--", ...args] : ["-c", program, ...args],
    env: host.env,
    cleanup: () => rmSync(directory, { recursive: true }),
  };
};

export const prepareTools: Application["prepareTools"] = async (path, args, { host }) => ({
  command: process.execPath,
  args: [path, ...args],
  env: host.env,
});

export const inspectInterpreters: Application["inspectInterpreters"] = async () => [];

export const pruneCache: Application["pruneCache"] = async () => [];

export const listTargets: Application["listTargets"] = () => [];
