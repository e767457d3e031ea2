import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { fileStreams } from "../../src/archive/file-streams.ts";
import { cacheLayout, type CacheLayout } from "../../src/cache/layout.ts";
import { WheelStore } from "../../src/cache/wheel-store.ts";
import { ProjectIndex, type ProjectIndexOptions } from "../../src/index/project-index.ts";
import { normalizeName } from "../../src/standards/project-name.ts";
import type { ProjectFile } from "../../src/standards/simple-index.ts";
import { formatVersion } from "../../src/standards/version.ts";
import { CertificateAuthority } from "../support/certificates.ts";
import { IndexServer, type IndexServerOptions } from "../support/index-server.ts";
import { failureOf, TestNetwork, type TestNetworkOptions } from "../support/network.ts";
import { SeededRandom } from "../support/seeded-random.ts";
import { makeWheel, writeWheel, type MadeWheel, type WheelSpec } from "../support/wheel-maker.ts";

const authority = new CertificateAuthority();
const certificate = authority.issue("server", ["127.0.0.1"]);
const flask = normalizeName("flask");
const LINUX = { sys_platform: "linux" };

let network: TestNetwork;
let layout: CacheLayout;
let store: WheelStore;

beforeEach(() => {
  network = new TestNetwork();
  layout = cacheLayout(join(network.home, "root"));
  store = new WheelStore(layout, fileStreams);
});
afterEach(() => network.close());

/** An index as a new process would make it. */
function open(places: Partial<ProjectIndexOptions>, options: TestNetworkOptions = {}): ProjectIndex {
  const listener: ProjectIndexOptions["listener"] = (event) => void network.events.push(event);
  const client = network.client(options);
  const host = network.host();
  return new ProjectIndex({ indexes: [], findLinks: [], client, store, layout, host, listener, jobs: 4, ...places });
}

async function serve(options: IndexServerOptions = {}): Promise<IndexServer> {
  return network.use(IndexServer.start(options));
}

function wheel(version: string, more: Partial<WheelSpec> = {}): MadeWheel {
  return makeWheel({
    name: "flask",
    version,
    requires: ["click>=8", "dotenv; extra == 'dotenv'"],
    extras: ["dotenv"],
    ...more,
  });
}

/** Bytes that cannot be compressed, the same each time. */
function noise(size: number): Buffer {
  const random = new SeededRandom(size);
  return Buffer.from(random.times(size, () => random.below(256)));
}

/** Versions with the names of their files. */
async function listing(index: ProjectIndex, project = flask): Promise<unknown> {
  const releases = await index.releases(project, LINUX);
  return releases?.versions.map((version, number) => [
    formatVersion(version),
    ...releases.files(number).map(({ filename }) => filename),
  ]);
}

async function newest(index: ProjectIndex): Promise<ProjectFile> {
  const file = (await index.releases(flask, LINUX))?.files(0)[0];
  if (!file) throw new Error("There is no file");
  return file;
}

/** Everything below a directory that looks half-written. */
function leftovers(directory: string): string[] {
  if (!existsSync(directory)) return [];
  return readdirSync(directory, { recursive: true, encoding: "utf8" }).filter((name) => name.includes(".tmp"));
}

describe("project pages", () => {
  const files = [
    wheel("1.0"),
    wheel("1.10"),
    wheel("1.9rc1", { requiresPython: ">=3.8,<4" }),
    { filename: "Flask-1.0.tar.gz", bytes: Buffer.from("source") },
    { filename: "flask-1.0-py3-none-win32.whl", bytes: Buffer.from("wheel"), yanked: 'broken & "bad"' },
    { filename: "flask-1.0.0-py3-none-any.whl", bytes: Buffer.from("same version, other spelling") },
    { filename: "flask-not.a.version-py3-none-any.whl", bytes: Buffer.from("") },
    { filename: "other-1.0-py3-none-any.whl", bytes: Buffer.from("") },
    { filename: "flask-1.0.exe", bytes: Buffer.from("") },
    { filename: "flask-2.0+büild-py3-none-any.whl", bytes: Buffer.from("") },
  ];

  test.each([
    ["HTML", { pages: "html" }],
    ["JSON", { pages: "json" }],
    ["gzipped JSON by negotiation over HTTP/2", { pages: "negotiate", encoding: "gzip", tls: certificate }],
  ] satisfies [string, IndexServerOptions][])("%s: versions newest first, each with its files", async (_, options) => {
    const server = await serve(options);
    for (const file of files) server.add({ ...file, requiresPython: ">=3.8,<4" }, "flask");
    const cert = join(network.home, "ca.pem");
    writeFileSync(cert, authority.certificate);
    for (const run of ["cold", "warm"]) {
      const index = open({ indexes: [server.url] }, { cert });
      expect([run, await listing(index)]).toEqual([
        run,
        [
          ["1.10", "flask-1.10-py2.py3-none-any.whl"],
          ["1.9rc1", "flask-1.9rc1-py2.py3-none-any.whl"],
          [
            "1.0",
            "flask-1.0-py2.py3-none-any.whl",
            "Flask-1.0.tar.gz",
            "flask-1.0-py3-none-win32.whl",
            "flask-1.0.0-py3-none-any.whl",
          ],
        ],
      ]);
      expect((await index.releases(flask, LINUX))?.files(2)[2]).toMatchObject({
        url: `${server.origin}/files/flask-1.0-py3-none-win32.whl`,
        yanked: 'broken & "bad"',
        requiresPython: ">=3.8,<4",
        hashes: { sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
      });
      expect((await index.releases(flask, LINUX))?.files(99)).toEqual([]);
    }
  });

  test("a project that no place knows is unknown, which is no failure", async () => {
    const [one, two] = [await serve(), await serve()];
    two.fail("/simple/flask/", { kind: "status", status: 410 });
    mkdirSync(join(network.home, "links"));
    expect(await open({ indexes: [one.url, two.url], findLinks: ["links"] }).releases(flask, LINUX)).toBeUndefined();
  });

  test("a place that cannot be asked is never taken for one that does not know", async () => {
    const [good, bad] = [await serve(), await serve()];
    good.add(wheel("1.0"));
    bad.fail("/simple/flask/", ...Array.from({ length: 9 }, () => ({ kind: "reset" }) as const));
    const failure = await failureOf(Promise.resolve(open({ indexes: [good.url, bad.url] }).releases(flask, LINUX)));
    expect(failure.code).toBe("INDEX_UNREACHABLE");
  });

  test("a page that is not what it says is an error", async () => {
    const server = await serve();
    server.intercept = (_request, response) => {
      (response as { writeHead(status: number, headers: object): { end(text: string): void } })
        .writeHead(200, { "content-type": "application/vnd.pypi.simple.v1+json" })
        .end('{"meta":{"api-version":"2.0"},"files":[]}');
      return true;
    };
    expect((await failureOf(Promise.resolve(open({ indexes: [server.url] }).releases(flask, LINUX)))).code).toBe(
      "INVALID_INDEX_PAGE",
    );
    expect(readdirSync(network.home)).not.toContain("root");
  });

  test("an unusual page is read by the real HTML parser, and only once", async () => {
    const server = await serve();
    const page = `<html><!-- <a href="flask-9.0.tar.gz"> --><base href="/x/"><A HREF='flask-1.0.tar.gz'>f</A></html>`;
    server.intercept = (_request, response) => {
      (response as { end(text: string): void }).end(page);
      return true;
    };
    for (let run = 0; run < 2; run++) {
      const file = await newest(open({ indexes: [server.url] }));
      expect(file).toMatchObject({ filename: "flask-1.0.tar.gz", url: `${server.origin}/x/flask-1.0.tar.gz` });
    }
  });
});

describe("page cache", () => {
  function cached(extension: string): string {
    const name = readdirSync(layout.pages).find((each) => each.endsWith(extension));
    return join(layout.pages, name ?? `no ${extension}`);
  }

  test("without any help by the server, a page is fetched each time and taken apart only when it changed", async () => {
    const server = await serve();
    server.add(wheel("1.0"));
    await listing(open({ indexes: [server.url] }));
    // The content is kept, too, for builds that may ask nobody.
    expect(readdirSync(layout.pages)).toHaveLength(2);
    const path = cached(".index");
    // What is kept says another version than the page: proof that it is used.
    writeFileSync(path, readFileSync(path, "latin1").replace("[[1,0]]", "[[7,0]]"), "latin1");
    utimesSync(path, 1, 1);
    expect(await listing(open({ indexes: [server.url] }))).toEqual([["7.0", "flask-1.0-py2.py3-none-any.whl"]]);
    expect(statSync(path).mtimeMs).toBe(1000);
    expect(server.requests.map(({ status }) => status)).toEqual([200, 200]);
    server.add(wheel("1.1"));
    expect(await listing(open({ indexes: [server.url] }))).toEqual([
      ["1.1", "flask-1.1-py2.py3-none-any.whl"],
      ["1.0", "flask-1.0-py2.py3-none-any.whl"],
    ]);
  });

  test.each([
    ["HTML and an ETag", { etag: true }],
    ["JSON and an ETag", { etag: true, pages: "json" }],
  ] satisfies [string, IndexServerOptions][])("with %s an unchanged page is not sent again", async (_, options) => {
    const server = await serve(options);
    server.add(wheel("1.0"));
    const first = await listing(open({ indexes: [server.url] }));
    expect(await listing(open({ indexes: [server.url] }))).toEqual(first);
    server.add(wheel("1.1"));
    expect(await listing(open({ indexes: [server.url] }))).toHaveLength(2);
    expect(await listing(open({ indexes: [server.url] }))).toHaveLength(2);
    expect(server.requests.map(({ status }) => status)).toEqual([200, 304, 200, 304]);
    expect(readdirSync(layout.pages).filter((name) => name.endsWith(".content"))).toHaveLength(1);
  });

  test("a page is used without asking for as long as the server said", async () => {
    const server = await serve({ maxAge: 100 });
    server.add(wheel("1.0"));
    await listing(open({ indexes: [server.url] }));
    server.add(wheel("1.1"));
    expect(await listing(open({ indexes: [server.url] }))).toHaveLength(1);
    expect(server.requests).toHaveLength(1);
    writeFileSync(cached(".fresh"), String(Date.now() - 1));
    expect(await listing(open({ indexes: [server.url] }))).toHaveLength(2);
  });

  test.each([".index", ".content"])("a damaged or missing %s file costs a fetch, nothing else", async (extension) => {
    const server = await serve({ etag: true, pages: "json" });
    server.add(wheel("1.0"));
    const first = await listing(open({ indexes: [server.url] }));
    if (extension === ".index") writeFileSync(cached(extension), readFileSync(cached(extension)).subarray(0, 100));
    else (await import("node:fs")).rmSync(cached(extension));
    expect(await listing(open({ indexes: [server.url] }))).toEqual(first);
    expect(server.requests.map(({ status }) => status)).toEqual([200, 200]);
  });

  test("what was listed last time is at hand without asking, and is the answer if nothing has changed", async () => {
    const server = await serve({ etag: true });
    server.add(wheel("1.0"));
    expect(open({ indexes: [server.url] }).recall(flask, LINUX)).toBeUndefined();
    await listing(open({ indexes: [server.url] }));
    const same = open({ indexes: [server.url] });
    expect(same.recall(flask, LINUX)).toBe(await same.releases(flask, LINUX));
    const refreshed = open({ indexes: [server.url], isRefreshed: () => true });
    expect(refreshed.recall(flask, LINUX)).toBeUndefined();
    const changed = open({ indexes: [server.url] });
    server.add(wheel("1.1"));
    const recalled = changed.recall(flask, LINUX);
    expect(recalled?.versions.map(formatVersion)).toEqual(["1.0"]);
    expect((await changed.releases(flask, LINUX))?.versions.map(formatVersion)).toEqual(["1.1", "1.0"]);
  });

  test.each([1, 500])(
    "of %d files, those not looked at yet stay readable when others renew the page",
    async (count) => {
      const server = await serve({ etag: true });
      for (let number = 1; number <= count; number++) server.add(wheel(`1.${number}`));
      await listing(open({ indexes: [server.url] }));
      const releases = await open({ indexes: [server.url] }).releases(flask, LINUX);
      server.add(wheel("0.1"));
      await listing(open({ indexes: [server.url] }));
      expect(releases?.files(count - 1).map(({ filename }) => filename)).toEqual(["flask-1.1-py2.py3-none-any.whl"]);
    },
  );

  test("an ETag that changes while the page does not is noted", async () => {
    const server = await serve();
    let etag = '"one"';
    server.intercept = (_request, response, seen) => {
      const answer = response as { writeHead(status: number, headers?: object): { end(text?: string): void } };
      if (seen.headers["if-none-match"] === etag) answer.writeHead((seen.status = 304)).end();
      else answer.writeHead((seen.status = 200), { etag }).end('<a href="flask-1.0.tar.gz">x</a>');
      return true;
    };
    await listing(open({ indexes: [server.url] }));
    etag = '"two"';
    for (let run = 0; run < 2; run++) expect(await listing(open({ indexes: [server.url] }))).toHaveLength(1);
    expect(server.requests.map(({ status }) => status)).toEqual([200, 200, 304]);
  });

  test("a cache that cannot be written is done without", async () => {
    const server = await serve();
    server.add(wheel("1.0"));
    mkdirSync(layout.root, { recursive: true });
    writeFileSync(layout.pages, "in the way");
    expect(await listing(open({ indexes: [server.url] }))).toHaveLength(1);
  });
});

describe("metadata", () => {
  const big = { "flask/data.bin": noise(400_000) };
  const facts = {
    name: "flask",
    version: "1.0",
    requiresDist: ["click>=8", "dotenv; extra == 'dotenv'"],
    providesExtra: ["dotenv"],
  };

  async function ask(server: IndexServer): Promise<unknown> {
    const index = open({ indexes: [server.url] });
    const file = await newest(index);
    server.takePaths();
    return index.metadata(file);
  }

  test("PEP 658: one request for the separate file, none for the wheel", async () => {
    const server = await serve({ metadataFiles: true, pages: "json" });
    server.add(wheel("1.0"));
    expect(await ask(server)).toMatchObject(facts);
    expect(server.takePaths()).toEqual(["/files/flask-1.0-py2.py3-none-any.whl.metadata"]);
  });

  test("a separate file with the wrong digest is refused", async () => {
    const server = await serve({ metadataFiles: true });
    server.add(wheel("1.0"));
    server.intercept = (_request, response, { path }) => {
      if (path.endsWith(".metadata")) (response as { end(text: string): void }).end("Name: evil\n");
      return path.endsWith(".metadata");
    };
    expect(await failureOf(ask(server))).toMatchObject({ code: "HASH_MISMATCH" });
  });

  test("a separate file that was promised and is missing is done without", async () => {
    const server = await serve({ metadataFiles: true });
    server.add(wheel("1.0"));
    server.fail("/files/flask-1.0-py2.py3-none-any.whl.metadata", { kind: "status", status: 404 });
    expect(await ask(server)).toMatchObject(facts);
  });

  test("a small wheel comes whole with its metadata, and downloading it afterwards is free", async () => {
    const server = await serve();
    const made = wheel("1.0");
    server.add(made);
    expect(await ask(server)).toMatchObject(facts);
    expect(server.takePaths()).toEqual([`/files/${made.filename}`]);
    const index = open({ indexes: [server.url] });
    const stored = await index.download(await newest(index));
    expect(server.takePaths()).toEqual(["/simple/flask/"]);
    expect(stored).toMatchObject({ filename: made.filename, sha256: made.sha256, size: made.bytes.length });
    expect(readFileSync(stored.path).equals(made.bytes)).toBe(true);
  });

  test.each([
    ["at the end of the wheel", big, 1],
    ["at its start", undefined, 2],
  ])("of a big wheel only the needed ranges are fetched: METADATA %s", async (_, files, requests) => {
    const server = await serve();
    const made = wheel("1.0", { files: files ?? { "zz/later.bin": big["flask/data.bin"] } });
    server.add(files ? made : await withMetadataFirst(made));
    expect(await ask(server)).toMatchObject(facts);
    expect(server.requests).toHaveLength(requests);
    expect(server.requests.every(({ headers }) => headers["range"]?.startsWith("bytes="))).toBe(true);
    expect(existsSync(layout.wheels)).toBe(false);
  });

  test.each(["bytes 5-14/400000", "bytes */400000", "junk"])(
    "a server that answers ranges with %j sends the whole wheel then",
    async (range) => {
      const server = await serve();
      const made = wheel("1.0", { files: big });
      server.add(made);
      server.intercept = (_request, response, { headers }) => {
        if (headers["range"] === undefined) return false;
        (response as ServerResponse).writeHead(206, { "content-range": range }).end("0123456789");
        return true;
      };
      expect(await ask(server)).toMatchObject(facts);
      expect(readdirSync(layout.wheels)).toEqual([made.sha256]);
    },
  );

  test("a server without ranges sends the whole wheel, which is kept", async () => {
    const server = await serve({ ranges: false });
    const made = wheel("1.0", { files: big });
    server.add(made);
    expect(await ask(server)).toMatchObject(facts);
    expect(readdirSync(layout.wheels)).toEqual([made.sha256]);
  });

  test("is asked for once in a lifetime of the cache", async () => {
    const server = await serve();
    server.add(wheel("1.0", { files: big }));
    await ask(server);
    expect(await ask(server)).toMatchObject(facts);
    expect(server.takePaths()).toEqual([]);
  });

  test("that one server tells of a digest does not count for the file of another", async () => {
    const [evil, good] = [await serve(), await serve()];
    const made = wheel("1.0", { files: big });
    evil.add({ ...wheel("1.0", { files: big, requires: ["evil"] }), sha256: made.sha256 });
    good.add(made);
    expect(await ask(evil)).toMatchObject({ requiresDist: ["evil"] });
    expect(await ask(good)).toMatchObject(facts);
  });

  test("of a local wheel is read anew when the file changed", async () => {
    const house = join(network.home, "house");
    for (const requires of [["one"], ["other"]]) {
      writeWheel(house, { name: "flask", version: "1.0", requires });
      const index = open({ findLinks: [house] });
      const file = await newest(index);
      expect(await index.metadata(file)).toMatchObject({ requiresDist: requires });
      expect(index.knownMetadata(file)).toMatchObject({ requiresDist: requires });
    }
  });

  test("of files whose digest nobody tells is not kept, because the file may change", async () => {
    const server = await serve({ hashes: false });
    server.add(wheel("1.0", { files: big }));
    await ask(server);
    server.add(wheel("1.0", { files: big, requires: ["other"] }));
    expect(await ask(server)).toMatchObject({ requiresDist: ["other"] });
  });

  test("of another project is refused", async () => {
    const server = await serve();
    server.add({ ...makeWheel({ name: "evil", version: "1.0" }), filename: "flask-1.0-py3-none-any.whl" });
    expect(await failureOf(ask(server))).toMatchObject({
      code: "INCONSISTENT_METADATA",
      message: "The metadata in flask-1.0-py3-none-any.whl is that of another project: `evil`",
    });
  });

  test("of another version than that of the file's name is no metadata of it", async () => {
    const server = await serve();
    server.add({ ...makeWheel({ name: "flask", version: "1.1" }), filename: "flask-1.0-py3-none-any.whl" });
    expect(await failureOf(ask(server))).toMatchObject({
      code: "INVALID_METADATA",
      message: "The metadata in flask-1.0-py3-none-any.whl is that of version 1.1",
    });
    const other = await serve();
    other.add({ ...makeWheel({ name: "flask", version: "1.0.0" }), filename: "flask-1.0-py3-none-any.whl" });
    expect(await ask(other)).toMatchObject({ version: "1.0.0" });
  });

  test("of the wheel's own project is taken when there is that of others inside", async () => {
    const server = await serve();
    server.add(wheel("1.0", { files: { "evil-1.0.dist-info/METADATA": "Name: evil\nVersion: 1.0\n" } }));
    expect(await ask(server)).toMatchObject(facts);
  });

  test("that is not there makes a wheel unusable", async () => {
    const server = await serve();
    const { zipSync } = await import("fflate");
    server.add({ filename: "flask-1.0-py3-none-any.whl", bytes: zipSync({ "flask.py": Buffer.from("") }) });
    expect(await failureOf(ask(server))).toMatchObject({
      code: "WHEEL_WITHOUT_METADATA",
      message: "The wheel has no file METADATA: flask-1.0-py3-none-any.whl",
    });
  });

  test("a wheel that is no archive is told as that", async () => {
    const server = await serve();
    server.add({ filename: "flask-1.0-py3-none-any.whl", bytes: Buffer.alloc(100_000, "x") });
    expect((await failureOf(ask(server))).code).toBe("CORRUPT_WHEEL");
  });
});

/** The same members, METADATA first: as tools other than wheel's do it. */
async function withMetadataFirst(made: MadeWheel): Promise<MadeWheel> {
  const { unzipSync, zipSync } = await import("fflate");
  const members = Object.entries(unzipSync(made.bytes)).toSorted(([left], [right]) => left.localeCompare(right));
  return { ...made, bytes: zipSync(Object.fromEntries(members), { level: 0 }), sha256: "" };
}

describe("downloads", () => {
  const made = wheel("1.0", { files: { "flask/data.bin": noise(500_000) } });
  const path = `/files/${made.filename}`;

  async function download(server: IndexServer, options: Partial<ProjectIndexOptions> = {}): Promise<string> {
    const index = open({ indexes: [server.url], ...options });
    return (await index.download(await newest(index))).path;
  }

  test("arrive whole, are checked, and tell how far they are", async () => {
    const server = await serve();
    server.add(made);
    expect(readFileSync(await download(server)).equals(made.bytes)).toBe(true);
    expect(network.events[0]).toMatchObject({ kind: "download-begin", name: made.filename, bytes: made.bytes.length });
    expect(network.events.at(-2)).toMatchObject({ kind: "download-progress", bytes: made.bytes.length });
    expect(network.events.at(-1)).toMatchObject({ kind: "download-end" });
  });

  test("of the same file at the same time are one", async () => {
    const server = await serve();
    server.add(made);
    const index = open({ indexes: [server.url] });
    const file = await newest(index);
    server.takePaths();
    await Promise.all([index.download(file), index.download(file), index.download({ ...file })]);
    expect(server.takePaths()).toEqual([path]);
  });

  test("that break off are resumed", async () => {
    const server = await serve();
    server.add(made);
    server.fail(path, { kind: "cut", after: 100_000 }, { kind: "cut", after: 100_000 });
    await download(server);
    expect(server.requests.filter((request) => request.path === path)).toHaveLength(3);
  });

  test("with the wrong digest are refused, naming both digests, and leave nothing", async () => {
    const server = await serve();
    server.add({ ...made, sha256: "0".repeat(64) });
    const failure = await failureOf(download(server));
    expect(failure).toMatchObject({ code: "HASH_MISMATCH", hint: expect.any(String) });
    expect(failure.message).toContain(`expected sha256 ${"0".repeat(64)}, got ${made.sha256}`);
    expect(readdirSync(layout.wheels)).toEqual([]);
    expect(leftovers(layout.root)).toEqual([]);
  });

  test("that the server cannot finish leave nothing", async () => {
    const server = await serve();
    server.add(made);
    server.fail(path, ...Array.from({ length: 20 }, () => ({ kind: "cut", after: 0 }) as const));
    expect((await failureOf(download(server))).code).toBe("INDEX_UNREACHABLE");
    expect(existsSync(layout.wheels) ? readdirSync(layout.wheels) : []).toEqual([]);
  });

  test("that the index lists and does not have are told", async () => {
    const server = await serve();
    server.add(made);
    server.fail(path, { kind: "status", status: 404 });
    expect(await failureOf(download(server))).toMatchObject({
      code: "UNEXPECTED_ANSWER",
      message: `Unexpected status 404 from ${server.origin}${path}`,
    });
  });

  test("that are cancelled leave nothing", async () => {
    const server = await serve();
    server.add(made);
    server.fail(path, { kind: "stall", after: 50_000 });
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 100);
    const failure = await failureOf(download(server, { signal: controller.signal }));
    expect(failure.code).toBe("CANCELLED");
    expect(leftovers(layout.root)).toEqual([]);
  });
});

describe("find-links", () => {
  async function links(place: string): Promise<unknown> {
    return listing(open({ findLinks: [place] }));
  }

  test.each([
    ["a directory", () => "house"],
    ["a directory's URL", () => pathToFileURL(join(network.home, "house")).href],
    ["a directory below ~", () => "~/house"],
    ["one wheel", () => "house/flask-1.0-py2.py3-none-any.whl"],
    ["a page on disk", () => "house/links.html"],
  ])("%s", async (_, place) => {
    const house = join(network.home, "house");
    const path = writeWheel(house, { name: "flask", version: "1.0", requires: ["click"] });
    writeWheel(house, { name: "flask-cors", version: "3.0" });
    writeFileSync(join(house, "links.html"), '<a href="flask-1.0-py2.py3-none-any.whl">flask</a>');
    expect(await links(place())).toEqual([["1.0", "flask-1.0-py2.py3-none-any.whl"]]);
    const index = open({ findLinks: [place()] });
    const file = await newest(index);
    expect(await index.metadata(file)).toMatchObject({ requiresDist: ["click"] });
    expect(await index.download(file)).toMatchObject({ path, filename: "flask-1.0-py2.py3-none-any.whl" });
  });

  test("a remote page, and the URL of one wheel with its digest", async () => {
    const server = await serve();
    const made = wheel("1.0");
    server.add(made);
    expect(await links(`${server.origin}/simple/flask/`)).toHaveLength(1);
    const url = `${server.origin}/files/${made.filename}`;
    const index = open({ findLinks: [`${url}#sha256=${made.sha256}`] });
    expect(await newest(index)).toMatchObject({ url, hashes: { sha256: made.sha256 } });
    const wrong = open({ findLinks: [`${url}#sha256=${"0".repeat(64)}`] });
    expect((await failureOf(newest(wrong).then((file) => wrong.download(file)))).code).toBe("HASH_MISMATCH");
  });

  test("an index on disk, with and without pages", async () => {
    writeWheel(join(network.home, "index", "flask"), { name: "flask", version: "1.0" });
    const paged = join(network.home, "paged", "flask");
    mkdirSync(paged, { recursive: true });
    writeFileSync(join(paged, "index.html"), '<a href="../../index/flask/flask-1.0-py2.py3-none-any.whl">f</a>');
    for (const place of ["index", pathToFileURL(join(network.home, "paged")).href]) {
      const index = open({ indexes: [place] });
      expect(await listing(index)).toEqual([["1.0", "flask-1.0-py2.py3-none-any.whl"]]);
      expect(await index.releases(normalizeName("click"), LINUX)).toBeUndefined();
    }
  });

  test("a file of a local place wins over one of the same name from an index; versions are merged", async () => {
    const server = await serve();
    for (const version of ["1.0", "2.0"]) server.add(wheel(version));
    writeWheel(join(network.home, "house"), { name: "flask", version: "1.0" });
    writeWheel(join(network.home, "house"), { name: "flask", version: "1.5" });
    const index = open({ indexes: [server.url], findLinks: ["house"] });
    expect(await listing(index)).toEqual([
      ["2.0", "flask-2.0-py2.py3-none-any.whl"],
      ["1.5", "flask-1.5-py2.py3-none-any.whl"],
      ["1.0", "flask-1.0-py2.py3-none-any.whl"],
    ]);
    expect((await index.releases(flask, LINUX))?.files(2)[0]?.url).toMatch(/^file:/);
  });

  test("a place that is not there is told and ignored", async () => {
    expect(await links("nowhere")).toBeUndefined();
    expect(network.events).toEqual([
      { kind: "warning", text: `Ignored a place for packages that does not exist: ${join(network.home, "nowhere")}` },
    ]);
  });

  test("a place of an unknown kind is refused without showing its password", () => {
    expect(() => open({ findLinks: ["ftp://user:secret@index.example/"] })).toThrow(
      "Not a find-links place: `ftp://****@index.example/`",
    );
  });

  test("files of a page that is passworded are fetched with the same credentials", async () => {
    const server = await serve({ credentials: { user: "ali", password: "sesame" } });
    server.add(wheel("1.0"));
    const index = open({ indexes: [server.urlWith("ali", "sesame")] });
    const file = await newest(index);
    expect(file.url).not.toContain("sesame");
    await index.download(file);
    expect(
      JSON.stringify(readdirSync(layout.pages).map((name) => readFileSync(join(layout.pages, name), "latin1"))),
    ).not.toContain("sesame");
  });
});
