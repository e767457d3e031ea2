import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import type { HttpClient } from "../../src/net/http-client.ts";
import { CertificateAuthority } from "../support/certificates.ts";
import { IndexServer } from "../support/index-server.ts";
import { failureOf, safeUrl, TestNetwork } from "../support/network.ts";
import { ProxyServer } from "../support/proxy-server.ts";

const authority = new CertificateAuthority();
const certificate = authority.issue("server", ["127.0.0.1", "index.example"]);
const LIMIT = 1_000_000;
const OPEN_SESAME = { user: "ali", password: "open:sesame/ü" };

let network: TestNetwork;
let cert: string;

beforeEach(() => {
  network = new TestNetwork();
  cert = network.home + "/authority.pem";
  writeFileSync(cert, authority.certificate);
});
afterEach(() => network.close());

/** Asks for a project that nobody has. */
function ask(client: HttpClient, url: string): Promise<number> {
  return client.get(safeUrl(`${url}nothing/`), { accept: [404], limit: LIMIT }).then(({ status }) => status);
}

describe("trust", () => {
  const start = () => network.use(IndexServer.start({ tls: certificate }));

  test("a server of an unknown authority is refused, and the hint tells how to trust it", async () => {
    const failure = await failureOf(ask(network.client(), (await start()).url));
    expect(failure.code).toBe("TLS_ERROR");
    expect(failure.message).toMatch(/^Cannot trust 127\.0\.0\.1:\d+: /);
    expect(failure.hint).toContain("--cert FILE");
  });

  test.each([
    ["--cert", () => ({ cert })],
    ["pip's cert", () => ({ pip: { cert } })],
    ["REQUESTS_CA_BUNDLE", () => ({ env: { REQUESTS_CA_BUNDLE: cert } })],
    ["SSL_CERT_FILE", () => ({ env: { SSL_CERT_FILE: cert } })],
    ["SSL_CERT_DIR", () => ({ env: { SSL_CERT_DIR: network.home } })],
    [
      "SSL_CERT_DIR beside a file without it",
      () => ({ env: { SSL_CERT_FILE: otherAuthority(), SSL_CERT_DIR: network.home } }),
    ],
    ["a trusted host", () => ({ pip: { trustedHosts: ["127.0.0.1"] } })],
  ])("%s makes it trusted", async (_, options) => {
    expect(await ask(network.client(options()), (await start()).url)).toBe(404);
  });

  test("--cert replaces what the environment trusts", async () => {
    const client = network.client({ cert: otherAuthority(), env: { SSL_CERT_FILE: cert, REQUESTS_CA_BUNDLE: cert } });
    expect((await failureOf(ask(client, (await start()).url))).code).toBe("TLS_ERROR");
  });

  test("a certificate for another name is refused", async () => {
    const tls = authority.issue("server", ["other.example"]);
    const server = await network.use(IndexServer.start({ tls }));
    expect(await failureOf(ask(network.client({ cert }), server.url))).toMatchObject({
      code: "TLS_ERROR",
      message: expect.stringContaining("does not match"),
    });
  });

  test("a missing or unusable file of authorities is told by its name", async () => {
    const { url } = await start();
    const missing = await failureOf(ask(network.client({ cert: join(network.home, "missing.pem") }), url));
    expect(missing.message).toContain("missing.pem: no such file");
    const bad = join(network.home, "bad.pem");
    writeFileSync(bad, "nothing of that kind\n");
    const unusable = await failureOf(ask(network.client({ cert: bad }), url));
    expect(unusable).toMatchObject({ code: "NETWORK_CONFIG", message: `No certificates in ${bad}` });
  });

  test("a server that does not speak TLS is told as that", async () => {
    const server = await network.use(IndexServer.start());
    const failure = await failureOf(ask(network.client(), server.url.replace("http:", "https:")));
    expect(failure).toMatchObject({ code: "TLS_ERROR", message: expect.stringContaining("does not speak TLS") });
  });

  test("a server that wants a client certificate gets it, and without it the hint names the option", async () => {
    const options = { tls: certificate, clientAuthority: authority.certificate };
    const server = await network.use(IndexServer.start(options));
    const client = authority.issue("client");
    const clientCert = join(network.home, "client.pem");
    writeFileSync(clientCert, `${client.certificate}${client.key}`);
    expect(await ask(network.client({ cert, clientCert }), server.url)).toBe(404);
    const failure = await failureOf(ask(network.client({ cert, retries: 0 }), server.url));
    expect(failure).toMatchObject({ code: "TLS_ERROR", hint: expect.stringContaining("--client-cert") });
  });

  test("the authority that vouched for a server is remembered, but counts only while it is trusted", async () => {
    const server = await start();
    const cacheDirectory = join(network.home, "cache");
    await ask(network.client({ cert, cacheDirectory }), server.url);
    await new Promise((resolve) => setTimeout(resolve, 20));
    const directory = join(cacheDirectory, "authorities");
    const [remembered = ""] = readdirSync(directory);
    expect(authority.certificate).toContain(readFileSync(join(directory, remembered), "utf8"));
    expect(await ask(network.client({ cert, cacheDirectory }), server.url)).toBe(404);
    const elsewhere = network.client({ cert: otherAuthority(), cacheDirectory });
    expect((await failureOf(ask(elsewhere, server.url))).code).toBe("TLS_ERROR");
  });

  test("a remembered authority that does not fit any more does no harm", async () => {
    const server = await start();
    const cacheDirectory = join(network.home, "cache");
    await ask(network.client({ cert, cacheDirectory }), server.url);
    await new Promise((resolve) => setTimeout(resolve, 20));
    const directory = join(cacheDirectory, "authorities");
    const other = new CertificateAuthority("other").certificate;
    writeFileSync(cert, other + authority.certificate);
    writeFileSync(join(directory, readdirSync(directory)[0] ?? ""), other.trim());
    expect(await ask(network.client({ cert, cacheDirectory }), server.url)).toBe(404);
  });

  function otherAuthority(): string {
    const path = join(network.home, "other-authority.bundle");
    writeFileSync(path, new CertificateAuthority("other").certificate);
    return path;
  }
});

describe("redirects", () => {
  /** A server that sends everything below /simple/ somewhere else. */
  async function redirecting(target: string, options = {}): Promise<IndexServer> {
    const server = await network.use(IndexServer.start(options));
    server.intercept = (_request, response, { path }) => {
      if (!path.startsWith("/simple/")) return false;
      (response as { writeHead(status: number, headers: object): { end(): void } })
        .writeHead(302, { location: target })
        .end();
      return true;
    };
    return server;
  }

  test("are followed, and relative ones are relative to the page", async () => {
    const server = await redirecting("../../files/x");
    expect(await ask(network.client(), server.url)).toBe(404);
    expect(server.takePaths()).toEqual(["/simple/nothing/", "/files/x"]);
  });

  test("do not carry credentials to another server", async () => {
    const target = await network.use(IndexServer.start());
    const server = await redirecting(`${target.origin}/elsewhere`, { credentials: OPEN_SESAME });
    expect(await ask(network.client(), server.urlWith(OPEN_SESAME.user, OPEN_SESAME.password))).toBe(404);
    expect(server.requests[0]?.headers["authorization"]).toMatch(/^Basic /);
    expect(target.requests[0]?.headers["authorization"]).toBeUndefined();
  });

  test("that go in a circle end", async () => {
    const server = await redirecting("/simple/nothing/");
    expect(await failureOf(ask(network.client(), server.url))).toMatchObject({
      code: "UNEXPECTED_ANSWER",
      message: `Too many redirects: ${server.url}nothing/`,
    });
  });

  test.each(["file:///etc/passwd", "ftp://index.example/", "http://index.example/"])(
    "from https to %s are refused",
    async (target) => {
      const server = await redirecting(target, { tls: certificate });
      expect(await failureOf(ask(network.client({ cert }), server.url))).toMatchObject({
        code: "UNEXPECTED_ANSWER",
        message: `Refused an unsafe redirect from ${server.url}nothing/ to ${target}`,
      });
    },
  );
});

describe("credentials", () => {
  const start = () => network.use(IndexServer.start({ credentials: OPEN_SESAME }));

  test("a server that wants some is told as that, with everything that can be done, and no secret", async () => {
    const server = await start();
    const failure = await failureOf(ask(network.client(), server.urlWith("ali", "wrong-secret")));
    expect(failure).toMatchObject({ code: "INDEX_AUTH" });
    expect(failure.message).toContain("(401)");
    expect(JSON.stringify(failure)).not.toContain("wrong-secret");
    expect(failure.hint).toMatch(/URL.*netrc.*keyring/);
    expect(server.requests).toHaveLength(1);
  });

  test("403 is a matter of credentials too", async () => {
    const server = await start();
    server.fail("/simple/nothing/", { kind: "status", status: 403 });
    expect((await failureOf(ask(network.client(), server.url))).code).toBe("INDEX_AUTH");
  });

  test("those in the URL are sent decoded", async () => {
    const server = await start();
    expect(await ask(network.client(), server.urlWith(OPEN_SESAME.user, OPEN_SESAME.password))).toBe(404);
  });

  test("those in an index's URL count for everything on its server, and for no other", async () => {
    const [server, other] = [await start(), await start()];
    const client = network.client();
    client.addIndex(safeUrl(server.urlWith(OPEN_SESAME.user, OPEN_SESAME.password)));
    expect(await ask(client, server.url)).toBe(404);
    expect((await failureOf(ask(client, other.url))).code).toBe("INDEX_AUTH");
    expect(other.requests[0]?.headers["authorization"]).toBeUndefined();
  });

  test.each([
    ["~/.netrc", () => ({ path: join(network.home, ".netrc"), env: {} })],
    ["$NETRC", () => ({ path: join(network.home, "secrets"), env: { NETRC: join(network.home, "secrets") } })],
  ])("those in %s are used", async (_, place) => {
    const { path, env } = place();
    writeFileSync(path, `machine 127.0.0.1 login ${OPEN_SESAME.user} password "${OPEN_SESAME.password}"\n`);
    expect(await ask(network.client({ env }), (await start()).url)).toBe(404);
  });

  test("a netrc file that cannot be read is told and ignored", async () => {
    writeFileSync(join(network.home, ".netrc"), "nonsense\n");
    await failureOf(ask(network.client(), (await start()).url));
    expect(network.events).toEqual([
      { kind: "warning", text: `Ignored ${join(network.home, ".netrc")}: bad keyword on line 2` },
    ]);
  });

  function keyring(script: string): Readonly<Record<string, string>> {
    const bin = join(network.home, "bin");
    mkdirSync(bin);
    writeFileSync(join(bin, "keyring"), `#!/bin/sh\n${script}\n`);
    chmodSync(join(bin, "keyring"), 0o755);
    return { PATH: `${bin}:/usr/bin:/bin` };
  }

  test("the keyring is asked once, after a 401, for the user in the URL", async () => {
    const server = await start();
    const log = join(network.home, "asked");
    const env = keyring(`echo "$@" >> ${log}; test "$2" = "${server.url}" && echo '${OPEN_SESAME.password}'`);
    const client = network.client({ env, pip: { keyringProvider: "subprocess" } });
    const url = server.url.replace("://", `://${OPEN_SESAME.user}@`);
    client.addIndex(safeUrl(url));
    expect(await Promise.all([ask(client, url), ask(client, url)])).toEqual([404, 404]);
    expect(await ask(client, server.url)).toBe(404);
    expect(readFileSync(log, "utf8")).toBe(`get ${server.url} ali\n`);
    expect(server.requests).toHaveLength(5);
  });

  test("a keyring that prints something else than a password is told as that, and one that hangs can be left", async () => {
    const server = await start();
    const url = server.url.replace("://", `://${OPEN_SESAME.user}@`);
    const pip = { keyringProvider: "subprocess" } as const;
    const env = keyring(`test -e ${network.home}/hangs && sleep 60; printf 'Traceback:\\n  line 1\\n'`);
    expect((await failureOf(ask(network.client({ env, pip }), url))).code).toBe("INDEX_AUTH");
    expect(network.events).toContainEqual({
      kind: "warning",
      text: "Ignored what the keyring printed: it is no password",
    });
    writeFileSync(join(network.home, "hangs"), "");
    const signal = AbortSignal.timeout(500);
    const hanging = network.client({ env, pip }).get(safeUrl(url), { limit: LIMIT, signal });
    expect((await failureOf(hanging)).code).toBe("CANCELLED");
  });

  test("the keyring is not asked unless pip is configured so", async () => {
    const server = await start();
    const log = join(network.home, "asked");
    const client = network.client({ env: keyring(`echo x > ${log}; echo pw`) });
    const url = server.url.replace("://", `://${OPEN_SESAME.user}@`);
    expect((await failureOf(ask(client, url))).code).toBe("INDEX_AUTH");
    expect(readdirSync(network.home)).not.toContain("asked");
  });
});

describe("proxies", () => {
  test("plain resources are asked of the proxy by their whole URL", async () => {
    const server = await network.use(IndexServer.start());
    const proxy = await network.use(ProxyServer.start());
    expect(await ask(network.client({ proxy: proxy.url }), server.url)).toBe(404);
    expect(proxy.requests).toEqual([`GET ${server.url}nothing/`]);
  });

  test.each([
    ["HTTP/2", {}],
    ["HTTP/1.1", { http2: false }],
  ])("encrypted ones go through a tunnel (%s)", async (_, options) => {
    const server = await network.use(IndexServer.start({ tls: certificate, ...options }));
    const proxy = await network.use(ProxyServer.start());
    const client = network.client({ cert, env: { HTTPS_PROXY: proxy.url } });
    expect(await ask(client, server.url)).toBe(404);
    expect(await ask(client, server.url)).toBe(404);
    expect(proxy.requests).toEqual([`CONNECT ${new URL(server.url).host}`]);
  });

  test("a proxy may itself be reached over TLS", async () => {
    const server = await network.use(IndexServer.start({ tls: certificate }));
    const proxy = await network.use(ProxyServer.start({ tls: certificate }));
    expect(await ask(network.client({ cert, proxy: proxy.url }), server.url)).toBe(404);
    expect(proxy.requests).toHaveLength(1);
  });

  test.each([
    ["plain", {}],
    ["encrypted", { tls: certificate }],
  ])("user and password in the proxy's URL open it (%s)", async (_, options) => {
    const server = await network.use(IndexServer.start(options));
    const proxy = await network.use(ProxyServer.start({ credentials: OPEN_SESAME }));
    const open = network.client({ cert, proxy: proxy.urlWith(OPEN_SESAME.user, OPEN_SESAME.password) });
    expect(await ask(open, server.url)).toBe(404);
    const failure = await failureOf(ask(network.client({ cert, proxy: proxy.urlWith("ali", "guess") }), server.url));
    expect(failure).toMatchObject({ code: "PROXY", message: expect.stringContaining("asks for a user and password") });
    expect(JSON.stringify(failure)).not.toContain("guess");
  });

  test("a proxy that forbids the server is told as that", async () => {
    const server = await network.use(IndexServer.start({ tls: certificate }));
    const proxy = await network.use(ProxyServer.start({ refuse: 403 }));
    expect(await failureOf(ask(network.client({ cert, proxy: proxy.url }), server.url))).toMatchObject({
      code: "PROXY",
      message: `The proxy refuses the connection with status 403: ${proxy.url}/`,
    });
  });

  test("a proxy that is not there is told as that, not as a missing index", async () => {
    const proxy = await ProxyServer.start();
    await proxy.close();
    const client = network.client({ env: { https_proxy: proxy.url }, retries: 1 });
    expect(await failureOf(ask(client, "https://index.example/simple/"))).toMatchObject({
      code: "PROXY",
      message: `Cannot reach the proxy ${proxy.url}/: connection refused`,
      hint: expect.stringContaining("NO_PROXY"),
    });
  });

  test("servers in NO_PROXY are reached without it", async () => {
    const server = await network.use(IndexServer.start());
    const proxy = await network.use(ProxyServer.start());
    const client = network.client({ env: { http_proxy: proxy.url, NO_PROXY: "example.org, 127.0.0.0/8" } });
    expect(await ask(client, server.url)).toBe(404);
    expect(proxy.requests).toEqual([]);
  });
});
