/** Streams that undo the compressions a source archive may have; the libraries are loaded when one is met. */

import { Duplex, PassThrough } from "node:stream";
import { createGunzip } from "node:zlib";

/** How a tar file may be compressed. */
export type Compression = "none" | "gzip" | "bzip2" | "xz" | "zstd";

/** More comes out than any archive holds that means well. */
export class TooLarge extends Error {
  constructor() {
    super("it unpacks to far more than its size lets expect");
  }
}

/**
 * The stream that turns compressed bytes into plain ones; damaged input is its error.
 *
 * @param limit Bytes that are too many to be held in memory, where a library needs them all.
 */
export async function decompressor(compression: Compression, limit: number): Promise<Duplex> {
  switch (compression) {
    case "none":
      return new PassThrough();
    case "gzip":
      return createGunzip();
    case "bzip2":
      return await bzip2(limit);
    case "xz":
      return await xz();
    case "zstd":
      return await zstd();
  }
}

/** The library decodes what lies in memory; a source archive does. */
async function bzip2(limit: number): Promise<Duplex> {
  const { default: Bunzip } = await import("seek-bzip");
  return Duplex.from(async function* (source: AsyncIterable<Buffer>) {
    const input: Buffer[] = [];
    for await (const chunk of source) input.push(chunk);
    const output = new ByteCollector(limit);
    Bunzip.decode(Buffer.concat(input), output, true);
    yield* output.chunks();
  });
}

const CHUNK = 1 << 16;

/** Takes single bytes, gives chunks. */
class ByteCollector {
  readonly #full: Buffer[] = [];
  readonly #limit: number;
  #chunk = Buffer.allocUnsafe(CHUNK);
  #length = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  writeByte(byte: number): void {
    this.#chunk[this.#length++] = byte;
    if (this.#length < CHUNK) return;
    this.#full.push(this.#chunk);
    if (this.#full.length * CHUNK > this.#limit) throw new TooLarge();
    this.#chunk = Buffer.allocUnsafe(CHUNK);
    this.#length = 0;
  }

  chunks(): Buffer[] {
    return [...this.#full, this.#chunk.subarray(0, this.#length)];
  }
}

async function xz(): Promise<Duplex> {
  const { XzReadableStream } = await import("xz-decompress");
  return Duplex.from(async function* (source: AsyncIterable<Uint8Array>) {
    yield* new XzReadableStream(ReadableStream.from(source));
  });
}

async function zstd(): Promise<Duplex> {
  const { Decompress } = await import("fzstd");
  return Duplex.from(async function* (source: AsyncIterable<Buffer>) {
    let pieces: Uint8Array[] = [];
    const decoder = new Decompress((piece) => pieces.push(piece));
    for await (const chunk of source) {
      decoder.push(chunk);
      yield* pieces;
      pieces = [];
    }
    decoder.push(new Uint8Array(0), true);
    yield* pieces;
  });
}
