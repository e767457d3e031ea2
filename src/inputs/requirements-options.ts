/** The options that lines of a requirements file may hold. */

import { shellWords, UnbalancedQuotes } from "../base/shell-words.ts";
import { closest } from "../base/text.ts";
import type { Span } from "../base/text.ts";

/** Canonical names. */
export type LineOptionName = (typeof TABLE)[number]["names"][0];

/** One option of a line; `value` is empty for switches. */
export interface LineOption {
  readonly name: LineOptionName;
  readonly value: string;
  /** In the text given. */
  readonly span: Span;
}

/** Something of the options' text that is not right. */
export interface LineOptionFault {
  readonly message: string;
  readonly span: Span;
  readonly hint?: string | undefined;
}

interface ParsedOptions {
  readonly options: readonly LineOption[];
  readonly faults: readonly LineOptionFault[];
}

/** Every spelling, the canonical one first; `value` says whether one follows. */
const TABLE = [
  { names: ["--index-url", "-i", "--pypi-url"], value: true },
  { names: ["--extra-index-url"], value: true },
  { names: ["--no-index"], value: false },
  { names: ["--constraint", "-c"], value: true },
  { names: ["--requirement", "-r"], value: true },
  { names: ["--editable", "-e"], value: true },
  { names: ["--find-links", "-f"], value: true },
  { names: ["--no-binary"], value: true },
  { names: ["--only-binary"], value: true },
  { names: ["--prefer-binary"], value: false },
  { names: ["--require-hashes"], value: false },
  { names: ["--no-require-hashes"], value: false },
  { names: ["--pre"], value: false },
  { names: ["--all-releases"], value: true },
  { names: ["--only-final"], value: true },
  { names: ["--trusted-host"], value: true },
  { names: ["--use-feature"], value: true },
  { names: ["--hash"], value: true },
  { names: ["--config-settings", "-C", "--config-setting"], value: true },
  { names: ["--global-option"], value: true },
  { names: ["--install-option"], value: true },
] as const;

type TableRow = (typeof TABLE)[number];

/** Reads options as pip does: `--name value`, `--name=value`, `-x value`, `-xvalue`, unambiguous beginnings. */
export function parseLineOptions(text: string): ParsedOptions {
  const faults: LineOptionFault[] = [];
  const options: LineOption[] = [];
  const words = wordsOf(text, faults);
  for (let index = 0; index < words.length; index++) {
    const word = words[index];
    if (word === undefined) break;
    const found = findOption(word.text);
    if (found.row === undefined) {
      faults.push({ message: found.problem, hint: found.hint, span: word.span });
      // Its value, if it would take one, is no fault of its own.
      while (words[index + 1]?.text.startsWith("-") === false) index++;
    } else if (found.row.value && found.value === undefined) {
      const next = words[++index];
      if (next === undefined) faults.push({ message: `A value is missing behind: \`${word.text}\``, span: word.span });
      else {
        const span = { start: word.span.start, end: next.span.end };
        options.push({ name: found.row.names[0], value: next.text, span });
      }
    } else if (!found.row.value && found.value !== undefined) {
      faults.push({ message: `No value belongs to: \`${found.row.names[0]}\``, span: word.span });
    } else {
      options.push({ name: found.row.names[0], value: found.value ?? "", span: word.span });
    }
  }
  return { options, faults };
}

function wordsOf(text: string, faults: LineOptionFault[]): ReturnType<typeof shellWords> {
  try {
    return shellWords(text);
  } catch (error) {
    if (!(error instanceof UnbalancedQuotes)) throw error;
    faults.push({ message: error.message, span: error.span });
    return [];
  }
}

type Found =
  | { readonly row: TableRow; readonly value: string | undefined }
  | { readonly row: undefined; readonly problem: string; readonly hint?: string | undefined };

function findOption(word: string): Found {
  if (!word.startsWith("-") || word === "-") {
    return {
      row: undefined,
      problem: `Text that belongs to no option: \`${word}\``,
      hint: "put every requirement on a line of its own",
    };
  }
  if (!word.startsWith("--")) {
    const row = TABLE.find(({ names }) => (names as readonly string[]).includes(word.slice(0, 2)));
    const value = word.slice(2);
    if (row) return { row, value: value === "" ? undefined : value };
    return { row: undefined, problem: `Unknown option: \`${word.slice(0, 2)}\`` };
  }
  const equals = word.indexOf("=");
  const name = equals === -1 ? word : word.slice(0, equals);
  const value = equals === -1 ? undefined : word.slice(equals + 1);
  const rows = rowsNamed(name);
  const [row] = rows;
  if (row && rows.length === 1) return { row, value };
  if (row) return { row: undefined, problem: `Ambiguous option: \`${name}\`` };
  const meant = closest(
    name,
    TABLE.flatMap(({ names }) => [...names]).filter((known) => known.startsWith("--")),
  );
  return {
    row: undefined,
    problem: `Unknown option: \`${name}\``,
    hint: meant === undefined ? undefined : `write \`${meant}\``,
  };
}

function rowsNamed(name: string): readonly TableRow[] {
  const exact = TABLE.filter(({ names }) => (names as readonly string[]).includes(name));
  return exact.length > 0 ? exact : TABLE.filter(({ names }) => names.some((known) => known.startsWith(name)));
}
