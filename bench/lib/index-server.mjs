/**
 * A package index over a directory of wheels, in a process of its own: JSON and HTML, PEP 658 metadata, ETag, ranges.
 * A file that was just put there is offered at once. With `--plain` it is as bare as old indexes are: HTML, no ETag, no metadata.
 */
import { createServer } from "node:http";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { serveParent, startChildServer } from "./child-server.mjs";
import { filesOf, htmlPage, JSON_TYPE, jsonPage } from "./house.mjs";
import { send, sendFile, sendPage, taggedPage } from "./responses.mjs";

const SELF = fileURLToPath(import.meta.url);
const HTML_TYPE = "text/html; charset=utf-8";

/** Starts the server; `url` is its simple API. */
export function startIndex(house, { plain = false } = {}) {
  return startChildServer(SELF, [house, ...(plain ? ["--plain"] : [])]);
}

if (process.argv[1] === SELF) serve(process.argv[2], process.argv.includes("--plain"));

function serve(house, plain) {
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? "/", "http://localhost").pathname);
    const project = /^\/simple\/([^/]+)\/$/.exec(path)?.[1];
    const file = /^\/files\/([^/]+)$/.exec(path)?.[1];
    if (project) answerPage({ house, project, plain }, request, response);
    else if (file) sendFile(join(house, file), request, response);
    else send(response, 404, {}, "");
  });
  serveParent(server, "/simple/");
}

function answerPage({ house, project, plain }, request, response) {
  const known = filesOf(house, project);
  if (known.length === 0) return send(response, 404, {}, "");
  if (plain) return send(response, 200, { "content-type": HTML_TYPE }, htmlPage(known, plain));
  const asJson = (request.headers.accept ?? "").includes(JSON_TYPE);
  const page = asJson ? taggedPage(jsonPage(project, known), JSON_TYPE) : taggedPage(htmlPage(known, plain), HTML_TYPE);
  return sendPage(page, request, response);
}
