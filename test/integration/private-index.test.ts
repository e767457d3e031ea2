/** Whole builds from indexes that want to know who asks: every way to tell them, and nothing that tells others. */
import { chmodSync, readFileSync } from "node:fs";
import { unzipSync } from "fflate";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";

import { CertificateAuthority } from "../support/certificates.ts";
import { IndexServer } from "../support/index-server.ts";
import { ProxyServer } from "../support/proxy-server.ts";
import { makeWheel } from "../support/wheel-maker.ts";
import { pathWithoutShims, Workspace, type Result } from "../support/workspace.ts";

const SECRET = "hunter2:/@ü";
const ENCODED = encodeURIComponent(SECRET);
const authority = new CertificateAuthority();
const certificate = authority.issue("server", ["127.0.0.1"]);

let user: Workspace;
/** Wants a password. */
let house: IndexServer;
/** Has a newer release for everybody. */
let open: IndexServer;
/** Speaks TLS, and wants the certificate of its client. */
let safe: IndexServer;
beforeAll(async () => {
  user = new Workspace();
  house = await IndexServer.start({ credentials: { user: "me", password: SECRET } });
  open = await IndexServer.start();
  safe = await IndexServer.start({ tls: certificate, clientAuthority: authority.certificate });
  house.add(makeWheel({ name: "tool", version: "1.0", files: { "tool.py": "" } }));
  safe.add(makeWheel({ name: "tool", version: "1.0", files: { "tool.py": "" } }));
  open.add(makeWheel({ name: "tool", version: "2.0", files: { "tool.py": "" } }));
  user.write("ca.pem", authority.certificate);
  const own = authority.issue("client", []);
  user.write("client.pem", own.certificate + own.key);
  user.write(
    "bin/keyring",
    `#!/bin/sh\necho "$@" >> "${user.path("asked")}"\ntest "$3" = me && printf '%s\\n' '${SECRET}'\n`,
  );
  chmodSync(user.path("bin/keyring"), 0o755);
});
beforeEach(() => {
  for (const server of [house, open, safe]) server.requests.length = 0;
});
afterAll(async () => {
  await Promise.all([house, open, safe].map((server) => server.close()));
  user.remove();
});

const PATH = (): string => `${user.path("bin")}:${pathWithoutShims()}`;

async function build(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Result> {
  const log = ["-vvv", "--pip-log", "build.log"];
  // Nothing that an earlier build learnt may help.
  const trust = { REQUESTS_CA_BUNDLE: undefined, CURL_CA_BUNDLE: undefined, SSL_CERT_FILE: undefined };
  const own = { PIP_CONFIG_FILE: "/dev/null", ...trust, ...env };
  return user.pex(["--no-pypi", "--disable-cache", "tool", ...args, ...log, "-o", "out.pex"], { env: own });
}

/** Everything that a build leaves for others to read. */
function traces({ stdout, stderr }: Result): string {
  const info = unzipSync(readFileSync(user.path("out.pex")))["PEX-INFO"] ?? new Uint8Array();
  return stdout + stderr + readFileSync(user.path("build.log"), "utf8") + Buffer.from(info).toString();
}

const as = (who: string, { url }: { readonly url: string }): string => url.replace("://", `://${who}@`);

describe("a password", () => {
  test.each<readonly [string, () => readonly string[], () => Record<string, string>]>([
    ["in the URL of -i", () => ["-i", as(`me:${ENCODED}`, house)], () => ({})],
    [
      "in a requirements file",
      () => ["-r", user.write("r.txt", `--extra-index-url ${as(`me:${ENCODED}`, house)}\n`)],
      () => ({}),
    ],
    ["in pip's configuration", () => [], () => ({ PIP_EXTRA_INDEX_URL: as(`me:${ENCODED}`, house) })],
    [
      "in a netrc file",
      () => ["-i", house.url],
      () => ({ NETRC: user.write("netrc", `machine 127.0.0.1 login me password "${SECRET}"\n`) }),
    ],
    ["from the keyring", () => ["-i", as("me", house), "--keyring-provider", "subprocess"], () => ({ PATH: PATH() })],
  ])("%s opens the index, and stands nowhere afterwards", async (_, args, env) => {
    // pip's own extra indexes count only where its main one may.
    const pypi = args().length === 0 ? ["--pypi"] : [];
    const result = await build([...args(), ...pypi], { ...env(), PIP_INDEX_URL: open.url.replace("simple", "none") });
    expect([result.status, result.stderr]).toEqual([0, expect.anything()]);
    const text = traces(result);
    for (const secret of [SECRET, ENCODED, "hunter2", Buffer.from(`me:${SECRET}`).toString("base64")]) {
      expect(text).not.toContain(secret);
    }
  });

  test("is asked of the keyring once, and its text is no argument of any process", async () => {
    const asked = readFileSync(user.path("asked"), "utf8");
    expect(asked).toBe(`get ${house.url} me\n`);
  });

  test.each([401, 403])("that is refused with %d ends the build, whatever other indexes have", async (status) => {
    house.fail("/simple/tool/", { kind: "status", status });
    const result = await build(["-i", as("me:wrong", house), "-i", open.url]);
    expect([result.status, result.stderr]).toEqual([1, expect.stringContaining(`(${status})`)]);
    expect(result.stderr).toContain("[INDEX_AUTH]");
    expect(result.stderr).not.toContain("wrong");
    expect(open.requests.some(({ path }) => path.endsWith(".whl"))).toBe(false);
  });
});

describe("TLS", () => {
  const trust = ["--client-cert", "client.pem"];
  test.each<readonly [string, readonly string[], Readonly<Record<string, string>>]>([
    ["--cert", ["--cert", "ca.pem"], {}],
    ["SSL_CERT_FILE", [], { SSL_CERT_FILE: "ca.pem" }],
    ["REQUESTS_CA_BUNDLE", [], { REQUESTS_CA_BUNDLE: "ca.pem" }],
    ["PIP_CERT", [], { PIP_CERT: "ca.pem" }],
  ])("trust by %s, with a certificate of our own", async (_, args, env) => {
    const absolute = Object.fromEntries(Object.entries(env).map(([name, path]) => [name, user.path(path)]));
    const result = await build(["-i", safe.url, ...trust, ...args], absolute);
    expect([result.status, result.stderr]).toEqual([0, expect.anything()]);
  });

  test("without them: who is not trusted, and what is wanted", async () => {
    const untrusted = await build(["-i", safe.url, ...trust]);
    expect([untrusted.status, untrusted.stderr]).toEqual([1, expect.stringContaining("--cert")]);
    const unknown = await build(["-i", safe.url, "--cert", "ca.pem"]);
    expect([unknown.status, unknown.stderr]).toEqual([1, expect.stringContaining("--client-cert")]);
  });
});

test("a proxy that wants a password gets it for tunnels and plain requests, and NO_PROXY goes around it", async () => {
  const proxy = await ProxyServer.start({ credentials: { user: "me", password: SECRET } });
  try {
    const url = proxy.urlWith("me", SECRET);
    const tls = ["--cert", "ca.pem", "--client-cert", "client.pem"];
    const both = await build(["-i", safe.url, "-i", open.url, ...tls], { HTTPS_PROXY: url, http_proxy: url });
    expect([both.status, both.stderr]).toEqual([0, expect.anything()]);
    expect(traces(both)).not.toContain("hunter2");
    expect(proxy.requests.map((line) => line.split(" ")[0])).toEqual(expect.arrayContaining(["CONNECT", "GET"]));
    proxy.requests.length = 0;
    const around = await build(["-i", open.url], { HTTP_PROXY: url, ALL_PROXY: url, NO_PROXY: "127.0.0.1" });
    expect([around.status, proxy.requests]).toEqual([0, []]);
  } finally {
    await proxy.close();
  }
});

test("a download that breaks off goes on, and a server that asks for patience gets it", async () => {
  const file = open.requests;
  const path = "/files/tool-2.0-py2.py3-none-any.whl";
  open.fail(path, { kind: "status", status: 503, headers: { "retry-after": "1" } }, { kind: "cut", after: 100 });
  const start = performance.now();
  const result = await build(["-i", open.url]);
  expect([result.status, result.stderr]).toEqual([0, expect.anything()]);
  expect(performance.now() - start).toBeGreaterThan(900);
  const seen = file.filter((request) => request.path.endsWith(".whl"));
  expect(seen.map(({ status }) => status)).toContain(503);
});

test("--resume-retries bounds how often a download that breaks off is resumed without progress", async () => {
  const server = await IndexServer.start({ metadataFiles: true });
  try {
    server.add(makeWheel({ name: "tool", version: "2.0", files: { "tool.py": "" } }));
    const inVain = { kind: "cut", after: 0 } as const;
    for (const retries of ["2", "3"]) {
      server.fail("/files/tool-2.0-py2.py3-none-any.whl", { kind: "cut", after: 100 }, inVain, inVain);
      const { status, stderr } = await build(["-i", server.url, "--retries", "0", "--resume-retries", retries]);
      const expected = retries === "3" ? [0, expect.anything()] : [1, expect.stringContaining("[INDEX_UNREACHABLE]")];
      expect([status, stderr], retries).toEqual(expected);
    }
  } finally {
    await server.close();
  }
});

test("who stops a build does not wait for an index that is silent", async () => {
  open.fail("/simple/tool/", { kind: "silence" });
  const start = performance.now();
  const args = ["--no-pypi", "--disable-cache", "-i", open.url, "tool", "--timeout", "60", "-o", "out.pex"];
  const stopped = await user.run("timeout", ["-s", "TERM", "2", process.execPath, user.bin("pex"), ...args]);
  expect(stopped.stderr).toBe("error: Stopped by SIGTERM [CANCELLED]\n");
  expect(performance.now() - start).toBeLessThan(20_000);
});
