/** What the parse errors of this folder share: the source, the faulty span, and the caret below it. */

import { PexError } from "../base/errors.ts";
import { caretFrame, type Span } from "../base/text.ts";

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

  constructor(fault: Fault) {
    super(`${fault.what}\n${caretFrame(fault.source, fault.span)}`, { hint: fault.hint });
    this.what = fault.what;
    this.source = fault.source;
    this.span = fault.span;
  }
}
