/** Reads the grammar of versions (PEP 440, appendix B) by hand: an index page holds thousands of them. */

/** The letters of a pre-release, normalised. */
export type PreLetter = "a" | "b" | "rc";

/** What a version consists of. */
export interface VersionParts {
  readonly epoch: number;
  /** Never empty. */
  readonly release: readonly number[];
  readonly pre: readonly [PreLetter, number] | undefined;
  readonly post: number | undefined;
  readonly dev: number | undefined;
  /** Segments of the local label in lower case; empty when there is none. */
  readonly local: readonly (string | number)[];
}

const NO_LOCAL: readonly (string | number)[] = [];

/** Longer spellings stand before their prefixes. */
const PRE_SPELLINGS: readonly (readonly [string, PreLetter])[] = [
  ["alpha", "a"],
  ["a", "a"],
  ["beta", "b"],
  ["b", "b"],
  ["preview", "rc"],
  ["pre", "rc"],
  ["c", "rc"],
  ["rc", "rc"],
];

const POST_SPELLINGS: readonly string[] = ["post", "rev", "r"];

/** The separators `-`, `.` and `_`. */
const DASH = 0x2d;
const DOT = 0x2e;
const UNDERSCORE = 0x5f;

/**
 * Reads a version from some place of a text; the parts read are its fields. `position` is where reading goes on; after
 * a failed `read…` neither it nor the parts are of any use.
 */
export class VersionScanner implements VersionParts {
  readonly #text: string;
  position: number;
  epoch = 0;
  readonly release: number[] = [];
  pre: readonly [PreLetter, number] | undefined = undefined;
  post: number | undefined = undefined;
  dev: number | undefined = undefined;
  local: readonly (string | number)[] = NO_LOCAL;

  constructor(text: string, position: number) {
    this.#text = text;
    this.position = position;
  }

  get hasSuffix(): boolean {
    return this.pre !== undefined || this.post !== undefined || this.dev !== undefined;
  }

  /** Reads the longest version without local label; tells whether there is one. */
  readPublic(): boolean {
    if ((this.#peek() | 0x20) === 0x76) this.position++; // v, V
    let first = this.#number();
    if (first >= 0 && this.#peek() === 0x21) {
      this.epoch = first;
      this.position++; // !
      first = this.#number();
    }
    if (!(first >= 0)) return false;
    this.release.push(first);
    while (this.#peek() === DOT && isDigit(this.#text.charCodeAt(this.position + 1))) {
      this.position++;
      const component = this.#number();
      if (Number.isNaN(component)) return false;
      this.release.push(component);
    }
    return !this.#mayHaveSuffix() || this.#readSuffix();
  }

  /** Reads a local label with its `+`, if there is one; tells whether all is well. */
  readLocal(): boolean {
    if (this.#peek() !== 0x2b) return true;
    const segments: (string | number)[] = [];
    do {
      this.position++;
      const segment = this.#localSegment();
      if (segment === undefined) return false;
      segments.push(segment);
    } while (isSeparator(this.#peek()) && isAlphanumeric(this.#text.charCodeAt(this.position + 1)));
    this.local = segments;
    return true;
  }

  #readSuffix(): boolean {
    this.pre = this.#pre();
    this.post = this.#post();
    this.dev = this.#dev();
    return !Number.isNaN(this.pre?.[1]) && !Number.isNaN(this.post) && !Number.isNaN(this.dev);
  }

  #peek(): number {
    return this.#text.charCodeAt(this.position);
  }

  /** Whether what follows the release can belong to the version at all. */
  #mayHaveSuffix(): boolean {
    const code = this.#peek();
    return isSeparator(code) || isLetter(code);
  }

  /** Digits; `NaN` when there are none or their number is not exact in a double. */
  #number(): number {
    const start = this.position;
    let value = 0;
    for (let code = this.#peek(); isDigit(code); code = this.#peek()) {
      value = value * 10 + (code - 0x30);
      this.position++;
    }
    return this.position === start || value > Number.MAX_SAFE_INTEGER ? Number.NaN : value;
  }

  /** `[-_.]?` digits after a word; no digits mean 0. */
  #numberAfterWord(): number {
    if (isSeparator(this.#peek())) this.position++;
    return isDigit(this.#peek()) ? this.#number() : 0;
  }

  #pre(): readonly [PreLetter, number] | undefined {
    const start = this.#afterSeparator();
    for (const [spelling, letter] of PRE_SPELLINGS) {
      if (!this.#wordAt(start, spelling)) continue;
      this.position = start + spelling.length;
      return [letter, this.#numberAfterWord()];
    }
    return undefined;
  }

  #post(): number | undefined {
    // The implicit form `1.0-1`.
    if (this.#peek() === DASH && isDigit(this.#text.charCodeAt(this.position + 1))) {
      this.position++;
      return this.#number();
    }
    const start = this.#afterSeparator();
    for (const spelling of POST_SPELLINGS) {
      if (!this.#wordAt(start, spelling)) continue;
      this.position = start + spelling.length;
      return this.#numberAfterWord();
    }
    return undefined;
  }

  #dev(): number | undefined {
    const start = this.#afterSeparator();
    if (!this.#wordAt(start, "dev")) return undefined;
    this.position = start + 3;
    return this.#numberAfterWord();
  }

  #afterSeparator(): number {
    return isSeparator(this.#peek()) ? this.position + 1 : this.position;
  }

  #wordAt(start: number, word: string): boolean {
    for (let index = 0; index < word.length; index++) {
      if ((this.#text.charCodeAt(start + index) | 0x20) !== word.charCodeAt(index)) return false;
    }
    return true;
  }

  #localSegment(): string | number | undefined {
    const start = this.position;
    let digitsOnly = true;
    for (let code = this.#peek(); isAlphanumeric(code); code = this.#peek()) {
      digitsOnly &&= isDigit(code);
      this.position++;
    }
    if (this.position === start) return undefined;
    const text = this.#text.slice(start, this.position);
    if (!digitsOnly) return text.toLowerCase();
    const value = Number(text);
    return value > Number.MAX_SAFE_INTEGER ? undefined : value;
  }
}

/** Whether a version may have been refused only because a double cannot hold one of its numbers. */
export function holdsHugeNumber(text: string): boolean {
  return /[1-9]\d{15}/.test(text);
}

/**
 * Whether Python's `str.isspace` holds for a UTF-16 unit; `\s` of its regular expressions means the same.
 * JavaScript's own idea differs: it has U+FEFF and lacks U+001C to U+001F and U+0085.
 */
export function isPythonSpace(code: number): boolean {
  if (code < 0x80) return code === 0x20 || (code >= 0x09 && code <= 0x0d) || (code >= 0x1c && code <= 0x1f);
  if (code === 0x85 || code === 0xa0 || code === 0x1680) return true;
  if (code < 0x2000) return false;
  return code <= 0x200a || code === 0x2028 || code === 0x2029 || code === 0x202f || code === 0x205f || code === 0x3000;
}

/** The first position at or after `position` that holds no white space. */
export function skipPythonSpace(text: string, position: number): number {
  while (position < text.length && isPythonSpace(text.charCodeAt(position))) position++;
  return position;
}

/** Python's `str.strip()`. */
export function stripPythonSpace(text: string): string {
  const start = skipPythonSpace(text, 0);
  let end = text.length;
  while (end > start && isPythonSpace(text.charCodeAt(end - 1))) end--;
  return text.slice(start, end);
}

export function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

export function isLetter(code: number): boolean {
  const lower = code | 0x20;
  return lower >= 0x61 && lower <= 0x7a;
}

export function isAlphanumeric(code: number): boolean {
  return isDigit(code) || isLetter(code);
}

function isSeparator(code: number): boolean {
  return code === DOT || code === DASH || code === UNDERSCORE;
}
