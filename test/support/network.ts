/** Clients for tests: no surroundings leak in, and everything is closed afterwards. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { Host } from "../../src/base/host.ts";
import type { Event } from "../../src/base/log.ts";
import { SafeUrl } from "../../src/base/safe-url.ts";
import { HttpClient, type HttpClientOptions } from "../../src/net/http-client.ts";
import { networkSettings, type NetworkRequest } from "../../src/net/settings.ts";
import type { PipConfig } from "../../src/net/pip-config.ts";

export const noPipConfig: PipConfig = {
  indexUrl: undefined,
  extraIndexUrls: [],
  findLinks: [],
  noIndex: false,
  trustedHosts: [],
  cert: undefined,
  clientCert: undefined,
  proxy: undefined,
  timeout: undefined,
  retries: undefined,
  keyringProvider: undefined,
};

export interface TestNetworkOptions extends NetworkRequest, HttpClientOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly pip?: Partial<PipConfig>;
}

/** Gives out clients and servers, and ends them. */
export class TestNetwork {
  /** An empty directory: the user's home. */
  readonly home: string = mkdtempSync(join(tmpdir(), "pexjs-net-"));
  readonly events: Event[] = [];
  readonly #closers: (() => unknown)[] = [];

  host(env: Readonly<Record<string, string>> = {}): Host {
    return { platform: "linux", env, cwd: this.home, home: this.home, tmp: this.home, cores: 2 };
  }

  client(options: TestNetworkOptions = {}): HttpClient {
    const settings = networkSettings(options, {
      host: this.host(options.env),
      pip: { ...noPipConfig, ...options.pip },
    });
    const listener = (event: Event): void => void this.events.push(event);
    const client = new HttpClient(settings, { retryDelay: 1, listener, ...options });
    this.#closers.push(() => client.close());
    return client;
  }

  /** Has something closed at the end of the test. */
  async use<Thing extends { close(): unknown }>(starting: Promise<Thing> | Thing): Promise<Thing> {
    const thing = await starting;
    this.#closers.push(() => thing.close());
    return thing;
  }

  async close(): Promise<void> {
    for (const close of this.#closers.toReversed()) await close();
    rmSync(this.home, { recursive: true, force: true });
  }
}

export function safeUrl(text: string): SafeUrl {
  const url = SafeUrl.parse(text);
  if (!url) throw new TypeError(`Not a URL: ${text}`);
  return url;
}

/** What a failing promise failed with, as the fields that users see. */
export async function failureOf(
  promise: Promise<unknown>,
): Promise<{ code: unknown; message: string; hint: string | undefined }> {
  try {
    await promise;
  } catch (error) {
    const { code, message, hint } = error as { code?: unknown; message: string; hint?: string };
    return { code, message, hint };
  }
  throw new Error("It did not fail");
}
