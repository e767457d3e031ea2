import { describe, expect, test } from "vitest";

import { InvalidIndexPage, parseIndexHtml, parseIndexJson } from "../../../src/standards/simple-index.ts";

const PAGE = "https://index.example/simple/flask/";
const DIGEST = "0123456789abcdef".repeat(4);

const PLAIN = {
  filename: "flask-3.0-py3-none-any.whl",
  url: "https://index.example/simple/flask/flask-3.0-py3-none-any.whl",
  hashes: {},
  requiresPython: undefined,
  yanked: undefined,
  size: undefined,
  metadata: undefined,
  uploadTime: undefined,
};

async function link(attributes: string, page = ""): Promise<unknown> {
  const files = await parseIndexHtml(
    `<!DOCTYPE html><html><head>${page}</head><body><a ${attributes}>x</a></body></html>`,
    PAGE,
  );
  return files.length === 1 ? files[0] : files;
}

describe("a project page in HTML", () => {
  test("gives absolute URLs without fragment, and the digest from it", async () => {
    const href = `../../files/flask-3.0-py3-none-any.whl#sha256=${DIGEST.toUpperCase()}`;
    const url = "https://index.example/files/flask-3.0-py3-none-any.whl";
    expect(await link(`href="${href}"`)).toEqual({ ...PLAIN, url, hashes: { sha256: DIGEST } });
  });

  test.each([
    ['data-requires-python="&gt;=3.8, &lt;4"', { requiresPython: ">=3.8, <4" }],
    ['data-requires-python=""', { requiresPython: undefined }],
    ["data-yanked", { yanked: "" }],
    ['data-yanked=""', { yanked: "" }],
    ['data-yanked="broken &quot;wheel&quot;"', { yanked: 'broken "wheel"' }],
    [`data-core-metadata="sha256=${DIGEST}"`, { metadata: DIGEST }],
    [`data-dist-info-metadata="sha256=${DIGEST}"`, { metadata: DIGEST }],
    [`data-dist-info-metadata="true" data-core-metadata="sha256=${DIGEST}"`, { metadata: DIGEST }],
    ['data-dist-info-metadata="true"', { metadata: true }],
    ['data-core-metadata="md5=00"', { metadata: true }],
    ['data-core-metadata="false"', { metadata: undefined }],
    ['DATA-YANKED = "why"', { yanked: "why" }],
  ])("reads %s", async (attributes, expected) => {
    expect(await link(`href="flask-3.0-py3-none-any.whl" ${attributes}`)).toEqual({ ...PLAIN, ...expected });
  });

  test.each([
    ["a%2Bb-1.0.zip", "a+b-1.0.zip"],
    ["a-1.0%2Bcu118-py3-none-any.whl", "a-1.0+cu118-py3-none-any.whl"],
    ["x.zip?download=1#egg=x", "x.zip"],
    ["  x.zip\n", "x.zip"],
  ])("names the file of %j", async (href, filename) => {
    expect(await link(`href="${href}"`)).toMatchObject({ filename });
  });

  test.each([
    "",
    "/simple/",
    "..%2fevil.whl",
    "a%00.whl",
    "%ff.whl",
    "mailto:someone",
    "javascript:x",
    "https://",
    "..%5cx.zip",
  ])("passes over the link %j", async (href) => {
    expect(await link(`href="${href}"`)).toEqual([]);
  });

  test("takes several facts from a fragment", async () => {
    const href = "x-1.0.zip#egg=x&amp;sha256=0aFF&amp;md5=zz&amp;subdirectory=d";
    expect(await link(`href="${href}"`)).toMatchObject({ hashes: { sha256: "0aff" } });
  });

  test("resolves links against the first base", async () => {
    const base = '<base href="/mirror/"><base href="/no/">';
    expect(await link('href="x-1.0.zip"', base)).toMatchObject({ url: "https://index.example/mirror/x-1.0.zip" });
  });

  test("finds the links of any HTML, and none in comments and scripts", async () => {
    const html = `<html><!-- <a href="no-1.zip"> --><script>"<a href='no-2.zip'>"</script>
      <A HREF=a-1.zip>a</A><a
        href = 'b-1.zip' class>b<a href="c&#45;1.zip">c</a></a><a name="x"></a><a href="d-1.zip" href="no-3.zip">`;
    const files = await parseIndexHtml(html, PAGE);
    expect(files.map((file) => file.filename)).toEqual(["a-1.zip", "b-1.zip", "c-1.zip", "d-1.zip"]);
  });
});

describe("a project page in JSON", () => {
  function file(facts: Record<string, unknown>): unknown {
    const all = { filename: PLAIN.filename, url: "flask-3.0-py3-none-any.whl", hashes: {}, ...facts };
    const [only] = parseIndexJson(
      JSON.stringify({ meta: { "api-version": "1.3" }, name: "flask", files: [all] }),
      PAGE,
    );
    return only;
  }

  test.each([
    [{}, {}],
    [{ hashes: { SHA256: DIGEST.toUpperCase(), md5: 7 } }, { hashes: { sha256: DIGEST } }],
    [{ "requires-python": ">=3.8" }, { requiresPython: ">=3.8" }],
    [{ "requires-python": null }, {}],
    [{ yanked: true }, { yanked: "" }],
    [{ yanked: "broken" }, { yanked: "broken" }],
    [{ yanked: false }, {}],
    [{ size: 1234 }, { size: 1234 }],
    [{ size: -1 }, {}],
    [{ size: "12" }, {}],
    [{ "upload-time": "2024-01-01T00:00:00Z" }, { uploadTime: "2024-01-01T00:00:00Z" }],
    [{ "core-metadata": { sha256: DIGEST } }, { metadata: DIGEST }],
    [{ "core-metadata": true }, { metadata: true }],
    [{ "core-metadata": false, "dist-info-metadata": true }, {}],
    [{ "dist-info-metadata": { sha256: DIGEST } }, { metadata: DIGEST }],
    [{ "data-dist-info-metadata": { sha512: "00" } }, { metadata: true }],
    [{ provenance: "https://x.example", "gpg-sig": true }, {}],
  ])("reads %j", (facts, expected) => {
    expect(file(facts)).toEqual({ ...PLAIN, ...expected });
  });

  test.each([
    { filename: "../x.whl" },
    { filename: "" },
    { filename: 3 },
    { filename: "a\nb" },
    { url: null },
    { url: "ftp://x/y" },
  ])("passes over the unusable file %j", (facts) => {
    expect(file(facts)).toBeUndefined();
  });

  test.each(["", "[]", "{}", '{"files": {}}', "<html>", '{"meta": {"api-version": "2.0"}, "files": []}'])(
    "is not %j",
    (text) => {
      expect(() => parseIndexJson(text, PAGE)).toThrow(InvalidIndexPage);
    },
  );

  test("survives names that JavaScript gives a meaning", () => {
    expect(file({ hashes: { ["__proto__"]: "00", constructor: "ab" } })).toMatchObject({
      hashes: { constructor: "ab" },
    });
  });
});
