/** Small texts by digest: what was worked out once and can be worked out again. */

import { join } from "node:path";

import { asSha256, type Sha256 } from "../base/digest.ts";
import { readTextIfExists, whenPossible, writeFileAtomically } from "../base/fs.ts";

/** Texts in one directory; losing any of them, or failing to keep one, costs time only. */
export class TextCache {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** The text of that key, or `undefined`. */
  read(key: Sha256): string | undefined {
    return whenPossible(() => readTextIfExists(this.#path(key)));
  }

  write(key: Sha256, text: string): void {
    whenPossible(() => writeFileAtomically(this.#path(key), text));
  }

  #path(key: Sha256): string {
    if (asSha256(key) !== key) throw new TypeError(`Not a digest: ${key}`);
    return join(this.#directory, key.slice(0, 2), `${key}.json`);
  }
}
