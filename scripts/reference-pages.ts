/** The pages of `docs/reference/` that are made from the sources: `npm run docs` writes them, a test finds them stale. */
import { environmentGroups } from "../src/cli/environment.ts";
import { EXIT_CODES } from "../src/cli/exit-code.ts";
import { optionText, spellings } from "../src/cli/help.ts";
import { pex3Tree } from "../src/cli/commands/pex3.ts";
import { pexToolsTree } from "../src/cli/commands/pex-tools.ts";
import type { CommandNode } from "../src/cli/commands/tree.ts";
import { parseRuntimeVariables } from "../src/cli/commands/variables-help.ts";
import { pexOptions } from "../src/cli/options/pex-options.ts";

/** A source file of ours. */
export interface SourceText {
  /** Below `src/`. */
  readonly path: string;
  readonly text: string;
}

/** File name below `docs/reference/` → content; `settings` is the text of the runtime's `settings.py`. */
export function referencePages(sources: readonly SourceText[], settings: string): ReadonlyMap<string, string> {
  return new Map([
    ["cli.md", commandLinePage()],
    ["environment.md", environmentPage(settings)],
    ["exit-codes-and-errors.md", errorsPage(sources)],
  ]);
}

const MADE = "<!-- Made from the sources by `npm run docs`. -->";

function commandLinePage(): string {
  const lines = [
    "# The command line",
    "",
    MADE,
    "",
    "`pex [REQUIREMENT…] [OPTION…] [-- ARGUMENT…]` packs Python code and the distributions it requires into one executable file,",
    "a PEX. With `-o` the file is saved, without it the file is run at once with the arguments and then deleted.",
    "",
    "How it is read:",
    "",
    "- The first `--` ends the options; what follows is the program's, untouched.",
    "- Requirements and options may stand in any order.",
    "- Long options may be abbreviated while that is unambiguous, except `--dry-run`, `--json` and `--quiet`, which upstream's pex",
    "  does not have. Short options may be joined with each other and with a value: `-vofile`.",
    "- Of options that come in pairs, a spelling that begins with `--no` means no. The last one counts.",
    "- `@FILE` stands for the lines of FILE, one argument on each. They extend lists and replace single values of the command line.",
    "- A bare `--inherit-path` means `--inherit-path=prefer`.",
    "",
    "Only data is written to standard output: a path, JSON, or what the program itself writes. Everything else goes to standard error.",
  ];
  for (const group of pexOptions) {
    lines.push("", `## ${group.title}`, "", group.about, "", "| Option | Meaning |", "| --- | --- |");
    for (const option of group.options) lines.push(row(`\`${spellings(option)}\``, optionText(option)));
  }
  for (const tree of [pex3Tree, pexToolsTree]) {
    lines.push("", `## ${tree.name}`, "", tree.help, "", "| Command | Meaning |", "| --- | --- |");
    for (const [path, node] of leaves(tree, tree.name))
      lines.push(row(`\`${path}\``, node.help + (node.run ? "" : " [not available yet]")));
  }
  return `${lines.join("\n")}\n`;
}

function leaves(node: CommandNode, path: string): (readonly [string, CommandNode])[] {
  if (!node.children) return [[path, node]];
  const start = node.positional === undefined ? path : `${path} ${node.positional}`;
  return node.children.flatMap((child) => leaves(child, `${start} ${child.name}`));
}

function environmentPage(settings: string): string {
  const lines = [
    "# Environment variables",
    "",
    MADE,
    "",
    "What steers the builder, and at the end what steers a PEX when it runs.",
    "",
    "Defaults for the `PEX_` variables may stand in files of lines `NAME=VALUE`: `/etc/pexrc`, `~/.pexrc`, `.pexrc` in the current",
    "directory, and the one given by `--rcfile`. Later files win over earlier ones, the real environment wins over all of them.",
  ];
  for (const group of environmentGroups) {
    lines.push(
      "",
      `## ${group.title}`,
      "",
      "| Variable | Type | When not set | Meaning |",
      "| --- | --- | --- | --- |",
    );
    for (const each of group.variables) {
      const names = each.name.split(", ").map((name) => `\`${name}\``);
      lines.push(row(names.join(", "), each.type, each.standard, each.help));
    }
  }
  lines.push(
    "",
    "## Of a PEX when it runs",
    "",
    "They may also stand in `/etc/pexrc`, in `~/.pexrc` and in a `.pexrc` beside the PEX. `pex --help-variables` prints this list.",
    "",
    "| Variable | Value | When not set | Meaning |",
    "| --- | --- | --- | --- |",
    ...parseRuntimeVariables(settings).map((each) =>
      row(`\`${each.name}\``, each.type ?? "any", each.standard ?? "none", each.help),
    ),
  );
  return `${lines.join("\n")}\n`;
}

function errorsPage(sources: readonly SourceText[]): string {
  const lines = [
    "# Exit codes and errors",
    "",
    MADE,
    "",
    "## Exit codes",
    "",
    "| Status | Meaning |",
    "| --- | --- |",
    ...EXIT_CODES.map(({ status, meaning }) => row(status, meaning)),
    "",
    "## Errors",
    "",
    "An error is told once, on standard error:",
    "",
    "```text",
    "error: what is wrong, with the value in question [CODE]",
    "  caused by: what went wrong one level below",
    "hint: What to do about it.",
    "```",
    "",
    "With `pex --json` it is one JSON document on standard output instead, and of the Node API the same fields are properties of",
    'the error: `{"error": {"code": …, "message": …, "hint": …, "causes": […]}}`. Codes are stable; messages are not.',
    "",
    "| Code | What it means |",
    "| --- | --- |",
    ...errorCodes(sources).map(([codes, meaning]) => row(codes.map((code) => `\`${code}\``).join(", "), meaning)),
    row("`BUG`", "Anything else that was thrown: a defect of pexjs. Please report it."),
  ];
  return `${lines.join("\n")}\n`;
}

/** A comment, a class that has a code of its own, and that code or the name of a union of codes. */
const ERROR_CLASS =
  /\/\*\*((?:(?!\*\/)[^])*)\*\/\nexport class \w+ extends (?!Error\b)\w+ \{\n(?:\s*\/\/.*\n)*\s*(?:override )?readonly code(?:: (\w+);| = "([A-Z0-9_]+)")/g;

/** Codes with one meaning stand together. */
function errorCodes(sources: readonly SourceText[]): (readonly [readonly string[], string])[] {
  const meanings = new Map<string, Set<string>>();
  for (const { text } of sources) {
    for (const [, comment = "", union, code] of text.matchAll(ERROR_CLASS)) {
      const codes = code === undefined ? codesOf(union ?? "", text) : [code];
      for (const each of codes) meanings.set(each, (meanings.get(each) ?? new Set()).add(firstSentence(comment)));
    }
  }
  const rows = new Map<string, string[]>();
  for (const code of [...meanings.keys()].sort()) {
    const meaning = [...(meanings.get(code) ?? [])].join(" ");
    rows.set(meaning, [...(rows.get(meaning) ?? []), code]);
  }
  return [...rows].map(([meaning, codes]) => [codes, meaning] as const);
}

function codesOf(union: string, text: string): string[] {
  const declaration = new RegExp(`type ${union} =([^;]*);`).exec(text)?.[1] ?? "";
  return [...declaration.matchAll(/"([A-Z0-9_]+)"/g)].map(([, code = ""]) => code);
}

function firstSentence(comment: string): string {
  const text = comment.replaceAll(/\n\s*\*\s?/g, "\n").trim();
  return (text.split(/\n\s*\n|\n@/, 1)[0] ?? "").replaceAll(/\s+/g, " ").replace(/; exit status \d+\./, ".");
}

function row(...cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}
