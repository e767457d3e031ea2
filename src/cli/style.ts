/** Colour, where it is wanted. */

import { styleText } from "node:util";

import type { Output } from "./session.ts";

/** Ways to make text stand out; the meaning never hangs on them. */
export interface Style {
  error(text: string): string;
  warning(text: string): string;
  hint(text: string): string;
  faint(text: string): string;
}

type Format = Parameters<typeof styleText>[0];

/** The style for a stream; plain unless it is a capable terminal or `FORCE_COLOR` is set. */
export function styleFor(output: Output, env: Readonly<Record<string, string | undefined>>): Style {
  const paint = wantsColour(output, env)
    ? (format: Format) => (text: string) => styleText(format, text, { validateStream: false })
    : () => (text: string) => text;
  return {
    error: paint(["bold", "red"]),
    warning: paint(["bold", "yellow"]),
    hint: paint(["bold", "cyan"]),
    faint: paint("dim"),
  };
}

/** `FORCE_COLOR` beats `NO_COLOR`, as in Node itself. */
export function wantsColour(output: Output, env: Readonly<Record<string, string | undefined>>): boolean {
  const force = env["FORCE_COLOR"];
  if (force !== undefined) return force !== "0" && force !== "false";
  if (env["NO_COLOR"]) return false;
  return output.isTTY === true && env["TERM"] !== "dumb";
}
