/**
 * How a failure is shown:
 *
 * ```text
 * error: Cannot read requirements.txt: no such file or directory [FILE]
 *   caused by: …
 * hint: …
 * ```
 */

import { messageOf, PexError, systemCode } from "../base/errors.ts";
import { escapeControl } from "../base/text.ts";

import { type Style } from "./style.ts";

/** The code of anything that is not one of our own errors. */
const BUG = "BUG";
const BUG_HINT =
  "This is a bug in pexjs. Run the same command with PEX_VERBOSE=3 and report what it prints, together with the command.";
/** At this level, and above, a bug shows its stack. */
const STACK_LEVEL = 3;

export interface ErrorFormat {
  readonly style: Style;
  /** The value of `PEX_VERBOSE`. */
  readonly verbosity: number;
}

/** The failure as lines for a person, with a final newline. */
export function renderError(error: unknown, { style, verbosity }: ErrorFormat): string {
  const { code, message, hint, causes } = describeError(error);
  const [headline = "", ...more] = escapeControl(message).split("\n");
  const lines = [`${style.error("error:")} ${headline} ${style.faint(`[${code}]`)}`, ...more];
  for (const cause of causes) lines.push(`  ${style.faint("caused by:")} ${indented(cause)}`);
  if (code === BUG && verbosity >= STACK_LEVEL) lines.push(escapeControl(stackOf(error)));
  if (hint !== undefined) lines.push(`${style.hint("hint:")} ${indented(hint)}`);
  return `${lines.join("\n")}\n`;
}

/** The failure as the one JSON document on stdout that `--json` promises, with a final newline. */
export function errorJson(error: unknown): string {
  const { code, message, hint, causes } = describeError(error);
  const facts = error instanceof PexError ? error.facts : undefined;
  return `${JSON.stringify({ error: { code, message, hint: hint ?? null, causes, ...facts } })}\n`;
}

interface Description {
  readonly code: string;
  readonly message: string;
  readonly hint: string | undefined;
  /** Messages, the nearest first. */
  readonly causes: readonly string[];
}

function describeError(error: unknown): Description {
  if (!(error instanceof PexError)) {
    const name = error instanceof Error ? `${error.name}: ` : "";
    return {
      code: BUG,
      message: `Unexpected failure: ${name}${messageOf(error)}`,
      hint: BUG_HINT,
      causes: causesOf(error),
    };
  }
  return { code: error.code, message: error.message, hint: hintOf(error), causes: causesOf(error) };
}

/** The nearest hint down the chain: what failed below may know better what to do. */
function hintOf(error: PexError): string | undefined {
  for (const each of chain(error)) if (each instanceof PexError && each.hint !== undefined) return sentence(each.hint);
  return undefined;
}

function sentence(hint: string): string {
  const text = hint.trim();
  const capital = /^[a-z]+ /.test(text) ? text.charAt(0).toUpperCase() + text.slice(1) : text;
  return /[.!?:`]$/.test(capital) || capital.includes("\n") ? capital : `${capital}.`;
}

function causesOf(error: unknown): string[] {
  const messages: string[] = [];
  let above = messageOf(error);
  for (const cause of chain(error).slice(1)) {
    const message = messageOf(cause);
    // "Cannot read x: no such file" says already what ENOENT would say again.
    const isSaid = above.includes(message) || (!(cause instanceof PexError) && systemCode(cause) !== undefined);
    if (message !== "" && !isSaid) messages.push(message);
    above = message;
  }
  return messages;
}

const LONGEST_CHAIN = 10;

/** The error and what caused it, each error of an aggregate included. */
function chain(error: unknown): unknown[] {
  const errors: unknown[] = [];
  const waiting = [error];
  while (waiting.length > 0 && errors.length < LONGEST_CHAIN) {
    const next = waiting.shift();
    if (errors.includes(next)) continue;
    errors.push(next);
    if (next instanceof AggregateError) waiting.push(...next.errors);
    if (next instanceof Error && next.cause !== undefined) waiting.push(next.cause);
  }
  return errors;
}

function indented(text: string): string {
  return escapeControl(text).replaceAll("\n", "\n    ");
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? "") : "";
}
