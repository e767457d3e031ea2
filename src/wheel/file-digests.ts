/** The SHA-256 of every file in a wheel. Whoever asks for them gets its contents checked on the way. */

import { createHash } from "node:crypto";

import type { Sha256 } from "../base/digest.ts";

import type { ContentsCache } from "./wheel-contents.ts";
import type { WheelSource } from "./wheel-source.ts";

/**
 * The digests by name, base64url without padding as in RECORD; from the cache if they are there, because to work them
 * out all of the wheel must be inflated.
 *
 * What the wheel's own RECORD says is not asked: nobody has checked it, and it may leave files out.
 *
 * @throws ZipError for a damaged entry
 */
export async function fileDigests(
  source: WheelSource,
  sha256: Sha256,
  cache: ContentsCache | undefined,
): Promise<ReadonlyMap<string, string>> {
  const files = source.entries.filter((entry) => !entry.isDirectory);
  let digests = decode(cache?.read(sha256), files.length);
  if (digests === undefined) {
    digests = [];
    for (const entry of files) digests.push(await digestOf(source.content(entry)));
    cache?.write(sha256, JSON.stringify(digests));
  }
  return new Map(files.map(({ name }, index) => [name, digests[index] ?? ""]));
}

/** The digest of pieces, which it hands on. */
export class RecordDigest {
  readonly #hash = createHash("sha256");

  async *over(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      this.#hash.update(chunk);
      yield chunk;
    }
  }

  /** When all have passed. */
  finish(): string {
    return this.#hash.digest("base64url");
  }
}

async function digestOf(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const digest = new RecordDigest();
  for await (const _ of digest.over(chunks)) continue;
  return digest.finish();
}

function decode(text: string | undefined, count: number): string[] | undefined {
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    const isWhole = Array.isArray(value) && value.length === count && value.every((each) => typeof each === "string");
    return isWhole ? value : undefined;
  } catch {
    return undefined;
  }
}
