import { once } from "node:events";
import { writeFileSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { join } from "node:path";
import { connect } from "node:tls";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import type { HttpClient } from "../../src/net/http-client.ts";
import { Http2Transport } from "../../src/net/http2.ts";
import { CertificateAuthority } from "../support/certificates.ts";
import { IndexServer, type IndexServerOptions } from "../support/index-server.ts";
import { failureOf, safeUrl, TestNetwork } from "../support/network.ts";

const authority = new CertificateAuthority();
const certificate = authority.issue("server", ["127.0.0.1", "localhost", "index.example"]);
const LIMIT = 10_000_000;

let network: TestNetwork;
let cert: string;

beforeEach(() => {
  network = new TestNetwork();
  cert = join(network.home, "authority.pem");
  writeFileSync(cert, authority.certificate);
});
afterEach(() => network.close());

const kinds: readonly (readonly [string, IndexServerOptions])[] = [
  ["HTTP/1.1", {}],
  ["HTTP/1.1 over TLS", { tls: certificate, http2: false }],
  ["HTTP/2", { tls: certificate }],
];

const file = { filename: "big-1.0-py3-none-any.whl", bytes: Buffer.alloc(300_000, "0123456789abcdef!") };
const filePath = `/files/${file.filename}`;

async function collect(client: HttpClient, url: string): Promise<Buffer> {
  const { pieces } = await client.stream(safeUrl(url));
  const chunks: Buffer[] = [];
  for await (const piece of pieces) chunks.push(piece);
  return Buffer.concat(chunks);
}

/** Makes the server send its answers in small pieces, endlessly unless `most` pieces are enough. */
function drip(
  server: IndexServer,
  piece: { readonly bytes: number; readonly every: number; readonly most?: number },
): void {
  server.intercept = (_request, response) => {
    const stream = response as { write(text: string): void; end(): void; on(event: "close", heard: () => void): void };
    let count = 0;
    const timer = setInterval(() => {
      if (count++ < (piece.most ?? Infinity)) stream.write("x".repeat(piece.bytes));
      else stream.end();
    }, piece.every);
    stream.on("close", () => clearInterval(timer));
    return true;
  };
}

describe.each(kinds)("%s", (name, options) => {
  async function setUp(more: IndexServerOptions = {}): Promise<IndexServer> {
    const server = await network.use(IndexServer.start({ ...options, ...more }));
    server.add(file);
    return server;
  }

  test("a client that was closed asks nobody any more", async () => {
    const server = await setUp();
    const client = network.client({ cert });
    client.close();
    expect(await failureOf(client.get(safeUrl(server.url), { limit: LIMIT }))).toMatchObject({ code: "CANCELLED" });
    expect(server.requests).toEqual([]);
  });

  test("many requests at once share few connections", async () => {
    const server = await setUp({ delay: 5 });
    const client = network.client({ cert });
    const paths = Array.from({ length: 60 }, (_, number) => safeUrl(`${server.origin}/files/none-${number}`));
    const answers = await Promise.all(paths.map((url) => client.get(url, { accept: [404], limit: LIMIT })));
    expect(answers.map(({ status }) => status)).toEqual(paths.map(() => 404));
    expect(server.requests.every(({ httpVersion }) => httpVersion === (name === "HTTP/2" ? "2.0" : "1.1"))).toBe(true);
    if (name === "HTTP/2") expect(server.connections).toBe(1);
    else expect(server.connections).toBeLessThanOrEqual(8);
  });

  test("a connection that is made ahead is the one that is used", async () => {
    const server = await setUp();
    const client = network.client({ cert });
    client.preconnect(safeUrl(server.url));
    await client.get(safeUrl(server.origin + filePath), { limit: LIMIT });
    await client.get(safeUrl(server.origin + filePath), { limit: LIMIT });
    expect(server.connections).toBe(1);
  });

  test.each([
    ["a reset connection", { kind: "reset" } as const],
    ["an answer that breaks off", { kind: "cut", after: 1000 } as const],
    ["status 503", { kind: "status", status: 503 } as const],
    ["status 429 with Retry-After", { kind: "status", status: 429, headers: { "retry-after": "0" } } as const],
  ])("%s is tried again", async (_, fault) => {
    const server = await setUp();
    server.fail(filePath, fault, fault);
    const { body } = await network.client({ cert }).get(safeUrl(server.origin + filePath), { limit: LIMIT });
    expect(body.equals(file.bytes)).toBe(true);
    expect(server.takePaths()).toEqual([filePath, filePath, filePath]);
  });

  test("what fails too often is the server's fault, told with its name and status", async () => {
    const server = await setUp();
    server.fail(filePath, ...Array.from({ length: 9 }, () => ({ kind: "status", status: 502 }) as const));
    const client = network.client({ cert, retries: 2 });
    const failure = await failureOf(client.get(safeUrl(server.origin + filePath), { limit: LIMIT }));
    expect(failure).toMatchObject({
      code: "INDEX_UNREACHABLE",
      message: `The server fails with status 502: ${server.origin}${filePath}`,
    });
    expect(server.requests).toHaveLength(3);
  });

  test.each([
    ["keeps silent", { kind: "silence" } as const],
    ["stops in the middle", { kind: "stall", after: 1000 } as const],
  ])("a server that %s is given up after the timeout", async (_, fault) => {
    const server = await setUp();
    server.fail(filePath, fault, fault);
    const client = network.client({ cert, retries: 1, timeout: 0.15 });
    const failure = await failureOf(client.get(safeUrl(server.origin + filePath), { limit: LIMIT }));
    expect(failure).toMatchObject({ code: "INDEX_UNREACHABLE", hint: expect.stringContaining("--timeout") });
    expect(failure.message).toBe(`Cannot reach ${new URL(server.origin).host}: no answer within 0.15 s`);
    expect(server.requests).toHaveLength(2);
  });

  test("a download that breaks off goes on where it was", async () => {
    const server = await setUp();
    server.fail(filePath, { kind: "cut", after: 100_000 }, { kind: "cut", after: 50_000 });
    const bytes = await collect(network.client({ cert }), server.origin + filePath);
    expect(bytes.equals(file.bytes)).toBe(true);
    const ranges = server.requests.map(({ headers }) => headers["range"]);
    expect(ranges).toHaveLength(3);
    expect(ranges[0]).toBeUndefined();
    const starts = ranges.slice(1).map((range) => Number(/^bytes=(\d+)-$/.exec(range ?? "")?.[1]));
    expect(starts[0]).toBeGreaterThan(0);
    expect(starts[1]).toBeGreaterThan(starts[0] ?? 0);
    expect(server.requests[1]?.headers["if-range"]).toMatch(/^"[0-9a-f]+"$/);
  });

  test("a server without ranges sends a broken download again, and nothing is doubled", async () => {
    const server = await setUp({ ranges: false });
    server.fail(filePath, { kind: "cut", after: 100_000 });
    const bytes = await collect(network.client({ cert }), server.origin + filePath);
    expect(bytes.equals(file.bytes)).toBe(true);
    expect(server.requests).toHaveLength(2);
  });

  test("a file that changes while it is downloaded is not stitched together", async () => {
    const server = await setUp();
    server.fail(filePath, { kind: "cut", after: 100_000 });
    server.intercept = (_request, _response, { headers }) => {
      if (headers["range"]) server.add({ ...file, bytes: Buffer.alloc(200_000, "x") });
      return false;
    };
    const failure = await failureOf(collect(network.client({ cert }), server.origin + filePath));
    expect(failure).toMatchObject({
      code: "UNEXPECTED_ANSWER",
      message: expect.stringContaining("Changed on the server"),
    });
  });

  test("a server that drips for ever is given up, and not asked again", async () => {
    const server = await setUp();
    drip(server, { bytes: 1, every: 20 });
    const url = server.origin + filePath;
    const started = performance.now();
    const client = network.client({ cert, timeout: 0.25 });
    const failures = await Promise.all([
      failureOf(client.get(safeUrl(url), { limit: LIMIT })),
      failureOf(collect(network.client({ cert, timeout: 0.25 }), url)),
    ]);
    for (const failure of failures) {
      expect(failure).toMatchObject({
        code: "INDEX_UNREACHABLE",
        message: expect.stringMatching(/^127\.0\.0\.1:\d+ sends too slowly: less than 4096 bytes in 1 s$/),
        hint: "try again later or from another server, or wait longer with --timeout SECONDS",
      });
    }
    expect(performance.now() - started).toBeLessThan(3000);
    expect(server.requests).toHaveLength(2);
  });

  test("a slow download goes on for many timeouts", async () => {
    const server = await setUp();
    drip(server, { bytes: 500, every: 25, most: 60 });
    const bytes = await collect(network.client({ cert, timeout: 0.25, retries: 0 }), server.origin + filePath);
    expect(bytes).toHaveLength(30_000);
  });

  test("an aborted request ends at once as cancelled", async () => {
    const server = await setUp();
    server.fail(filePath, { kind: "silence" });
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 20);
    const options = { limit: LIMIT, signal: controller.signal };
    const failure = await failureOf(network.client({ cert }).get(safeUrl(server.origin + filePath), options));
    expect(failure.code).toBe("CANCELLED");
  });

  test("parts of a file are parts, and the end of it can be asked for", async () => {
    const server = await setUp();
    const client = network.client({ cert });
    const url = safeUrl(server.origin + filePath);
    const tail = await client.part(url, { range: "bytes=-1000" });
    expect(tail).toMatchObject({ start: 299_000, size: 300_000, bytes: file.bytes.subarray(299_000) });
    const middle = await client.part(url, { range: "bytes=10-19" });
    expect(middle).toMatchObject({ start: 10, size: 300_000, bytes: file.bytes.subarray(10, 20) });
  });
});

test("a server that ends a kept HTTP/1.1 connection is simply asked again", async () => {
  const server = await network.use(IndexServer.start());
  server.add(file);
  const client = network.client({ retries: 0 });
  const url = safeUrl(server.origin + filePath);
  await client.get(url, { limit: LIMIT });
  server.intercept = (request, _response, seen) => {
    if (server.requests.indexOf(seen) !== 1) return false;
    request.socket.destroy();
    return true;
  };
  expect((await client.get(url, { limit: LIMIT })).status).toBe(200);
  expect(server.connections).toBe(2);
});

test("a server that ends an HTTP/2 connection between requests is connected to again", async () => {
  const server = await network.use(IndexServer.start({ tls: certificate }));
  server.add(file);
  const client = network.client({ cert });
  const url = safeUrl(server.origin + filePath);
  await client.get(url, { limit: LIMIT });
  server.intercept = (_request, response) => {
    const { stream } = response as { stream?: { session?: { goaway(): void } } };
    stream?.session?.goaway();
    return false;
  };
  await client.get(url, { limit: LIMIT });
  await client.get(url, { limit: LIMIT });
  expect(server.connections).toBeGreaterThan(1);
});

test("while a connection brings bytes for others, waiting for a turn is no silence", async () => {
  const server = await network.use(IndexServer.start({ tls: certificate }));
  server.intercept = (_request, response, { path }) => {
    const stream = response as { write(text: string): void; end(text: string): void };
    if (path === "/slow") {
      setTimeout(() => stream.end("done"), 500);
      return true;
    }
    let count = 0;
    const timer = setInterval(
      () => (++count < 14 ? stream.write("x".repeat(100)) : (clearInterval(timer), stream.end("x"))),
      50,
    );
    return true;
  };
  const client = network.client({ cert, timeout: 0.25, retries: 0 });
  const busy = client.get(safeUrl(`${server.origin}/busy`), { limit: LIMIT });
  const slow = await client.get(safeUrl(`${server.origin}/slow`), { limit: LIMIT });
  expect(slow.body.toString()).toBe("done");
  await busy;
});

describe("names", () => {
  test("a name is looked up once, however many connections there are", async () => {
    const server = await network.use(IndexServer.start({ delay: 5 }));
    let lookUps = 0;
    const client = network.client({
      resolver: async () => {
        lookUps++;
        return [{ address: "127.0.0.1", family: 4 }];
      },
    });
    const url = safeUrl(server.origin.replace("127.0.0.1", "index.example"));
    await Promise.all(Array.from({ length: 20 }, () => client.get(url, { accept: [404], limit: LIMIT })));
    expect(lookUps).toBe(1);
    expect(server.connections).toBeGreaterThan(1);
  });

  test("an address that does not answer leaves the place to the next one", async () => {
    const server = await network.use(IndexServer.start());
    const client = network.client({
      resolver: async () => [
        { address: "::1", family: 6 },
        { address: "127.0.0.1", family: 4 },
      ],
    });
    const url = safeUrl(server.origin.replace("127.0.0.1", "index.example"));
    expect((await client.get(url, { accept: [404], limit: LIMIT })).status).toBe(404);
  });

  test.each([
    ["EAI_AGAIN", "NETWORK_DOWN", "The network is down: cannot look up the name index.example"],
    ["ENETUNREACH", "NETWORK_DOWN", "The network is down: no way to index.example"],
    ["ENOTFOUND", "INDEX_UNREACHABLE", "Cannot reach index.example: there is no server of that name"],
  ])("%s of the resolver is told as %s", async (code, expected, message) => {
    const client = network.client({ resolver: () => Promise.reject(Object.assign(new Error("no"), { code })) });
    const failure = await failureOf(client.get(safeUrl("https://u:secret@index.example/simple/"), { limit: LIMIT }));
    expect(failure).toMatchObject({ code: expected, message });
    expect(failure.hint).toContain("--proxy");
  });

  test("whoever is aborted does not wait for a connection that is still being made", async () => {
    const client = network.client({ resolver: () => new Promise(() => {}) });
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 20);
    const url = safeUrl("https://index.example/");
    const failure = await failureOf(client.get(url, { limit: LIMIT, signal: controller.signal }));
    expect(failure.code).toBe("CANCELLED");
  });

  test("a refused connection names the server, not its password", async () => {
    const server = await IndexServer.start();
    const url = server.urlWith("user", "secret");
    await server.close();
    const failure = await failureOf(network.client().get(safeUrl(url), { limit: LIMIT }));
    expect(failure).toMatchObject({ code: "INDEX_UNREACHABLE" });
    expect(failure.message).toBe(`Cannot reach ${new URL(url).host}: connection refused`);
  });
});

describe("content encoding", () => {
  const pages = [{ filename: "flask-1.0-py3-none-any.whl", bytes: Buffer.from("wheel") }];

  test.each(["gzip", "deflate", "br"] as const)("%s is undone", async (encoding) => {
    const server = await network.use(IndexServer.start({ encoding }));
    for (const page of pages) server.add(page);
    const client = network.client();
    const packed = await client.get(safeUrl(`${server.url}flask/`), { limit: LIMIT, compressed: true });
    expect(packed.headers["content-encoding"]).toBe(encoding);
    const plain = await client.get(safeUrl(`${server.url}flask/`), { limit: LIMIT });
    expect(plain.headers["content-encoding"]).toBeUndefined();
    expect(packed.body.equals(plain.body)).toBe(true);
  });

  test("a small answer that unpacks to a huge one is refused", async () => {
    const server = await network.use(IndexServer.start({ encoding: "gzip" }));
    server.add({ ...pages[0]!, filename: "flask-1.0-py3-none-any.whl", yanked: "x".repeat(1_000_000) });
    const failure = await failureOf(
      network.client().get(safeUrl(`${server.url}flask/`), { limit: 100_000, compressed: true }),
    );
    expect(failure.code).toBe("UNEXPECTED_ANSWER");
    expect(failure.message).toContain("more than 100000 bytes");
  });

  test.each([
    ["zstd", "Unknown content encoding from"],
    ["gzip", "The answer is not `gzip`, as its header says: "],
  ])(
    "%s that the answer is not, or that nobody asked for, is refused by name, without asking again",
    async (encoding, says) => {
      const server = await network.use(IndexServer.start());
      server.intercept = (_request, response) => {
        (response as ServerResponse).writeHead(200, { "content-encoding": encoding }).end("xxxx");
        return true;
      };
      const failure = await failureOf(
        network.client().get(safeUrl(`${server.origin}/x`), { limit: LIMIT, compressed: true }),
      );
      expect(failure).toMatchObject({ code: "UNEXPECTED_ANSWER", message: expect.stringContaining(says) });
      expect(server.requests).toHaveLength(1);
    },
  );
});

test.each(["close", "abort"])(
  "a stream of HTTP/2 is ended (%s) only when its data have been handed over",
  async (way) => {
    const server = await network.use(IndexServer.start({ tls: certificate }));
    server.add(file);
    const url = new URL(server.origin + filePath);
    const socket = connect({
      host: url.hostname,
      port: Number(url.port),
      ca: authority.certificate,
      ALPNProtocols: ["h2"],
    });
    await once(socket, "secureConnect");
    const transport = new Http2Transport(server.origin, socket);
    const controller = new AbortController();
    const { signal } = controller;
    const { body } = await transport.send({ method: "GET", url, headers: {}, timeout: 10_000, signal });
    body.on("error", () => {});
    const closed = new Promise<void>((resolve) => body.once("close", resolve));
    const isEndedThen = await new Promise<boolean>((resolve) =>
      body.once("data", () => {
        if (way === "close") transport.close();
        else controller.abort();
        resolve(body.destroyed);
      }),
    );
    expect(isEndedThen).toBe(false);
    await closed;
    transport.close();
    expect([body.destroyed, transport.isOpen]).toEqual([true, false]);
  },
);
