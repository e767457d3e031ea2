/** Checks a download against the digests that an index or a requirements file named. */

import { createHash, getHashes, type Hash } from "node:crypto";

import { PexError } from "../base/errors.ts";

/** A file does not have the digest that was promised. */
export class HashMismatch extends PexError {
  readonly code = "HASH_MISMATCH";
}

/** Digests by algorithm as Python's `hashlib` calls it, in lower-case hexadecimal. */
export type ExpectedHashes = Readonly<Record<string, string>>;

const REPLACED = "try again; if it stays, the file was replaced on the index or on the way: tell its maintainers";

/** Python's names of algorithms that OpenSSL calls differently. */
const OPENSSL_NAMES: Readonly<Record<string, string>> = {
  blake2b: "blake2b512",
  blake2s: "blake2s256",
  sha3_224: "sha3-224",
  sha3_256: "sha3-256",
  sha3_384: "sha3-384",
  sha3_512: "sha3-512",
};

/** Running digests for each expectation whose algorithm this machine knows, SHA-256 left out: that one is always made. */
export class HashCheck {
  readonly #expected: ExpectedHashes;
  readonly #running: ReadonlyMap<string, Hash>;

  constructor(expected: ExpectedHashes) {
    this.#expected = expected;
    const known = new Set(getHashes());
    const running = new Map<string, Hash>();
    for (const algorithm of Object.keys(expected)) {
      const name = OPENSSL_NAMES[algorithm] ?? algorithm;
      if (algorithm !== "sha256" && known.has(name)) running.set(algorithm, createHash(name));
    }
    this.#running = running;
  }

  /** Whether it has to see the file for more than its SHA-256. */
  get isBeyondSha256(): boolean {
    return this.#running.size > 0;
  }

  update(chunk: Uint8Array): void {
    for (const hash of this.#running.values()) hash.update(chunk);
  }

  /**
   * @throws HashMismatch naming the file and both digests.
   */
  finish(file: string, sha256: string, hint: string = REPLACED): void {
    const actual = new Map([["sha256", sha256]]);
    for (const [algorithm, hash] of this.#running) actual.set(algorithm, hash.digest("hex"));
    for (const [algorithm, digest] of actual) {
      const expected = this.#expected[algorithm]?.toLowerCase();
      if (expected === undefined || expected === digest) continue;
      throw new HashMismatch(
        `The file is not the one that was promised: ${file}: expected ${algorithm} ${expected}, got ${digest}`,
        { hint },
      );
    }
  }
}
