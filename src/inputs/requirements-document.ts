/** What requirements and constraints files say, all of them together. */

import type { Requirement } from "../standards/requirement.ts";
import type { ConfigSettings } from "./config-settings.ts";
import type { DirectSource } from "./direct-source.ts";
import type { WheelFile } from "./requirement-argument.ts";
import type { Origin } from "./requirements-fault.ts";

/** One requirement or constraint and where it came from. */
export interface RequirementLine {
  readonly requirement: Requirement;
  /** `algorithm:hexadecimal` in lower case; a file must match one of them. Empty without `--hash`. */
  readonly hashes: readonly string[];
  /** For the backend, where it is built. */
  readonly configSettings?: ConfigSettings | undefined;
  /** `undefined` for one typed on the command line. */
  readonly origin: Origin | undefined;
  /** Where the requirement is a wheel on this disk; `requirement` then pins its version. */
  readonly wheelFile: WheelFile | undefined;
}

/** One requirement that says where its project lies. */
export interface SourceLine {
  readonly source: DirectSource;
  /** As in `RequirementLine`. */
  readonly hashes: readonly string[];
  readonly configSettings?: ConfigSettings | undefined;
  readonly origin: Origin | undefined;
}

/** A place that an option of a file names. */
export interface FilePlace {
  readonly kind: "index" | "find-links";
  /** As in `extraIndexUrls` and `findLinks`. */
  readonly place: string;
  /** As in `Origin`. */
  readonly file: string;
}

/** Everything in order of appearance; nested files stand where they are named. */
export interface RequirementsDocument {
  readonly requirements: readonly RequirementLine[];
  /** Requirements that are to be built, or downloaded from a URL. */
  readonly sources: readonly SourceLine[];
  /** Limits that add nothing; without extras. */
  readonly constraints: readonly RequirementLine[];
  /** Where named projects come from, if something needs them. */
  readonly constraintSources: readonly SourceLine[];
  /** The last `--index-url`: replaces the default index. */
  readonly indexUrl: string | undefined;
  readonly extraIndexUrls: readonly string[];
  /** URLs or absolute paths. */
  readonly findLinks: readonly string[];
  /** All of these places again, each with its file. */
  readonly places: readonly FilePlace[];
  readonly noIndex: boolean;
  /** `--pre`, which is `--all-releases :all:`. */
  readonly prereleases: boolean;
  /** Projects of `--all-releases`, as written; `:all:` is in `prereleases`. */
  readonly allReleases: readonly string[];
  /** Projects of `--only-final`, as written. */
  readonly onlyFinal: readonly string[];
  /** Projects of `--only-binary`, as written; `:all:` for all. */
  readonly onlyBinary: readonly string[];
  /** Projects of `--no-binary`, as written; `:all:` for all. */
  readonly noBinary: readonly string[];
  readonly preferBinary: boolean;
  /** `host` or `host:port`. */
  readonly trustedHosts: readonly string[];
  /** Whether every file of the resolve needs a known digest: any `--hash`, or `--require-hashes`. */
  readonly requireHashes: boolean;
}
