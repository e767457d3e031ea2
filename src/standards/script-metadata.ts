/**
 * Inline script metadata: the `# /// script` block of a single-file program.
 *
 * Follows the "Inline script metadata" specification of the Python Packaging User Guide (PEP 723).
 */

import { PexError } from "../base/errors.ts";
import { parseToml, type TomlValue } from "../base/toml.ts";

/** What a script says about itself. */
export interface ScriptMetadata {
  /** PEP 508 requirement texts. */
  readonly dependencies: readonly string[];
  /** A `Requires-Python` specifier text. */
  readonly requiresPython: string | undefined;
}

/** A script's metadata block is malformed. */
export class InvalidScriptMetadata extends PexError {
  readonly code = "SCRIPT_METADATA";
}

/**
 * The metadata of a script, or `undefined` when it has no block.
 *
 * @param name What messages call the script, such as its path.
 * @throws InvalidScriptMetadata for a second or unclosed block or fields of the wrong type; TomlError.
 */
export async function readScriptMetadata(source: string, name: string): Promise<ScriptMetadata | undefined> {
  const block = findBlock(source, name);
  if (block === undefined) return undefined;
  const table = await parseToml(block, `the script metadata of ${name}`);
  const dependencies = table["dependencies"] ?? [];
  if (!isTextList(dependencies)) {
    throw new InvalidScriptMetadata(`The dependencies of ${name} must be a list of strings`);
  }
  const requiresPython = table["requires-python"];
  if (requiresPython !== undefined && typeof requiresPython !== "string") {
    throw new InvalidScriptMetadata(`The requires-python of ${name} must be a string`);
  }
  return { dependencies, requiresPython };
}

/** The text between `# /// script` and its `# ///`, without the comment marks. */
function findBlock(source: string, name: string): string | undefined {
  const lines = source.split(/\r\n|[\r\n]/);
  const blocks: string[] = [];
  for (let index = 0; index < lines.length; index++) {
    if (lines[index] !== "# /// script") continue;
    const end = closingLine(lines, index + 1);
    if (end === undefined) {
      throw new InvalidScriptMetadata(`The script metadata of ${name} is not closed: line ${index + 1}`, {
        hint: "end the block with a line `# ///`",
      });
    }
    blocks.push(
      lines
        .slice(index + 1, end)
        .map((line) => line.slice(2))
        .join("\n"),
    );
    index = end;
  }
  if (blocks.length > 1) throw new InvalidScriptMetadata(`More than one block of script metadata in ${name}`);
  return blocks[0];
}

/** The last `# ///` of the run of comment lines that begins at `start`. */
function closingLine(lines: readonly string[], start: number): number | undefined {
  let closing: number | undefined;
  for (let index = start; index < lines.length; index++) {
    const line = lines[index] ?? "";
    if (line !== "#" && !line.startsWith("# ")) break;
    if (line === "# ///") closing = index;
  }
  return closing;
}

function isTextList(value: TomlValue): value is readonly string[] {
  return Array.isArray(value) && value.every((each) => typeof each === "string");
}
