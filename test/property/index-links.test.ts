import { describe, expect, test } from "vitest";

import { readAnyLinks, readRegularLinks } from "../../src/standards/simple-index-links.ts";
import { urlResolver } from "../../src/standards/simple-index-url.ts";
import { damaged } from "../support/packaging-cases.ts";
import { SeededRandom } from "../support/seeded-random.ts";

const VALUES = [
  "a-1.0.tar.gz",
  "https://x.example/a#sha256=00",
  "&gt;=3.8,&lt;4",
  "a&amp;b",
  "&quot;",
  "&copy;",
  "&",
  "a&b=1",
  "&#39;",
  "&#62;",
  "&gt",
  "",
  " ",
  "<b>",
  ">",
  "true",
  "sha256=ab",
  "é",
  "'",
  "=\\",
];
const NAMES = [
  "href",
  "href",
  "href",
  "data-requires-python",
  "data-yanked",
  "data-core-metadata",
  "data-dist-info-metadata",
  "rel",
  "HREF",
  "data-gpg-sig",
  "x:y",
  "a1",
];
const SPACES = [" ", " ", " ", "  ", "\n", "\t", "", "\f"];
const OTHERS = [
  "<br/>",
  "<br />",
  "<br>",
  "</a>",
  "</a>\n",
  "text",
  "\n",
  "&gt;",
  '<!-- <a href="no"> -->',
  "<script>",
  "</script>",
  "<style>",
  '<p class="x">',
  "</p>",
  "<title>Links</title>",
  '<title><a href="no"></title>',
  '<base href="/b/">',
  "<h1>a</h1>",
  "<svg>",
  "<textarea>",
  "<!DOCTYPE html>",
  "<![CDATA[",
  "<?php",
  "<",
  "a < b",
  "</",
  "<abbr title=\"<a href='no'>\">",
  '<meta name="x" content="1.0">',
  '<link href="x"/>',
  "<a/>",
  '<ab href="x">',
];

const USUAL_VALUES = VALUES.slice(0, 5);
const USUAL_NAMES = [
  "href",
  "href",
  "href",
  "data-requires-python",
  "data-yanked",
  "data-core-metadata",
  "data-dist-info-metadata",
];

function attribute(random: SeededRandom, odd: number): string {
  const name = random.pick(random.chance(odd) ? NAMES : USUAL_NAMES);
  const value = random.pick(random.chance(odd) ? VALUES : USUAL_VALUES);
  const written = random.chance(odd) ? random.pick([`'${value}'`, value, ""]) : `"${value}"`;
  return (random.chance(odd) ? random.pick(SPACES) : " ") + (written === "" ? name : `${name}=${written}`);
}

/** @param odd How often something is unusual. */
function page(random: SeededRandom, odd: number): string {
  const pieces = random.times(random.below(14), () => {
    if (random.chance(0.4)) return random.chance(odd) ? random.pick(OTHERS) : random.pick(OTHERS.slice(0, 8));
    return `<a${random.times(random.below(5), () => attribute(random, odd)).join("")}${random.chance(0.1) ? " " : ""}>name</a>`;
  });
  const text = pieces.join("");
  return random.chance(odd) ? damaged(random, text) : text;
}

test("the fast reader of index pages gives up or agrees with the HTML parser", async () => {
  const random = new SeededRandom(503);
  let read = 0;
  for (let count = 0; count < 40_000; count++) {
    const html = page(random, random.pick([0, 0.02, 0.1, 0.5]));
    const regular = readRegularLinks(html);
    if (!regular) continue;
    read += regular.links.length;
    expect({ html, ...regular }).toEqual({ html, ...(await readAnyLinks(html)) });
  }
  expect(read).toBeGreaterThan(20_000);
});

describe("references on a page", () => {
  const PIECES = [
    "../",
    "../",
    "./",
    "..",
    ".",
    "/",
    "//",
    "a",
    "b.whl",
    "%2e",
    "%2E",
    "%20",
    "é",
    "\\",
    "?",
    "q=1",
    ":",
    "https://",
    "http://",
    "x.example",
    "X.example",
    "user:pw@",
    ":443",
    ":80",
    ":8080",
    " ",
    "\t",
    "@",
    "~",
    "+",
    "%2f",
    "127.1",
    "file:///",
    "mailto:",
    "javascript:",
    "^",
    "|",
    "<",
    "[::1]",
    "&",
    "&amp;",
    "..a",
    ".a",
  ];
  const BASES = [
    "https://x.example/simple/a/",
    "https://x.example",
    "https://u:p@x.example:8443/a/b/c/d?x=1#y",
    "http://x.example/a",
    "file:///tmp/links/index.html",
  ];

  test("become absolute as by the URL standard", () => {
    const random = new SeededRandom(3986);
    for (const base of BASES) {
      const resolve = urlResolver(base);
      for (let count = 0; count < 20_000; count++) {
        const reference = random.times(1 + random.below(7), () => random.pick(PIECES)).join("");
        const url = URL.parse(reference, base);
        const expected = url && ["https:", "http:", "file:"].includes(url.protocol) ? url.href : undefined;
        expect({ reference, url: resolve(`${reference}#frag`)?.url }).toEqual({ reference, url: expected });
      }
    }
  });
});
