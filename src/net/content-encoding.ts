/** Undoes `Content-Encoding` (RFC 9110 §8.4). */

import { promisify } from "node:util";
import { brotliDecompress, gunzip, inflate, inflateRaw } from "node:zlib";

import { systemCode } from "../base/errors.ts";

import { BodyTooLarge } from "./body.ts";
import { CutShort } from "./exchange.ts";

/** The value of `Accept-Encoding` that `decodeBody` can handle. */
export const ACCEPTED_ENCODINGS = "gzip, deflate, br";

/** The server used an encoding that we did not offer. */
export class UnknownEncoding extends Error {}

/** The body is not in the encoding that its header names. */
export class WrongEncoding extends Error {}

/**
 * The body without its encodings.
 *
 * @param options.encoding The `Content-Encoding` header.
 * @param options.limit Bytes of the result that are too many.
 * @throws UnknownEncoding, WrongEncoding, BodyTooLarge, or CutShort for data that end too early
 */
export async function decodeBody(
  body: Buffer,
  options: { readonly encoding: string | undefined; readonly limit: number },
): Promise<Buffer> {
  const encodings = (options.encoding ?? "").toLowerCase().split(/[\s,]+/);
  let decoded = body;
  for (const encoding of encodings.toReversed()) {
    if (encoding === "" || encoding === "identity" || decoded.length === 0) continue;
    try {
      decoded = await decodeOne(decoded, { encoding, limit: options.limit });
    } catch (error) {
      if (error instanceof UnknownEncoding) throw error;
      if (systemCode(error) === "ERR_BUFFER_TOO_LARGE") throw new BodyTooLarge(`more than ${options.limit} bytes`);
      if (systemCode(error) === "Z_BUF_ERROR") throw new CutShort({ cause: error });
      throw new WrongEncoding(encoding, { cause: error });
    }
  }
  return decoded;
}

function decodeOne(
  body: Buffer,
  { encoding, limit }: { readonly encoding: string; readonly limit: number },
): Promise<Buffer> {
  const bounds = { maxOutputLength: limit };
  switch (encoding) {
    case "gzip":
    case "x-gzip":
      return promisify<Buffer, object, Buffer>(gunzip)(body, bounds);
    case "br":
      return promisify<Buffer, object, Buffer>(brotliDecompress)(body, bounds);
    case "deflate": {
      // Some servers send raw deflate data under this name; a zlib header has 8 in its low four bits.
      const isZlib = ((body[0] ?? 0) & 0x0f) === 8;
      return promisify<Buffer, object, Buffer>(isZlib ? inflate : inflateRaw)(body, bounds);
    }
    default:
      throw new UnknownEncoding(encoding);
  }
}
