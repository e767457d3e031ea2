/**
 * The server of mirror.mjs. What is asked of it for the first time comes from the upstream index: JSON is made of pages in
 * HTML, and files of metadata (PEP 658) of ranges of the wheels. Of `bench-…` projects it has what lies in the house now.
 */
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";

import { fileStreams } from "../../src/archive/file-streams.ts";
import { currentHost } from "../../src/base/host.ts";
import { OnceMap } from "../../src/base/once-map.ts";
import { SafeUrl } from "../../src/base/safe-url.ts";
import { cacheLayout } from "../../src/cache/layout.ts";
import { WheelStore } from "../../src/cache/wheel-store.ts";
import { readRemoteMetadata } from "../../src/index/remote-metadata.ts";
import { HttpClient } from "../../src/net/http-client.ts";
import { readPipConfig } from "../../src/net/pip-config.ts";
import { networkSettings } from "../../src/net/settings.ts";
import { parseIndexHtml, parseIndexJson } from "../../src/standards/simple-index.ts";
import { serveParent } from "./child-server.mjs";
import { filesOf, JSON_TYPE, jsonPage } from "./house.mjs";
import { send, sendFile, sendPage, taggedPage } from "./responses.mjs";

const [house, store, scratchDirectory, upstream] = process.argv.slice(2);
const host = currentHost();
/** Small wheels come whole when their metadata is read. */
const scratch = new WheelStore(cacheLayout(scratchDirectory), fileStreams);
const client = new HttpClient(networkSettings({}, { host, pip: readPipConfig(host) }));
const LARGEST = 1 << 30;
/** Files never change; pages are asked for again each time. */
const FOREVER = "max-age=365000000, immutable";

const pages = new OnceMap();
const files = new OnceMap();
/** Files of the upstream index by name, for all pages that were asked for. */
const known = new Map();

const server = createServer((request, response) => {
  const path = decodeURIComponent(new URL(request.url ?? "/", "http://localhost").pathname);
  answer(path, request, response).catch((error) => {
    process.stderr.write(`mirror: ${request.url}: ${error.message}\n`);
    send(response, 502, {}, "");
  });
});
serveParent(server, "/simple/");

async function answer(path, request, response) {
  const [, project] = /^\/simple\/([^/]+)\/$/.exec(path) ?? [];
  const [, name] = /^\/files\/([^/]+)$/.exec(path) ?? [];
  if (project) {
    const page = await pageOf(project);
    return page ? sendPage(page, request, response) : send(response, 404, {}, "");
  }
  if (!name) return send(response, 404, {}, "");
  if (name.startsWith("bench_")) return sendFile(join(house, name), request, response, FOREVER);
  return sendFile(await files.get(name, () => fetched(name)), request, response, FOREVER);
}

function pageOf(project) {
  if (!project.startsWith("bench-")) return pages.get(project, () => mirrored(project));
  const own = filesOf(house, project);
  return own.length === 0 ? undefined : taggedPage(jsonPage(project, own), JSON_TYPE);
}

async function mirrored(project) {
  const path = join(store, "pages", `${project}.json`);
  const entries = existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : await fetchPage(project);
  if (!existsSync(path)) keep(path, JSON.stringify(entries));
  for (const file of entries ?? []) known.set(file.filename, file);
  return entries && taggedPage(pageText(project, entries), JSON_TYPE);
}

/** The files that the upstream index has of a project; `null` if it does not know it. */
async function fetchPage(project) {
  const url = SafeUrl.parse(`${upstream.replace(/\/*$/, "/")}${project}/`);
  const headers = { accept: `${JSON_TYPE}, text/html;q=0.1` };
  const page = await client.get(url, { headers, accept: [200, 404], limit: LARGEST, compressed: true });
  if (page.status === 404) return null;
  const parse = page.headers["content-type"]?.startsWith(JSON_TYPE) ? parseIndexJson : parseIndexHtml;
  return parse(page.body.toString("utf8"), page.url.identity);
}

function pageText(project, entries) {
  return JSON.stringify({
    meta: { "api-version": "1.1" },
    name: project,
    files: entries.map((file) => ({
      filename: file.filename,
      url: `../../files/${encodeURIComponent(file.filename)}`,
      hashes: file.hashes,
      "requires-python": file.requiresPython,
      "core-metadata": file.filename.endsWith(".whl"),
      size: file.size,
      "upload-time": file.uploadTime,
      yanked: file.yanked ?? false,
    })),
  });
}

/** Where the copy of a file lies, or of the metadata beside it. */
async function fetched(name) {
  const path = join(store, "files", name);
  if (existsSync(path)) return path;
  const wheel = /^(.*\.whl)\.metadata$/.exec(name)?.[1];
  const file = known.get(wheel ?? name);
  if (!file) return path;
  keep(path, wheel ? await readRemoteMetadata(file, { client, store: scratch }) : await wholeFile(file));
  return path;
}

async function wholeFile({ url }) {
  return (await client.get(SafeUrl.parse(url), { limit: LARGEST })).body;
}

function keep(path, content) {
  const temporary = `${path}.${process.pid}.new`;
  writeFileSync(temporary, content);
  renameSync(temporary, path);
}
