/** Absolute URLs of files from the references on an index page. */

/** A reference made absolute. */
export interface ResolvedUrl {
  /** Without fragment. */
  readonly url: string;
  /** Without `#`. */
  readonly fragment: string;
}

/** Characters that URL parsing leaves alone in a path. */
const PLAIN_PATH = /^[\w.~%!$&'()*+,;=@-][\w.~%!$&'()*+,;=@/-]*$/;
/** A path segment that begins with a dot could be `.` or `..`, also percent-encoded. */
const DOT_SEGMENT = /(?:^|\/)(?:\.|%2e)/i;
const SCHEMES: ReadonlySet<string> = new Set(["https:", "http:", "file:"]);

/**
 * Makes references of one page absolute, like `new URL(reference, base)` but several times faster on plain ones.
 *
 * @throws TypeError when the base is no absolute URL.
 */
export function urlResolver(base: string): (reference: string) => ResolvedUrl | undefined {
  const baseUrl = new URL(base);
  const location = baseUrl.href.replace(/[?#].*$/s, "");
  const root = location.slice(0, location.length - baseUrl.pathname.length);
  const directories = baseUrl.pathname.split("/").slice(1, -1);
  const hierarchical = baseUrl.protocol === "https:" || baseUrl.protocol === "http:";
  /** Beginnings such as `https://files.example/` that URL parsing would not change. */
  let canonicalOrigin = root + "/";

  return (reference) => {
    const hash = reference.indexOf("#");
    const text = hash === -1 ? reference : reference.slice(0, hash);
    const url = (hierarchical ? (absolute(text) ?? relative(text)) : undefined) ?? parsed(text);
    return url === undefined ? undefined : { url, fragment: hash === -1 ? "" : reference.slice(hash + 1) };
  };

  function absolute(text: string): string | undefined {
    if (!text.startsWith(canonicalOrigin)) {
      const origin = /^https?:\/\/[^/]+\//.exec(text)?.[0];
      if (origin === undefined || URL.parse(origin)?.href !== origin) return undefined;
      canonicalOrigin = origin;
    }
    return isPlain(text.slice(canonicalOrigin.length)) ? text : undefined;
  }

  function relative(text: string): string | undefined {
    if (text.startsWith("/")) return isPlain(text.slice(1)) ? root + text : undefined;
    let rest = text;
    let up = 0;
    for (; rest.startsWith("../"); up++) rest = rest.slice(3);
    if (!isPlain(rest)) return undefined;
    const kept = directories.slice(0, Math.max(0, directories.length - up));
    return `${root}/${[...kept, rest].join("/")}`;
  }

  function parsed(text: string): string | undefined {
    const url = URL.parse(text, baseUrl.href);
    if (!url || !SCHEMES.has(url.protocol)) return undefined;
    url.hash = "";
    return url.href;
  }
}

function isPlain(path: string): boolean {
  if (!PLAIN_PATH.test(path)) return false;
  return !(path.startsWith(".") || path.includes("/.") || path.includes("%2")) || !DOT_SEGMENT.test(path);
}
