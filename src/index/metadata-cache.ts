/** The dependencies of distributions on disk, so that METADATA is fetched and parsed once. */

import { sha256, type Sha256 } from "../base/digest.ts";
import { factsOf } from "../base/fs.ts";
import { TextCache } from "../cache/text-cache.ts";
import { WriteBehind } from "../cache/write-behind.ts";
import type { CoreMetadata } from "../standards/core-metadata.ts";
import type { ProjectFile } from "../standards/simple-index.ts";

import { pathOfUrl } from "./location.ts";

/** The part of core metadata that resolving needs. */
export type DependencyFacts = Pick<
  CoreMetadata,
  "name" | "version" | "requiresDist" | "requiresPython" | "providesExtra"
>;

/** Keeps facts for files that cannot change unnoticed; a remote file whose digest nobody told has no entry. Close it at the end. */
export class MetadataCache {
  readonly #texts: TextCache;
  readonly #writing = new WriteBehind();

  constructor(directory: string) {
    this.#texts = new TextCache(directory);
  }

  read(file: ProjectFile): DependencyFacts | undefined {
    const key = keyOf(file);
    const text = key && this.#texts.read(key);
    return text === undefined ? undefined : parseFacts(text);
  }

  write(file: ProjectFile, facts: DependencyFacts): void {
    const key = keyOf(file);
    if (key === undefined) return;
    const { name, version, requiresDist, requiresPython, providesExtra } = facts;
    this.#writing.add(() =>
      this.#texts.write(key, JSON.stringify({ name, version, requiresDist, requiresPython, providesExtra })),
    );
  }

  /** Ends all writing. */
  close(): void {
    this.#writing.flush();
  }
}

/**
 * For a remote file its digest and its URL: metadata is read before the digest is verified, so what one server says of
 * a digest must not count for a file that another server has. For a local file what tells that it is still the same.
 */
function keyOf({ hashes, url }: ProjectFile): Sha256 | undefined {
  const path = pathOfUrl(url);
  if (path !== undefined) {
    const facts = factsOf(path);
    return facts && sha256([path, facts.size, facts.modified, facts.inode].join("\0"));
  }
  const algorithm = STRONG.find((name) => hashes[name] !== undefined);
  return algorithm === undefined ? undefined : sha256(`${algorithm}=${hashes[algorithm]} ${url}`);
}

const STRONG = ["sha256", "sha512", "sha384", "sha3_256", "blake2b"];

function parseFacts(text: string): DependencyFacts | undefined {
  try {
    const facts = JSON.parse(text) as Partial<DependencyFacts>;
    const { name, version, requiresDist, requiresPython, providesExtra } = facts;
    if (typeof name !== "string" || typeof version !== "string") return undefined;
    if (!Array.isArray(requiresDist) || !Array.isArray(providesExtra)) return undefined;
    return { name, version, requiresDist, requiresPython, providesExtra };
  } catch {
    return undefined;
  }
}
