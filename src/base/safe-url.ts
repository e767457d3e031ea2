/** A URL whose text form never shows credentials. */

const REDACTED = "****";

/** Wraps a URL; printing, templating and JSON show it without user and password. */
export class SafeUrl {
  readonly #url: URL;

  private constructor(url: URL) {
    this.#url = url;
  }

  /** Parses an absolute URL, or one relative to `base`; `undefined` when it is none. */
  static parse(text: string, base?: SafeUrl): SafeUrl | undefined {
    const url = URL.parse(text, base === undefined ? undefined : base.#url.href);
    return url ? new SafeUrl(url) : undefined;
  }

  /** The URL with its credentials, for the network only; a copy. */
  reveal(): URL {
    return new URL(this.#url);
  }

  /** Scheme with the colon, such as `https:`. */
  get protocol(): string {
    return this.#url.protocol;
  }

  /** Host with its port, if it is not the scheme's own. */
  get host(): string {
    return this.#url.host;
  }

  /** Path, still percent-encoded. */
  get pathname(): string {
    return this.#url.pathname;
  }

  /** Fragment without `#`, or the empty string. */
  get fragment(): string {
    return this.#url.hash.slice(1);
  }

  /** The same without fragment and credentials, to recognise a resource. */
  get identity(): string {
    const copy = new URL(this.#url);
    copy.hash = "";
    copy.username = "";
    copy.password = "";
    return copy.href;
  }

  toString(): string {
    if (this.#url.username === "" && this.#url.password === "") return this.#url.href;
    const copy = new URL(this.#url);
    copy.username = REDACTED;
    copy.password = "";
    return copy.href;
  }

  toJSON(): string {
    return this.toString();
  }
}
