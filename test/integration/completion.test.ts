/** What a Tab offers, asked of the shells themselves. */
import { spawnSync } from "node:child_process";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { Workspace } from "../support/workspace.ts";

let user: Workspace;
beforeAll(() => {
  user = new Workspace();
});
afterAll(() => user.remove());

/** For each shell: a program that prints, one on each line, what is offered for the words behind it. */
const ASK: Readonly<Record<string, string>> = {
  bash: `source ./script; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _pexjs "$1"; printf '%s\\n' "\${COMPREPLY[@]}"`,
  // Outside of its line editor zsh completes nothing: what would be handed to it is printed.
  zsh: `
compdef() { }
compset() { words[CURRENT]=\${words[CURRENT]#*=} }
_files() { print -l files }
compadd() { shift; print -l -- "$@" }
_describe() { [[ $1 == -o ]] && shift; print -l -- \${\${(P)2}%%:*} }
source ./script; words=("$@"); CURRENT=$#; _pexjs`,
  fish: `source ./script; complete -C "$argv" | string replace -r '\\t.*' ''`,
};

function argumentsFor(shell: string, words: readonly string[]): readonly string[] {
  const ask = ["-c", ASK[shell] ?? ""];
  if (shell === "fish") return [...ask, words.join(" ")];
  if (shell === "zsh") return ["-f", ...ask, "zsh", ...words];
  return [...ask, "bash", ...words.flatMap((word) => word.split(/(?<==)|(?==)/))];
}

const isInstalled = (shell: string): boolean => spawnSync(shell, ["-c", "exit 0"]).status === 0;

describe.each(Object.keys(ASK))("%s", (shell) => {
  beforeAll(async () => {
    user.write("script", (await user.pex(["completion", shell])).stdout);
  });

  /** The offers that begin with what is typed; some shells leave that choice to their line editor. */
  async function offers(...words: readonly string[]): Promise<string[]> {
    const { stdout, stderr } = await user.run(shell, [...argumentsFor(shell, words)]);
    expect(stderr).toBe("");
    const typed = words.at(-1)?.replace(/^--.*=/, "") ?? "";
    const offered = stdout.split("\n").map((line) => line.replace(/^--.*=/, ""));
    return offered.filter((line) => line !== "" && line !== "files" && line.startsWith(typed)).toSorted();
  }

  test.runIf(isInstalled(shell))("offers options, values, subcommands, and else the names of files", async () => {
    expect(await offers("pex", "--layo")).toEqual(["--layout"]);
    expect(await offers("pex", "flask", "--bdist-d")).toEqual(["--bdist-dir"]);
    expect(await offers("pex", "--layout", "")).toEqual(["loose", "packed", "zipapp"]);
    expect(await offers("pex", "--layout=p")).toEqual(["packed"]);
    expect(await offers("/some/where/pex3", "")).toEqual(await offers("pex3", ""));
    expect(await offers("pex3", "cache", "")).toEqual(["dir", "info", "prune", "purge"]);
    expect(await offers("pex3", "cache", "prune", "--older")).toEqual(["--older-than"]);
    expect(await offers("pex-tools", "app.pex", "repository", "")).toEqual(["extract", "info"]);
    expect(await offers("pex", "-o", "no-such-f")).toEqual([]);
    expect(await offers("pex", "flask", "--", "--layo")).toEqual([]);
  });
});

test("the script is all of stdout", async () => {
  const { status, stdout, stderr } = await user.pex(["completion", "bash"]);
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  expect(stdout).toMatch(/^# Completion of pex, pex3, pex-tools for bash, made by `pex completion bash`\.\n/);
});

test("other words are requirements, as they are for upstream", async () => {
  const { stderr } = await user.pex(["--no-index", "completion", "bash", "-o", "x.pex"]);
  expect(stderr).toMatch(/completion/);
  expect((await user.pex(["--no-index", "completion"])).stdout).toBe("");
});
