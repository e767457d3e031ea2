/** `${NAME}` in requirements files. */

import type { Span } from "../base/text.ts";

/** A line with its variables replaced, and the way back to what the user wrote. */
export interface Expansion {
  readonly text: string;
  /** Variables that are not set, with their place in the source. */
  readonly missing: readonly { readonly name: string; readonly span: Span }[];
  /** The place in the source of a place in `text`. */
  sourceSpan(span: Span): Span;
}

interface Replacement {
  /** In the source. */
  readonly span: Span;
  /** In the expanded text. */
  readonly start: number;
  readonly value: string;
}

/** Replaces every `${NAME}` of upper-case letters, digits and underscores once; values are not looked at again. */
export function expandVariables(source: string, env: Readonly<Record<string, string | undefined>>): Expansion {
  const missing: { readonly name: string; readonly span: Span }[] = [];
  const replacements: Replacement[] = [];
  let text = "";
  let copied = 0;
  for (const match of source.matchAll(/\$\{([A-Z0-9_]+)\}/g)) {
    const name = match[1] ?? "";
    const span = { start: match.index, end: match.index + match[0].length };
    const value = env[name];
    if (value === undefined) {
      missing.push({ name, span });
      continue;
    }
    text += source.slice(copied, span.start);
    replacements.push({ span, start: text.length, value });
    text += value;
    copied = span.end;
  }
  text += source.slice(copied);
  return {
    text,
    missing,
    sourceSpan: ({ start, end }) => ({
      start: sourceOffset(start, { replacements, side: "start" }),
      end: sourceOffset(end, { replacements, side: "end" }),
    }),
  };
}

function sourceOffset(
  offset: number,
  { replacements, side }: { readonly replacements: readonly Replacement[]; readonly side: "start" | "end" },
): number {
  let shift = 0;
  for (const { span, start, value } of replacements) {
    const end = start + value.length;
    if (offset < start || (offset === start && side === "end")) break;
    // Inside a value there is nothing to point at but the variable.
    if (offset < end || (offset === end && side === "end")) return side === "start" ? span.start : span.end;
    shift = span.end - end;
  }
  return offset + shift;
}
