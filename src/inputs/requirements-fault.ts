/** What can be wrong in requirements and constraints files, collected so that one run reports all of it. */

import { PexError } from "../base/errors.ts";
import { caretFrame, plural } from "../base/text.ts";
import type { Span } from "../base/text.ts";

/** Where a line stands. */
export interface Origin {
  /** Path or URL as the user knows it, without credentials. */
  readonly file: string;
  /** 1-based; the first one of continued lines. */
  readonly line: number;
}

/** One thing that is wrong in one place. */
export interface RequirementsFault {
  readonly origin: Origin;
  /** One sentence without a period. */
  readonly message: string;
  /** The logical line before variables were replaced. */
  readonly source: string;
  readonly span: Span;
  readonly hint?: string | undefined;
}

/** Requirements or constraints files that cannot be used as they are. */
export class RequirementsFileError extends PexError {
  readonly code = "REQUIREMENTS_FILE";
  readonly faults: readonly RequirementsFault[];

  constructor(
    message: string,
    details: { readonly faults: readonly RequirementsFault[]; readonly hint?: string | undefined },
  ) {
    super(message, { hint: details.hint });
    this.faults = details.faults;
  }
}

/** Ends the reading when something is wrong. @throws RequirementsFileError */
export function throwFaults(faults: readonly RequirementsFault[]): void {
  if (faults.length > 0) throw new RequirementsFileError(report(faults), { faults, hint: commonHint(faults) });
}

/** `requirements.txt, line 3`. */
export function formatOrigin(origin: Origin): string {
  return `${origin.file}, line ${origin.line}`;
}

/** More are probably one mistake, such as a file that is something else. */
const SHOWN_FAULTS = 10;

function report(faults: readonly RequirementsFault[]): string {
  const parts = faults
    .slice(0, SHOWN_FAULTS)
    .map((fault) => `${formatOrigin(fault.origin)}: ${fault.message}\n${frame(fault)}`);
  if (parts.length === 1) return parts.join("");
  const rest = faults.length - parts.length;
  if (rest > 0) parts.push(`… and ${plural(rest, "problem")} more`);
  return [`${plural(faults.length, "problem")} in requirements files:`, ...parts].join("\n");
}

function commonHint(faults: readonly RequirementsFault[]): string | undefined {
  const hints = new Set(faults.map((fault) => fault.hint));
  return hints.size === 1 ? faults[0]?.hint : undefined;
}

const FRAME_WIDTH = 100;

function frame(fault: RequirementsFault): string {
  const source = hideCredentials(fault.source);
  const start = fault.span.start > FRAME_WIDTH / 2 ? fault.span.start - FRAME_WIDTH / 4 : 0;
  const cut = source.slice(start, start + FRAME_WIDTH);
  const before = start > 0 ? "…" : "";
  const after = start + FRAME_WIDTH < source.length ? "…" : "";
  const shift = before.length - start;
  return caretFrame(before + cut + after, { start: fault.span.start + shift, end: fault.span.end + shift });
}

/** Stars in place of the user part of URLs, one for each character, so that carets stay where they belong. */
function hideCredentials(text: string): string {
  return text.replace(/(?<=:\/\/)[^\s/@]*(?:@[^\s/@]*)*(?=@)/g, (secret) => "*".repeat(secret.length));
}
