/**
 * A package index over a directory of wheels, in a process of its own: JSON and HTML, PEP 658 metadata, ETag, ranges.
 * A file that was just put there is offered at once. With `--plain` it is as bare as old indexes are: HTML, no ETag, no metadata.
 */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { createReadStream, readdirSync, readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const JSON_TYPE = "application/vnd.pypi.simple.v1+json";

/** Starts the server; `url` is its simple API. */
export async function startIndex(house, { plain = false } = {}) {
  const self = fileURLToPath(import.meta.url);
  const child = spawn(process.execPath, [self, house, ...(plain ? ["--plain"] : [])], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const url = await new Promise((resolve, reject) => {
    child.stdout.once("data", (chunk) => resolve(String(chunk).trim()));
    child.once("exit", () => reject(new Error("The local index did not start")));
  });
  return { url, stop: () => child.kill() };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) serve(process.argv[2], process.argv.includes("--plain"));

function serve(house, plain) {
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? "/", "http://localhost").pathname);
    const project = /^\/simple\/([^/]+)\/$/.exec(path)?.[1];
    const file = /^\/files\/([^/]+)$/.exec(path)?.[1];
    if (project) sendPage({ house, project, plain }, request, response);
    else if (file) sendFile(join(house, file), request, response);
    else send(response, 404, {}, "");
  });
  server.listen(0, "127.0.0.1", () => console.log(`http://127.0.0.1:${server.address().port}/simple/`));
  process.stdin.on("end", () => process.exit()).resume();
}

/** What the house holds, by project; listed anew when the directory has changed. What a wheel contains never changes. */
const shelves = { changed: undefined, projects: new Map(), facts: new Map() };

function filesOf(house, project) {
  const changed = statSync(house, { bigint: true }).mtimeNs;
  if (changed !== shelves.changed) {
    shelves.projects.clear();
    for (const name of readdirSync(house).sort()) {
      if (!name.endsWith(".whl")) continue;
      const others = shelves.projects.get(projectOf(name)) ?? [];
      shelves.projects.set(projectOf(name), [...others, name]);
    }
    shelves.changed = changed;
  }
  return (shelves.projects.get(project) ?? []).flatMap((name) => {
    try {
      if (!shelves.facts.has(name)) {
        shelves.facts.set(name, JSON.parse(readFileSync(join(house, `${name}.json`), "utf8")));
      }
      return { name, ...shelves.facts.get(name) };
    } catch {
      return [];
    }
  });
}

function sendPage({ house, project, plain }, request, response) {
  const known = filesOf(house, project);
  if (known.length === 0) return send(response, 404, {}, "");
  const asJson = !plain && (request.headers.accept ?? "").includes(JSON_TYPE);
  const body = asJson ? jsonPage(project, known) : htmlPage(known, plain);
  const type = { "content-type": asJson ? JSON_TYPE : "text/html; charset=utf-8" };
  if (plain) return send(response, 200, type, body);
  const etag = `"${createHash("sha256").update(body).digest("hex").slice(0, 32)}"`;
  const headers = { ...type, etag, "cache-control": "max-age=0", vary: "accept" };
  if (request.headers["if-none-match"] === etag) return send(response, 304, headers, "");
  return send(response, 200, headers, body);
}

function projectOf(wheel) {
  return wheel
    .split("-", 1)[0]
    .toLowerCase()
    .replace(/[-_.]+/g, "-");
}

function jsonPage(project, files) {
  return JSON.stringify({
    meta: { "api-version": "1.1" },
    name: project,
    versions: [...new Set(files.map(({ name }) => name.split("-")[1]))],
    files: files.map((file) => ({
      filename: file.name,
      url: `../../files/${encodeURIComponent(file.name)}`,
      hashes: { sha256: file.sha256 },
      size: file.size,
      "requires-python": file.requires_python,
      "core-metadata": { sha256: file.metadata_sha256 },
      yanked: false,
    })),
  });
}

function htmlPage(files, plain) {
  const links = files.map((file) => {
    const requires = file.requires_python ? ` data-requires-python="${escape(file.requires_python)}"` : "";
    const metadata = plain ? "" : ` data-core-metadata="sha256=${file.metadata_sha256}"`;
    return `<a href="../../files/${encodeURIComponent(file.name)}#sha256=${file.sha256}"${requires}${metadata}>${escape(file.name)}</a><br/>`;
  });
  return `<!DOCTYPE html><html><head><title>links</title></head><body>\n${links.join("\n")}\n</body></html>`;
}

function escape(text) {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

function sendFile(path, request, response) {
  const size = statSync(path, { throwIfNoEntry: false })?.size;
  if (size === undefined) return send(response, 404, {}, "");
  const range = /^bytes=(\d*)-(\d*)$/.exec(request.headers.range ?? "");
  const start = !range ? 0 : range[1] === "" ? Math.max(0, size - Number(range[2])) : Number(range[1]);
  const end = !range || range[1] === "" || range[2] === "" ? size - 1 : Math.min(size - 1, Number(range[2]));
  if (start > end) return send(response, 416, { "content-range": `bytes */${size}` }, "");
  const headers = {
    "content-length": end - start + 1,
    "content-type": "application/octet-stream",
    "accept-ranges": "bytes",
  };
  if (range) headers["content-range"] = `bytes ${start}-${end}/${size}`;
  response.writeHead(range ? 206 : 200, headers);
  if (request.method === "HEAD") return response.end();
  return createReadStream(path, { start, end }).pipe(response);
}

function send(response, status, headers, body) {
  const bytes = Buffer.from(body);
  response.writeHead(status, { ...headers, ...(status !== 304 && { "content-length": bytes.length }) });
  response.end(response.req.method === "HEAD" ? undefined : bytes);
}
