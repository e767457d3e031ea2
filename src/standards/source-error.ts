/** What the parse errors of this folder share: the source, the faulty span, and the caret below it. */

import { PexError } from "../base/errors.ts";
import { caretFrame, escapeControl, type Span } from "../base/text.ts";

/** Where and why a text could not be parsed. */
export interface Fault {
  /** What was wrong, capital first, no final period. */
  readonly what: string;
  readonly source: string;
  readonly span: Span;
  readonly hint?: string | undefined;
}

/** A text that does not follow its grammar; the message ends with the text and a caret below the fault. */
export abstract class SourceError extends PexError {
  readonly what: string;
  readonly source: string;
  readonly span: Span;

  /** @param subject what the text should have been, such as `requirement`. */
  constructor(subject: string, fault: Fault) {
    const { what, hint } = fault;
    super(`Invalid ${subject}: ${what.charAt(0).toLowerCase()}${what.slice(1)}\n${frame(fault)}`, { hint });
    this.what = what;
    this.source = fault.source;
    this.span = fault.span;
  }
}

/** UTF-16 units of a source that are shown at most, and how many of them stand before the fault. */
const LONGEST_FRAME = 160;
const LEAD = 60;

/** UTF-16 units of a foreign text that a message quotes at most. */
const LONGEST_EXCERPT = 120;

/** A foreign text as a message may quote it: without control characters, and not without end. */
export function excerpt(text: string): string {
  return escapeControl(text.length > LONGEST_EXCERPT ? `${text.slice(0, LONGEST_EXCERPT)}…` : text);
}

/** The faulty place with what stands around it. */
function frame({ source, span }: Fault): string {
  if (source.length <= LONGEST_FRAME) return caretFrame(source, span);
  const start = Math.max(0, span.start - LEAD);
  const window = source.slice(start, start + LONGEST_FRAME);
  return caretFrame(window, { start: span.start - start, end: Math.min(span.end - start, window.length) });
}
