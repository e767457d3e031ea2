import { expect, test } from "vitest";

import { fileReader, readPageContent } from "../../src/index/page-content.ts";
import { encodePageIndex, openPageIndex } from "../../src/index/page-index.ts";
import { groupByVersion } from "../../src/index/release-files.ts";
import { sha256 } from "../../src/base/digest.ts";
import { normalizeName } from "../../src/standards/project-name.ts";
import { parseSdistFilename } from "../../src/standards/sdist-filename.ts";
import { parseIndexHtml, parseIndexJson } from "../../src/standards/simple-index.ts";
import { compareVersions } from "../../src/standards/version.ts";
import { tryParseWheelFilename } from "../../src/standards/wheel-filename.ts";
import { damaged } from "../support/packaging-cases.ts";
import { SeededRandom } from "../support/seeded-random.ts";

const PAGE_URL = "https://index.example/simple/some-project/";
const NAMES = ["some_project", "Some.Project", "some-project", "some_project", "other"];
const VERSIONS = [
  "1.0",
  "1.0.0",
  "2.0rc1",
  "1!3",
  "2.0.post1",
  "2.0.dev3",
  "2.0+cu121",
  "1.0-1",
  "bad.version",
  "10.2",
  "9.30.7",
];
const TAILS = [
  "-py3-none-any.whl",
  "-cp311-cp311-linux_x86_64.whl",
  "-1-py3-none-any.whl",
  ".tar.gz",
  ".zip",
  ".tgz",
  ".exe",
  "-py3.whl",
];
const PREFIXES = [
  "../../packages/",
  "https://files.example/a/b/",
  "/packages/",
  "",
  "https://files.example/%C3%A9/",
  "./",
];
const ATTRIBUTES = [
  ' data-requires-python="&gt;=3.8,&lt;4"',
  ' data-requires-python=">=3.8"',
  ' data-yanked=""',
  ' data-yanked="a &quot;reason&quot; &amp; é"',
  ` data-core-metadata="sha256=${"c".repeat(64)}"`,
  ' data-dist-info-metadata="true"',
  ' data-core-metadata="false"',
  ' data-core-metadata="md5=00"',
  ' rel="internal"',
  " rel='odd'",
  ' HREF="x.tar.gz"',
  ' title="a > b"',
  ' data-yanked="&copy;"',
];
const BETWEEN = [
  "<br/>",
  "<br />\n",
  "<br>",
  "\n",
  "</p>",
  '<p class="x">',
  "<!-- <a href='no'> -->",
  "<script>",
  '<base href="/x/">',
  "&copy;",
  "é",
  "<h1>x</h1>",
];

function filename(random: SeededRandom): string {
  return `${random.pick(NAMES)}-${random.pick(VERSIONS)}${random.pick(TAILS)}`;
}

function html(random: SeededRandom, odd: number): string {
  const few = <Item>(items: readonly Item[], usual: number): Item =>
    random.pick(random.chance(odd) ? items : items.slice(0, usual));
  const links = random.times(random.below(12), () => {
    const name = filename(random);
    const written = random.chance(0.1) ? name.replace("+", "%2B") : name;
    const fragment = random.pick([
      `#sha256=${"a".repeat(64)}`,
      `#sha256=${"B".repeat(64)}`,
      "#md5=00ff",
      "",
      "#egg=x&sha256=ab",
      "#sha256=zz",
    ]);
    const query = random.chance(odd) ? "?x=1&amp;y=2" : "";
    const attributes = random.times(random.below(3), () => few(ATTRIBUTES, 9)).join("");
    return `<a href="${random.pick(PREFIXES)}${written}${query}${fragment}"${attributes}>${name}</a>${few(BETWEEN, 5)}`;
  });
  const page = `<!DOCTYPE html>\n<html><head><title>Links</title></head><body>${links.join("")}</body></html>`;
  return random.chance(odd) ? damaged(random, page) : page;
}

function json(random: SeededRandom): string {
  const files = random.times(random.below(12), () => ({
    filename: filename(random),
    url: `${random.pick(PREFIXES)}file-${random.below(9)}.whl`,
    hashes: random.pick([{}, { sha256: "a".repeat(64) }, { sha512: "b".repeat(128), sha256: "C".repeat(64) }]),
    "requires-python": random.pick([undefined, null, ">=3.8", ""]),
    yanked: random.pick([undefined, false, true, "reason"]),
    size: random.pick([undefined, 10, -1]),
    "core-metadata": random.pick([undefined, false, true, { sha256: "d".repeat(64) }]),
    "upload-time": random.pick([undefined, "2024-01-01T00:00:00Z"]),
    provenance: "x".repeat(50),
  }));
  return JSON.stringify({ meta: { "api-version": "1.1" }, name: "x", versions: ["1.0"], files });
}

async function readLazily(body: Buffer, contentType: string): Promise<{ form: string; files: unknown }> {
  const { form, content, files } = await readPageContent(body, { contentType, url: PAGE_URL });
  const read = fileReader({ form, url: PAGE_URL });
  const all = files.map(({ filename, start, end }) => {
    const found = read([content.subarray(start, end)]);
    for (const file of found) expect(file.filename).toBe(filename);
    return found;
  });
  return { form, files: all.flat() };
}

test("reading a page's files one by one gives what reading all of the page gives", async () => {
  const random = new SeededRandom(503);
  const forms = { anchors: 0, entries: 0 };
  for (let count = 0; count < 4000; count++) {
    const isJson = random.chance(0.2);
    const text = isJson ? json(random) : html(random, random.pick([0, 0, 0.05, 0.3]));
    const whole = isJson ? parseIndexJson(text, PAGE_URL) : await parseIndexHtml(text, PAGE_URL);
    const lazy = await readLazily(Buffer.from(text), isJson ? "application/vnd.pypi.simple.v1+json" : "text/html");
    expect({ text, files: lazy.files }).toEqual({ text, files: whole });
    forms[lazy.form === "anchors" ? "anchors" : "entries"]++;
  }
  expect(Math.min(forms.anchors, forms.entries)).toBeGreaterThan(1000);
});

test("files are grouped by the versions that their names spell", () => {
  const random = new SeededRandom(440);
  const project = normalizeName("some-project");
  for (let count = 0; count < 500; count++) {
    const files = random.times(random.below(30), () => ({ filename: filename(random) }));
    const releases = groupByVersion(project, files);
    for (const [index, { version }] of releases.entries()) {
      const next = releases[index + 1];
      if (next) expect(compareVersions(version, next.version)).toBeGreaterThan(0);
    }
    for (const file of files) {
      const wheel = file.filename.endsWith(".whl") ? tryParseWheelFilename(file.filename) : undefined;
      const parsed = wheel?.project === project ? wheel : parseSdistFilename(file.filename, project);
      const home = releases.filter((release) => release.files.includes(file));
      const expected = parsed && releases.filter(({ version }) => compareVersions(version, parsed.version) === 0);
      expect([file.filename, home]).toEqual([file.filename, expected ?? []]);
    }
  }
});

test("an index of a page survives the disk, and a damaged one is noticed or harmless", async () => {
  const random = new SeededRandom(660);
  const project = normalizeName("some-project");
  for (let count = 0; count < 300; count++) {
    const body = Buffer.from(html(random, 0));
    const page = await readPageContent(body, { contentType: "text/html", url: PAGE_URL });
    const facts = {
      url: PAGE_URL,
      sha256: sha256(body),
      etag: random.pick([undefined, '"x"']),
      lastModified: undefined,
    };
    const encoded = encodePageIndex(facts, project, page);
    const index = openPageIndex(encoded);
    expect(index?.facts).toEqual(facts);
    const expected = groupByVersion(project, await parseIndexHtml(body.toString(), PAGE_URL));
    const releases = index?.releases(project, page.content);
    expect(releases?.versions).toEqual(expected.map(({ version }) => version));
    for (const [number, { files }] of expected.entries()) expect(releases?.files(number)).toEqual(files);
    expect(openPageIndex(encoded.subarray(0, random.below(encoded.length)))).toBeUndefined();
  }
});
