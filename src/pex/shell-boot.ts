/** The head of a PEX that is started by `/bin/sh` instead of by one certain Python: the template with facts put in. */

import { UsageError } from "../base/errors.ts";
import { sha256 } from "../base/digest.ts";
import { escapeControl } from "../base/text.ts";

import type { PexLayout } from "./main-module.ts";
import type { PexInfo } from "./pex-info.ts";
import { shellLiteral } from "./shell-literal.ts";

/** Which Python a shell starts a PEX with. */
export interface ShellBoot {
  /** The path of a Python that goes before all others; from `--python-shebang`. */
  readonly python: string | undefined;
  /** Options of that first line, for Python. */
  readonly options: readonly string[];
  /** Names to look for on `PATH`, in this order. */
  readonly names: readonly string[];
}

/**
 * What the text of `--python-shebang` means where the first line is `#!/bin/sh`.
 *
 * @param line With or without `#!`: the path of a Python, or `env` and a name, and options for Python.
 * @throws UsageError when it says more than that.
 */
export function parsePythonShebang(line: string): Pick<ShellBoot, "python" | "options"> & { readonly name?: string } {
  const words = line
    .replace(/^#!/, "")
    .split(/\s+/)
    .filter((word) => word !== "");
  const isEnv = words[0]?.split("/").at(-1) === "env";
  if (isEnv) words.splice(0, words[1] === "-S" || words[1] === "--split-string" ? 2 : 1);
  const [program, ...options] = words;
  const isRelative = program?.includes("/") && !program.startsWith("/");
  if (program === undefined || isRelative || /^-|=|["'\\$:]/.test(program)) {
    throw new UsageError(`With --sh-boot this is no use as --python-shebang: ${escapeControl(line)}`, {
      hint: "give the path of a Python, or `/usr/bin/env NAME`, and its options; or leave out --sh-boot",
    });
  }
  return program.includes("/") ? { python: program, options } : { python: undefined, options, name: program };
}

/** The head that stands before a zip archive. */
export function renderShellHead(template: string, parts: ShellHeadParts): string {
  const { shell, info, layout, key } = parts;
  const values: Readonly<Record<string, string>> = {
    key,
    layout,
    venv: mayEnter(parts) ? "1" : "",
    isolated: info.venvHermeticScripts ? "1" : "",
    sealed_root: info.pexRoot ?? "",
    sealed_python: shell.python ?? "",
    names: shell.names.join(":"),
    stage: info.injectPythonArgs.length > 0 ? "arguments" : "",
  };
  let text = template;
  for (const [name, value] of Object.entries(values)) {
    text = replaceOnce(text, `_pex_${name}=''\n`, `_pex_${name}=${shellLiteral(value)}\n`);
  }
  const options = [...shell.options, ...info.injectPythonArgs].map((option) => `${shellLiteral(option)} `).join("");
  return replaceOnce(text, `exec "$_pex_program" "$@"`, `exec "$_pex_program" ${options}"$@"`);
}

export interface ShellHeadParts {
  readonly shell: ShellBoot;
  readonly info: PexInfo;
  readonly layout: PexLayout;
  /** Names what this PEX keeps for its shell; see `shellKey`. */
  readonly key: string;
  /** Code that is to run before all else. */
  readonly preamble?: string | undefined;
}

/**
 * Whether a shell may start the environment of a PEX with `--venv` itself. It cannot tell an environment that is made of
 * other files too from an older one, cannot run a preamble, and does not take `-S` out of the options, with which there
 * are no environments.
 */
function mayEnter({ info, preamble, shell }: ShellHeadParts): boolean {
  const options = [...shell.options, ...info.injectPythonArgs];
  return info.venv && info.pexPaths.length === 0 && !preamble && !options.some((option) => /^-\w*S/.test(option));
}

/** The identity of a head and the `__main__.py` behind it: different files never share what a shell finds. */
export function shellKey(head: string, main: string): string {
  return sha256(`${head}\0${main}`).slice(0, 32);
}

/**
 * A text that is a shell script and a Python program: Python sees the script as a string that nobody uses.
 *
 * @param head A script that never comes to its end.
 */
export function polyglot(head: string, main: string): string {
  const script = head.replace(/^#!.*\n/, "");
  return `#!/bin/sh\n# coding: utf-8\n'''':\n${script}'''\n${main}`;
}

function replaceOnce(text: string, from: string, to: string): string {
  const pieces = text.split(from);
  if (pieces.length !== 2)
    throw new Error(`The shell template has ${pieces.length - 1} times \`${from}\` instead of once`);
  return pieces.join(to);
}
