/** What the error texts are made of. */

import type { ProjectName } from "../standards/project-name.ts";
import type { Requirement } from "../standards/requirement.ts";
import type { PackageCatalogue } from "./package-catalogue.ts";
import type { ResolveRequest } from "./resolve-request.ts";
import type { ResolveVocabulary } from "./resolve-vocabulary.ts";
import type { Fact } from "./solver/cause.ts";
import type { Incompatibility } from "./solver/incompatibility.ts";
import type { Term } from "./solver/term.ts";

/** What is needed to talk about a failed resolve. */
export interface FailedResolve {
  readonly proof: Incompatibility;
  readonly facts: readonly Incompatibility<Fact>[];
  readonly request: ResolveRequest;
  readonly catalogue: PackageCatalogue;
  readonly vocabulary: ResolveVocabulary;
}

/** One project that cannot be had, with the only requirement on it. */
export interface Lack {
  readonly project: ProjectName;
  readonly requirement: Requirement;
  /** The versions that have the requirement; empty when only the user has it. */
  readonly dependants: readonly Term[];
  /** The shortest way from a requirement of the user to the requirement, both included. */
  readonly path: readonly Requirement[];
}
