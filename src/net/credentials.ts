/** Who we are towards which server: URLs, netrc, then the `keyring` command, in pip's order. */

import { join } from "node:path";

import { readTextIfExists } from "../base/fs.ts";
import { expandUser, type Host } from "../base/host.ts";
import type { Listener } from "../base/log.ts";
import { OnceMap } from "../base/once-map.ts";
import type { SafeUrl } from "../base/safe-url.ts";
import { run } from "../base/subprocess.ts";
import { Cancelled, messageOf } from "../base/errors.ts";

import { netrcEntry, parseNetrc, type Netrc } from "./netrc.ts";

/** A user and a secret; never printed. */
interface Credentials {
  readonly username: string;
  readonly password: string;
}

export interface CredentialOptions {
  readonly host: Host;
  /** Whether the `keyring` command is asked when a server answers 401 (pip's `keyring-provider = subprocess`). */
  readonly keyring: boolean;
  readonly listener: Listener;
}

/** Milliseconds the keyring may take; it may wait for the user to unlock it. */
const KEYRING_TIMEOUT = 120_000;

/** Finds credentials for requests and remembers those that a keyring gave. */
export class CredentialStore {
  readonly #options: CredentialOptions;
  readonly #indexes: SafeUrl[] = [];
  readonly #fromKeyring = new Map<string, Credentials>();
  readonly #keyring = new OnceMap<string, Credentials | undefined>();
  #netrc: Netrc | undefined;

  constructor(options: CredentialOptions) {
    this.#options = options;
  }

  /** Makes the credentials in an index's URL count for everything on its host, as pip does. */
  addIndex(url: SafeUrl): void {
    this.#indexes.push(url);
  }

  /** The `Authorization` header for a first try, or `undefined`. */
  authorization(url: URL): string | undefined {
    const found =
      complete(credentialsIn(url)) ??
      complete(this.#indexCredentials(url)) ??
      this.#fromKeyring.get(url.origin) ??
      this.#netrcCredentials(url);
    // A user name alone may be a whole token, and pip sends it with an empty password.
    return basic(found ?? credentialsIn(url) ?? this.#indexCredentials(url));
  }

  /** After a 401: the `Authorization` header from the keyring, or `undefined` when it knows nothing. */
  async authorizationFromKeyring(url: URL, signal?: AbortSignal): Promise<string | undefined> {
    if (!this.#options.keyring) return undefined;
    const username = (credentialsIn(url) ?? this.#indexCredentials(url))?.username;
    if (username === undefined || username === "") return undefined;
    const found = await this.#keyring.get(`${url.origin} ${username}`, async () => {
      const index = this.#indexOf(url);
      const services = [...(index ? [withoutCredentials(index)] : []), url.host];
      for (const service of services) {
        const password = await this.#askKeyring(service, { username, signal });
        if (password !== undefined) return { username, password };
      }
      return undefined;
    });
    if (found) this.#fromKeyring.set(url.origin, found);
    return basic(found);
  }

  #indexCredentials(url: URL): Credentials | undefined {
    const index = this.#indexOf(url);
    return index && credentialsIn(index);
  }

  /** The index on the same server whose path has most in common with this URL's. */
  #indexOf(url: URL): URL | undefined {
    let best: URL | undefined;
    let bestLength = -1;
    for (const candidate of this.#indexes.map((index) => index.reveal())) {
      if (candidate.origin !== url.origin) continue;
      const length = commonDirectory(candidate.pathname, url.pathname);
      if (length > bestLength) [best, bestLength] = [candidate, length];
    }
    return best;
  }

  #netrcCredentials(url: URL): Credentials | undefined {
    this.#netrc ??= this.#readNetrc();
    const entry = netrcEntry(this.#netrc, url.hostname);
    if (!entry) return undefined;
    return { username: entry.login || entry.account, password: entry.password };
  }

  #readNetrc(): Netrc {
    const { host, listener } = this.#options;
    const configured = host.env["NETRC"];
    const candidates = configured
      ? [expandUser(configured, host)]
      : [join(host.home, ".netrc"), join(host.home, "_netrc")];
    for (const path of candidates) {
      try {
        const text = readTextIfExists(path);
        if (text !== undefined) return parseNetrc(text);
      } catch (error) {
        listener({ kind: "warning", text: `Ignored ${path}: ${messageOf(error)}` });
        return new Map();
      }
    }
    return new Map();
  }

  async #askKeyring(
    service: string,
    { username, signal }: { readonly username: string; readonly signal: AbortSignal | undefined },
  ): Promise<string | undefined> {
    const { host, listener } = this.#options;
    const warn = (text: string): undefined => {
      listener({ kind: "warning", text });
    };
    try {
      const { status, stdout } = await run("keyring", ["get", service, username], {
        env: { ...host.env, PYTHONIOENCODING: "utf-8" },
        timeout: KEYRING_TIMEOUT,
        signal,
      });
      if (status !== 0) return undefined;
      const password = stdout.replace(/\r?\n$/, "");
      return isPassword(password) ? password : warn("Ignored what the keyring printed: it is no password");
    } catch (error) {
      if (error instanceof Cancelled) throw error;
      return warn(`Cannot ask the keyring: ${messageOf(error)}`);
    }
  }
}

/** Whether it is one line of a length that servers take in a header. */
function isPassword(text: string): boolean {
  return text.length <= 4096 && !/\p{Cc}/u.test(text);
}

function credentialsIn(url: URL): Credentials | undefined {
  if (url.username === "" && url.password === "") return undefined;
  return { username: decode(url.username), password: decode(url.password) };
}

function complete(credentials: Credentials | undefined): Credentials | undefined {
  return credentials && credentials.password !== "" ? credentials : undefined;
}

function withoutCredentials(url: URL): string {
  const copy = new URL(url);
  copy.username = "";
  copy.password = "";
  return copy.href;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function basic(credentials: Credentials | undefined): string | undefined {
  if (!credentials) return undefined;
  return `Basic ${Buffer.from(`${credentials.username}:${credentials.password}`).toString("base64")}`;
}

function commonDirectory(left: string, right: string): number {
  const limit = Math.min(left.length, right.length);
  let length = 0;
  while (length < limit && left[length] === right[length]) length++;
  return left.slice(0, length).lastIndexOf("/");
}
