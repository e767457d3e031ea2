/** How a resolve can fail. */

import { PexError } from "../base/errors.ts";

/** The requirements contradict each other; the message is the proof in sentences. */
export class Unsatisfiable extends PexError {
  readonly code = "UNSATISFIABLE";
}

/** No configured place has a project of this name. */
export class UnknownProject extends PexError {
  readonly code = "UNKNOWN_PROJECT";
}

/** There may be a solution, but nobody would wait for it. */
export class TooHard extends PexError {
  readonly code = "TOO_HARD";
}

/** The project exists, but not in a version that is asked for and can be used. */
export class NoMatchingVersion extends PexError {
  readonly code = "NO_MATCHING_VERSION";
}

/** Hashes were given, but not for every distribution that is needed. */
export class MissingHashes extends PexError {
  readonly code = "MISSING_HASHES";
}

/** A marker cannot be decided for the target. */
export class UndecidableRequirement extends PexError {
  readonly code = "UNDECIDABLE_REQUIREMENT";
}
