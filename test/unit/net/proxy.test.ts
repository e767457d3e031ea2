import { describe, expect, test } from "vitest";

import { proxyAuthorization, proxyFor, proxySettings } from "../../../src/net/proxy.ts";
import { safeUrl } from "../../support/network.ts";

function chosen(env: Readonly<Record<string, string>>, url: string, explicit?: string): string | undefined {
  return proxyFor(new URL(url), proxySettings(env, explicit))?.toString();
}

const SECURE = "https://index.example/simple/";
const PLAIN = "http://index.example/simple/";

describe("the proxy for a resource", () => {
  test.each<[string, Readonly<Record<string, string>>, string, string | undefined]>([
    ["nothing is set", {}, SECURE, undefined],
    ["https_proxy", { https_proxy: "http://p:1" }, SECURE, "http://p:1/"],
    ["HTTPS_PROXY", { HTTPS_PROXY: "http://p:1" }, SECURE, "http://p:1/"],
    ["lower case counts more", { HTTPS_PROXY: "http://up:1", https_proxy: "http://low:1" }, SECURE, "http://low:1/"],
    ["empty lower case counts nothing", { HTTPS_PROXY: "http://up:1", https_proxy: "" }, SECURE, "http://up:1/"],
    ["https_proxy is not for http", { https_proxy: "http://p:1" }, PLAIN, undefined],
    ["http_proxy is for http", { http_proxy: "http://p:1", https_proxy: "http://q:1" }, PLAIN, "http://p:1/"],
    [
      "ALL_PROXY is for what has none of its own",
      { ALL_PROXY: "http://a:1", http_proxy: "http://p:1" },
      SECURE,
      "http://a:1/",
    ],
    ["a proxy without scheme is an http one", { https_proxy: "p:3128" }, SECURE, "http://p:3128/"],
    ["the password does not show", { https_proxy: "http://u:pw@p:1" }, SECURE, "http://****@p:1/"],
  ])("%s", (_, env, url, expected) => {
    expect(chosen(env, url)).toBe(expected);
  });

  test("--proxy counts more than the environment, for both schemes", () => {
    const env = { http_proxy: "http://env:1", https_proxy: "http://env:1" };
    expect([chosen(env, SECURE, "http://own:1"), chosen(env, PLAIN, "http://own:1")]).toEqual([
      "http://own:1/",
      "http://own:1/",
    ]);
  });

  test.each(["socks5://p:1080", "http://[", "ftp://p"])("%s is no proxy for us", (proxy) => {
    expect(() => proxySettings({}, proxy)).toThrow(expect.objectContaining({ code: "NETWORK_CONFIG" }));
  });
});

describe("NO_PROXY", () => {
  test.each([
    ["*", SECURE, true],
    ["index.example", SECURE, true],
    ["INDEX.example", SECURE, true],
    [".example", SECURE, true],
    ["*.example", SECURE, true],
    ["example", SECURE, true],
    ["dex.example", SECURE, false],
    ["other.example, index.example", SECURE, true],
    ["other.example index.example", SECURE, true],
    ["index.example:443", SECURE, true],
    ["index.example:8443", SECURE, false],
    ["index.example:8443", "https://index.example:8443/", true],
    ["index.example.evil", SECURE, false],
    ["127.0.0.1", "http://127.0.0.1:8080/", true],
    ["10.0.0.0/8", "http://10.20.30.40/", true],
    ["10.0.0.0/8", "http://11.0.0.1/", false],
    ["192.168.1.128/25", "http://192.168.1.200/", true],
    ["192.168.1.128/25", "http://192.168.1.100/", false],
    ["0.0.0.0/0", "http://8.8.8.8/", true],
    ["10.0.0.0/99", "http://10.0.0.1/", false],
    ["10.0.0.0/8", SECURE, false],
    ["::1", "http://[::1]:8080/", true],
    ["", SECURE, false],
  ])("%j for %s: %s", (value, url, isDirect) => {
    const env = { http_proxy: "http://p:1", https_proxy: "http://p:1", NO_PROXY: value };
    expect(chosen(env, url) === undefined).toBe(isDirect);
  });
});

test("credentials of a proxy are sent decoded, and none are sent when there are none", () => {
  expect(proxyAuthorization(safeUrl("http://us%40er:p%3Aw@p:1"))).toBe(
    `Basic ${Buffer.from("us@er:p:w").toString("base64")}`,
  );
  expect(proxyAuthorization(safeUrl("http://p:1"))).toBeUndefined();
});
