/** INI files as Python's `configparser.RawConfigParser` reads them: pip.conf, setup.cfg, .pypirc, pyvenv.cfg's cousins. */

import { PexError } from "../base/errors.ts";
import { escapeControl } from "../base/text.ts";

/** Options by name. */
export type ConfigSection = ReadonlyMap<string, string>;

/** Text that `configparser` refuses. */
export class InvalidConfig extends PexError {
  readonly code = "INVALID_CONFIG";
}

export interface ConfigOptions {
  /** Whether option names keep their case; by default they become lower case. */
  readonly keepCase?: boolean;
}

const DEFAULT_SECTION = "DEFAULT";
const SECTION = /^\[(.+)\]/;

/**
 * Sections by name. Options of `[DEFAULT]` are part of every section, which itself is not listed.
 *
 * Continuation lines are indented deeper than their option, comments begin a line with `#` or `;`, names end at the first `=` or `:`.
 *
 * @throws InvalidConfig that names the line.
 */
export function parseConfig(text: string, options: ConfigOptions = {}): Map<string, ConfigSection> {
  const reader = new ConfigReader(options.keepCase ?? false);
  for (const line of text.replace(/^\uFEFF/, "").split(/\r\n|\r|\n/)) reader.read(line);
  return reader.finish();
}

class ConfigReader {
  readonly #keepCase: boolean;
  readonly #sections = new Map<string, Map<string, string[]>>();
  readonly #defaults = new Map<string, string[]>();
  #section: Map<string, string[]> | undefined;
  #value: string[] | undefined;
  #indent = 0;
  #line = 0;

  constructor(keepCase: boolean) {
    this.#keepCase = keepCase;
  }

  read(line: string): void {
    this.#line++;
    const text = line.trim();
    if (text.startsWith("#") || text.startsWith(";")) return;
    if (text === "") {
      this.#value?.push("");
      return;
    }
    const indent = line.length - line.trimStart().length;
    if (this.#value && indent > this.#indent) {
      this.#value.push(text);
      return;
    }
    this.#indent = indent;
    const header = SECTION.exec(text);
    if (header) this.#beginSection(header[1] ?? "");
    else this.#beginOption(text);
  }

  finish(): Map<string, ConfigSection> {
    const result = new Map<string, ConfigSection>();
    for (const [name, section] of this.#sections) {
      const merged = new Map([...this.#defaults, ...section]);
      result.set(name, new Map([...merged].map(([option, lines]) => [option, lines.join("\n").trimEnd()])));
    }
    return result;
  }

  #beginSection(name: string): void {
    this.#value = undefined;
    if (this.#sections.has(name)) throw this.#fault(`section \`${escapeControl(name)}\` occurs twice`);
    this.#section = name === DEFAULT_SECTION ? this.#defaults : new Map();
    if (name !== DEFAULT_SECTION) this.#sections.set(name, this.#section);
  }

  #beginOption(text: string): void {
    if (!this.#section) throw this.#fault("no section header stands before it");
    const delimiter = text.search(/[=:]/);
    if (delimiter <= 0) throw this.#fault("it is neither a section nor an option");
    const written = text.slice(0, delimiter).trimEnd();
    const name = this.#keepCase ? written : written.toLowerCase();
    if (this.#section.has(name)) throw this.#fault(`option \`${escapeControl(name)}\` occurs twice`);
    this.#value = [text.slice(delimiter + 1).trim()];
    this.#section.set(name, this.#value);
  }

  #fault(reason: string): InvalidConfig {
    return new InvalidConfig(`Cannot read line ${this.#line} of the configuration: ${reason}`);
  }
}
