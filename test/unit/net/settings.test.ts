import { expect, test } from "vitest";

import { networkSettings } from "../../../src/net/settings.ts";
import { noPipConfig } from "../../support/network.ts";

const quiet = { platform: "linux", env: {}, cwd: "/", home: "/home/u", tmp: "/tmp", cores: 2 };
const host = { ...quiet, env: { HTTPS_PROXY: "http://environment:1" } };

test("without anything said, the defaults are pip's", () => {
  expect(networkSettings({}, { host: quiet, pip: undefined })).toMatchObject({
    timeout: 15_000,
    retries: 5,
    cert: undefined,
    trustedHosts: [],
    keyring: false,
    proxies: { http: undefined, https: undefined },
  });
});

test("pip's configuration counts more than the environment, and the request more than both", () => {
  const pip = {
    ...noPipConfig,
    timeout: 60,
    retries: 1,
    proxy: "http://pip:1",
    cert: "/pip.pem",
    keyringProvider: "subprocess",
  };
  const said = networkSettings({}, { host, pip });
  expect(said).toMatchObject({ timeout: 60_000, retries: 1, cert: "/pip.pem", keyring: true });
  expect(String(said.proxies.https)).toBe("http://pip:1/");
  const own = networkSettings({ timeout: 2.5, retries: 0, proxy: "http://own:1", cert: "/own.pem" }, { host, pip });
  expect(own).toMatchObject({ timeout: 2500, retries: 0, cert: "/own.pem" });
  expect(String(own.proxies.https)).toBe("http://own:1/");
});

test.each([
  [undefined, undefined, false],
  [undefined, "subprocess", true],
  [undefined, "disabled", false],
  ["disabled", "subprocess", false],
  ["subprocess", "disabled", true],
  ["auto", undefined, true],
  ["import", undefined, true],
])("--keyring-provider %s, with %s of pip: the keyring is asked: %s", (keyringProvider, ofPip, keyring) => {
  const said = networkSettings({ keyringProvider }, { host, pip: { ...noPipConfig, keyringProvider: ofPip } });
  expect(said.keyring).toBe(keyring);
});
