/** What our servers answer: pages that say whether they have changed, and files in parts. */
import { createHash } from "node:crypto";
import { createReadStream, statSync } from "node:fs";

/** A page with its ETag, which is worked out once. */
export function taggedPage(body, type) {
  const bytes = Buffer.from(body);
  return { bytes, type, etag: `"${createHash("sha256").update(bytes).digest("hex").slice(0, 32)}"` };
}

/** The page, or 304 if that is the one which the client has. */
export function sendPage({ bytes, type, etag }, request, response) {
  const headers = { "content-type": type, etag, "cache-control": "max-age=0", vary: "accept" };
  if (request.headers["if-none-match"] === etag) return send(response, 304, headers, "");
  return send(response, 200, headers, bytes);
}

/** A file of the disk, or the range of it that is asked for. @param lifetime Its `cache-control`, if any. */
export function sendFile(path, request, response, lifetime) {
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
    ...(lifetime && { "cache-control": lifetime }),
  };
  if (range) headers["content-range"] = `bytes ${start}-${end}/${size}`;
  response.writeHead(range ? 206 : 200, headers);
  if (request.method === "HEAD") return response.end();
  return createReadStream(path, { start, end }).pipe(response);
}

export function send(response, status, headers, body) {
  const bytes = Buffer.from(body);
  response.writeHead(status, { ...headers, ...(status !== 304 && { "content-length": bytes.length }) });
  response.end(response.req.method === "HEAD" ? undefined : bytes);
}
