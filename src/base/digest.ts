/** Content digests: what identifies files here and in every package index. */

import { createHash } from "node:crypto";

/** 64 lower-case hexadecimal digits. */
export type Sha256 = string & { readonly brand: "Sha256" };

const SHA256_TEXT = /^[0-9a-f]{64}$/;

/** The text as a digest, in lower case, or `undefined` when it is not one. */
export function asSha256(text: string): Sha256 | undefined {
  const lower = text.toLowerCase();
  return SHA256_TEXT.test(lower) ? (lower as Sha256) : undefined;
}

/** SHA-256 of bytes or of UTF-8 text. */
export function sha256(data: Uint8Array | string): Sha256 {
  return createHash("sha256").update(data).digest("hex") as Sha256;
}

/** SHA-1 of bytes or of UTF-8 text as 40 hexadecimal digits, where PEX-INFO demands it. */
export function sha1(data: Uint8Array | string): string {
  return createHash("sha1").update(data).digest("hex");
}

/** A running SHA-256. */
export class Sha256Stream {
  readonly #hash = createHash("sha256");

  update(chunk: Uint8Array): void {
    this.#hash.update(chunk);
  }

  digest(): Sha256 {
    return this.#hash.digest("hex") as Sha256;
  }
}
