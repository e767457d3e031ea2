/** The dependencies of distributions on disk, so that METADATA is fetched and parsed once. */

import { asSha256, sha256, type Sha256 } from "../base/digest.ts";
import { TextCache } from "../cache/text-cache.ts";
import type { CoreMetadata } from "../standards/core-metadata.ts";
import type { ProjectFile } from "../standards/simple-index.ts";

/** The part of core metadata that resolving needs. */
export type DependencyFacts = Pick<
  CoreMetadata,
  "name" | "version" | "requiresDist" | "requiresPython" | "providesExtra"
>;

/** Keeps facts by the digest of the distribution's file; a file whose digest nobody told has no entry. */
export class MetadataCache {
  readonly #texts: TextCache;

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
    this.#texts.write(key, JSON.stringify({ name, version, requiresDist, requiresPython, providesExtra }));
  }
}

function keyOf({ hashes }: ProjectFile): Sha256 | undefined {
  const own = asSha256(hashes["sha256"] ?? "");
  if (own !== undefined) return own;
  const other = ["sha512", "sha384", "sha3_256", "blake2b"].find((algorithm) => hashes[algorithm] !== undefined);
  return other === undefined ? undefined : sha256(`${other}=${hashes[other]}`);
}

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
