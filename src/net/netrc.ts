/** Credentials in a netrc file, read as Python 3.11 and later read it (the `netrc` module). */

/** What a netrc file says about one machine. */
export interface NetrcEntry {
  readonly login: string;
  readonly account: string;
  readonly password: string;
}

/** The machines of a file; `default` stands for all others. */
export type Netrc = ReadonlyMap<string, NetrcEntry>;

/** The text is not a netrc file; the message tells why and on which line. */
export class InvalidNetrc extends Error {}

/** Parses a netrc file. @throws InvalidNetrc */
export function parseNetrc(text: string): Netrc {
  const reader = new Reader(text.replace(/\r\n?/g, "\n"));
  const machines = new Map<string, NetrcEntry>();
  for (;;) {
    const line = reader.line;
    const keyword = reader.token();
    if (keyword === "") return machines;
    if (keyword.startsWith("#")) {
      // A lone `#` comments the rest of its line; `#word` is a comment of one token, whose followers then must parse.
      if (reader.line === line && keyword.length === 1) reader.skipLine();
    } else if (keyword === "macdef") {
      reader.token();
      reader.skipMacro();
    } else if (keyword === "machine" || keyword === "default") {
      const name = keyword === "default" ? "default" : reader.token();
      if (name === "") throw new InvalidNetrc(`missing machine name on line ${reader.line}`);
      machines.set(name, parseEntry(reader));
    } else {
      throw new InvalidNetrc(`bad keyword on line ${reader.line}`);
    }
  }
}

/** The entry for a host, else the default one. */
export function netrcEntry(netrc: Netrc, host: string): NetrcEntry | undefined {
  return netrc.get(host) ?? netrc.get("default");
}

const TOP_LEVEL: ReadonlySet<string> = new Set(["", "machine", "default", "macdef"]);

function parseEntry(reader: Reader): NetrcEntry {
  const entry = { login: "", account: "", password: "" };
  for (;;) {
    const line = reader.line;
    const keyword = reader.token();
    if (keyword.startsWith("#")) {
      if (reader.line === line) reader.skipLine();
    } else if (TOP_LEVEL.has(keyword)) {
      reader.unread(keyword);
      return entry;
    } else if (keyword === "login" || keyword === "user") {
      entry.login = reader.token();
    } else if (keyword === "account") {
      entry.account = reader.token();
    } else if (keyword === "password") {
      entry.password = reader.token();
    } else {
      throw new InvalidNetrc(`bad keyword on line ${reader.line}`);
    }
  }
}

class Reader {
  line = 1;
  readonly #text: string;
  #offset = 0;
  #pushed: string | undefined;

  constructor(text: string) {
    this.#text = text;
  }

  /** The next word, quotes and backslashes resolved, or the empty string at the end. */
  token(): string {
    if (this.#pushed !== undefined) {
      const pushed = this.#pushed;
      this.#pushed = undefined;
      return pushed;
    }
    for (let character = this.#read(); character !== ""; character = this.#read()) {
      if (isBlank(character)) continue;
      return character === '"'
        ? this.#rest("", (next) => next === '"')
        : this.#rest(this.#unescape(character), isBlank);
    }
    return "";
  }

  unread(token: string): void {
    this.#pushed = token;
  }

  skipLine(): void {
    this.#readLine();
  }

  /** Skips to the empty line that ends a macro. */
  skipMacro(): void {
    for (let line = this.#readLine(); line !== "\n"; line = this.#readLine()) {
      if (line === "") throw new InvalidNetrc(`macro without an empty line at its end on line ${this.line}`);
    }
  }

  #rest(start: string, ends: (character: string) => boolean): string {
    let token = start;
    for (let character = this.#read(); character !== "" && !ends(character); character = this.#read()) {
      token += this.#unescape(character);
    }
    return token;
  }

  #unescape(character: string): string {
    return character === "\\" ? this.#read() : character;
  }

  #read(): string {
    const character = this.#text.charAt(this.#offset++);
    if (character === "\n") this.line++;
    return character;
  }

  #readLine(): string {
    const newline = this.#text.indexOf("\n", this.#offset);
    const end = newline === -1 ? this.#text.length : newline + 1;
    const line = this.#text.slice(this.#offset, end);
    this.#offset = end;
    return line;
  }
}

function isBlank(character: string): boolean {
  return character === "\n" || character === "\t" || character === "\r" || character === " ";
}
