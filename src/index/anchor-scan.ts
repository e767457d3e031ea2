/** Finds the links of a plain HTML page without looking into them. */

/** Where the links of a page are; offsets count characters of the text. */
export interface Anchors {
  /** Start and end of the start tag of each link, in turns. */
  readonly tags: readonly number[];
  /** The last segment of each link's path, as it is written. */
  readonly names: readonly string[];
}

/**
 * Scans the plain pages that index servers write: known tags, attributes in double quotes.
 *
 * Returns `undefined` at the first thing that HTML's tokenizer could understand differently, such as comments, scripts,
 * single quotes or a `<base>`: then a real parser has to read the page. Most files of a page are never looked at, so
 * finding a link costs a few hundred nanoseconds and reading it waits until somebody asks.
 */
export function scanAnchors(html: string): Anchors | undefined {
  if (RARE_ENTITY.test(html)) return undefined;
  const tags: number[] = [];
  const names: string[] = [];
  for (let at = html.indexOf("<"); at !== -1;) {
    const kind = html.charCodeAt(at + 1);
    let end: number;
    if (kind === LOWER_A && isSpace(html.charCodeAt(at + 2))) {
      const anchor = scanAnchor(html, at + 2);
      if (!anchor) return undefined;
      end = anchor.end;
      if (anchor.name !== undefined) {
        tags.push(at, end);
        names.push(anchor.name);
      }
    } else if (html.startsWith("</a>", at)) {
      end = at + 4;
    } else {
      HARMLESS.lastIndex = at;
      if (!HARMLESS.test(html)) return undefined;
      end = HARMLESS.lastIndex;
    }
    at = html.indexOf("<", end);
  }
  return { tags, names };
}

const LOWER_A = 0x61;
const QUOTE = 0x22;
const EQUALS = 0x3d;
const GREATER = 0x3e;

/** Whatever `readRegularLinks` would not decode. */
const RARE_ENTITY = /&(?!(?:amp|gt|lt|quot|#39|#x27);)/;

/** Tags that neither hold raw text nor change what links mean. */
const HARMLESS =
  /<(?:br\s*\/?>|\/(?:a|html|head|body|h[1-6]|p|div|span|ul|li|pre)\s*>|(?:html|head|body|meta|h[1-6]|p|div|span|ul|li|pre|hr)(?:\s+[a-z][a-z:-]*="[^"<>]*")*\s*\/?>|!doctype html\s*>|title>[^<]*<\/title>)/iy;

/** Reads the attributes of one link from behind its name on. */
function scanAnchor(
  html: string,
  from: number,
): { readonly end: number; readonly name: string | undefined } | undefined {
  let name: string | undefined;
  for (let at = from; ;) {
    while (isSpace(html.charCodeAt(at))) at++;
    if (html.charCodeAt(at) === GREATER) return { end: at + 1, name };
    const nameStart = at;
    while (isNameCharacter(html.charCodeAt(at))) at++;
    if (at === nameStart || html.charCodeAt(at) !== EQUALS || html.charCodeAt(at + 1) !== QUOTE) return undefined;
    const valueStart = at + 2;
    const valueEnd = html.indexOf('"', valueStart);
    if (valueEnd === -1) return undefined;
    // Of attributes with the same name the first counts.
    if (name === undefined && at - nameStart === 4 && html.startsWith("href", nameStart)) {
      name = lastSegment(html, valueStart, valueEnd);
      if (name === undefined) return undefined;
    }
    at = valueEnd + 1;
    const next = html.charCodeAt(at);
    if (next !== GREATER && !isSpace(next)) return undefined;
  }
}

/** What follows the last slash of the path in a reference, or `undefined` when that takes more than looking. */
function lastSegment(html: string, start: number, end: number): string | undefined {
  const [reference = ""] = html.slice(start, end).split("#", 1);
  if (reference.includes("&") || reference.includes("?")) return undefined;
  return reference.slice(reference.lastIndexOf("/") + 1).trimEnd();
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}

/** Names in upper case are left to the real parser. */
function isNameCharacter(code: number): boolean {
  return (code >= 0x61 && code <= 0x7a) || code === 0x2d;
}
