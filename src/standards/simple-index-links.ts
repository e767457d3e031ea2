/** The links of an index page in HTML (simple repository API, PEP 503), before they mean anything. */

/** The attributes of one anchor that the simple repository API knows; entities are decoded, empty text is kept. */
export interface IndexLink {
  readonly href: string;
  readonly requiresPython: string | undefined;
  readonly yanked: string | undefined;
  readonly metadata: string | undefined;
}

export interface IndexLinks {
  /** `href` of the first `<base>`. */
  readonly base: string | undefined;
  readonly links: readonly IndexLink[];
}

/** Attributes by lower-case name. */
type Attributes = Readonly<Record<string, string | undefined>>;

/** All links of a page, whatever its HTML looks like. */
export async function readIndexLinks(html: string): Promise<IndexLinks> {
  return readRegularLinks(html) ?? (await readAnyLinks(html));
}

/**
 * Reads the plain pages that index servers write: known tags, attributes in double quotes, common entities.
 * Returns `undefined` at the first thing that HTML's tokenizer could understand differently.
 */
export function readRegularLinks(html: string): IndexLinks | undefined {
  const links = new RegularPage(html).read();
  return links && { base: undefined, links };
}

/** Reads any page with a forgiving HTML parser, loaded on demand. */
export async function readAnyLinks(html: string): Promise<IndexLinks> {
  const { Parser } = await import("htmlparser2");
  const links: IndexLink[] = [];
  let base: string | undefined;
  const parser = new Parser({
    onopentag(name, attributes: Attributes) {
      if (name === "base") base ??= attributes["href"];
      if (name !== "a" || attributes["href"] === undefined) return;
      links.push({
        href: attributes["href"],
        requiresPython: attributes["data-requires-python"],
        yanked: attributes["data-yanked"],
        metadata: attributes["data-core-metadata"] ?? attributes["data-dist-info-metadata"],
      });
    },
  });
  parser.end(html);
  return { base, links };
}

/** Tags that neither hold raw text nor change what links mean. */
const HARMLESS =
  /<(?:\/(?:a|html|head|body|h[1-6]|p|div|span|ul|li|pre|title)\s*>|(?:html|head|body|meta|link|h[1-6]|p|div|span|ul|li|pre|br|hr)(?:\s+[a-zA-Z][a-zA-Z:-]*(?:="[^"]*")?)*\s*\/?>|!doctype html\s*>|title>[^<]*<\/title>)/iy;
const OTHER_ATTRIBUTE = /^[a-z][a-z-]*$/;
const ENTITY = /&(?:#39|#x27|[a-z]+);/g;
const ENTITIES: Attributes = { "&amp;": "&", "&gt;": ">", "&lt;": "<", "&quot;": '"', "&#39;": "'", "&#x27;": "'" };
const GREATER = ">".charCodeAt(0);

/**
 * The fast way, several times faster than the full parser and without loading it: a page of 1.5 MB has thousands of
 * anchors and is read by code that is not compiled yet, so it looks at characters instead of matching expressions.
 */
class RegularPage {
  readonly #html: string;
  readonly #links: IndexLink[] = [];
  /** Neighbouring files mostly have the same `data-requires-python`. */
  #lastEncoded = "";
  #lastDecoded = "";

  constructor(html: string) {
    this.#html = html;
  }

  read(): IndexLink[] | undefined {
    const html = this.#html;
    for (let at = html.indexOf("<"); at !== -1; at = html.indexOf("<", at)) {
      if (html.startsWith("</a>", at)) at += "</a>".length;
      else if (html.startsWith("<a", at) && isSpaceOrEnd(html.charCodeAt(at + 2))) at = this.#readAnchor(at + 2);
      else {
        HARMLESS.lastIndex = at;
        at = HARMLESS.test(html) ? HARMLESS.lastIndex : -1;
      }
      if (at === -1) return undefined;
    }
    return this.#links;
  }

  /** Reads the attributes of an anchor and keeps the link, if it is one. Returns the offset after `>`, or -1 when something is unusual. */
  #readAnchor(start: number): number {
    const html = this.#html;
    let href: string | undefined;
    let requiresPython: string | undefined;
    let yanked: string | undefined;
    let coreMetadata: string | undefined;
    let distInfoMetadata: string | undefined;
    let at = start;
    for (;;) {
      const before = at;
      while (isSpace(html.charCodeAt(at))) at++;
      if (html.charCodeAt(at) === GREATER) break;
      const equals = html.indexOf('="', at);
      const end = html.indexOf('"', equals + 2);
      if (at === before || equals === -1 || end === -1) return -1;
      const name = html.slice(at, equals);
      const value = this.#decode(html.slice(equals + 2, end));
      if (value === undefined) return -1;
      // The first of two equal attributes counts.
      if (name === "href") href ??= value;
      else if (name === "data-requires-python") requiresPython ??= value;
      else if (name === "data-yanked") yanked ??= value;
      else if (name === "data-core-metadata") coreMetadata ??= value;
      else if (name === "data-dist-info-metadata") distInfoMetadata ??= value;
      else if (!OTHER_ATTRIBUTE.test(name)) return -1;
      at = end + 1;
    }
    const metadata = coreMetadata ?? distInfoMetadata;
    if (href !== undefined) this.#links.push({ href, requiresPython, yanked, metadata });
    return at + 1;
  }

  /** Decodes the entities that pages use in values, or returns `undefined` when there are others. */
  #decode(value: string): string | undefined {
    if (!value.includes("&")) return value;
    if (value === this.#lastEncoded) return this.#lastDecoded;
    let known = 0;
    const decoded = value.replace(ENTITY, (entity) => {
      const character = ENTITIES[entity];
      if (character !== undefined) known++;
      return character ?? "";
    });
    if (known !== value.split("&").length - 1) return undefined;
    this.#lastEncoded = value;
    this.#lastDecoded = decoded;
    return decoded;
  }
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09 || code === 0x0c;
}

function isSpaceOrEnd(code: number): boolean {
  return code === GREATER || isSpace(code);
}
