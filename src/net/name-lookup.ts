/**
 * Host names to addresses, each name once per process.
 *
 * Dozens of look-ups of one name at the same time get lost in the resolver and are tried again only after
 * seconds; all connections to a host therefore share one answer.
 */

import { lookup } from "node:dns/promises";
import { isIP } from "node:net";

import { OnceMap } from "../base/once-map.ts";

/** One address of a host. */
export interface Address {
  readonly address: string;
  readonly family: 4 | 6;
}

/** Turns a host name into its addresses, best first; rejects with the resolver's error. */
export type Resolver = (host: string) => Promise<readonly Address[]>;

/** Remembers what the operating system's resolver says; failures are forgotten. */
export class NameLookup {
  readonly #names = new OnceMap<string, readonly Address[]>();
  readonly #resolve: Resolver;

  constructor(resolve: Resolver = systemResolver) {
    this.#resolve = resolve;
  }

  /** The addresses of a host in the order to try them: families alternate, as RFC 8305 asks. */
  addresses(host: string): Promise<readonly Address[]> {
    const bare = host.replace(/^\[|\]$/g, "");
    const family = isIP(bare);
    if (family === 4 || family === 6) return Promise.resolve([{ address: bare, family }]);
    return this.#names.get(bare, async () => interleave(await this.#resolve(bare)));
  }
}

async function systemResolver(host: string): Promise<readonly Address[]> {
  const found = await lookup(host, { all: true, verbatim: true });
  return found.map(({ address, family }) => ({ address, family: family === 6 ? 6 : 4 }));
}

function interleave(addresses: readonly Address[]): Address[] {
  const firstFamily = addresses[0]?.family;
  const first = addresses.filter(({ family }) => family === firstFamily);
  const second = addresses.filter(({ family }) => family !== firstFamily);
  return first
    .flatMap((address, index) => [address, ...second.slice(index, index + 1)])
    .concat(second.slice(first.length));
}
