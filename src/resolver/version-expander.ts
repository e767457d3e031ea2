/** Finds what a version needs (docs/internals/solver.md §3.1 to §3.4). */

import { messageOf } from "../base/errors.ts";
import type { Listener } from "../base/log.ts";
import { InvalidMetadata } from "../standards/core-metadata.ts";
import { UndefinedMarkerComparison, UndefinedMarkerVariable } from "../standards/marker.ts";
import type { ProjectName } from "../standards/project-name.ts";
import { InvalidRequirement, type Requirement } from "../standards/requirement.ts";
import { SourceError } from "../standards/source-error.ts";
import { mentionsPrerelease } from "../standards/specifier.ts";
import { anyVersion, contains, noVersions, versionSetOf } from "../standards/version-set.ts";
import { formatVersion, type Version } from "../standards/version.ts";
import { isPinning } from "./allowance.ts";
import { acceptsPython, type Candidate, describePython } from "./candidate.ts";
import { refuseDirectReferences } from "./direct-reference.ts";
import { UndecidableRequirement } from "./errors.ts";
import { bondOf, dependenciesOf } from "./extras.ts";
import type { DependencyMetadata, PackageSource, Soon } from "./package-source.ts";
import type { ProjectCandidates } from "./project-candidates.ts";
import type { ProjectTable } from "./project-table.ts";
import type { RequirementReader } from "./requirement-reader.ts";
import { foreignText } from "./requirement-text.ts";
import type { ResolveRequest } from "./resolve-request.ts";
import type { Scout } from "./scout.ts";
import type { Dependency, Expansion, Restart } from "./solver/catalogue.ts";
import type { Fact } from "./solver/cause.ts";
import { externalIncompatibility } from "./solver/incompatibility.ts";
import type { ExtraPackage, Package, PackageTable, ProjectPackage, RootPackage } from "./solver/package.ts";
import { recovering, whenKnown } from "./soon.ts";

/** How the expander sees the world. */
export interface ExpanderOptions {
  readonly request: ResolveRequest;
  readonly source: PackageSource;
  readonly packages: PackageTable;
  readonly projects: ProjectTable;
  readonly reader: RequirementReader;
  readonly scout: Scout;
  readonly onEvent: Listener;
}

type Needs = Exclude<Expansion, Restart>;
type Member = ProjectPackage | ExtraPackage;

/** Why metadata rules its version out. */
interface Flaw {
  readonly flaw: Extract<Fact, { readonly kind: "unusable" }>;
}

/** Expands versions, each once; hears on the way what requirements say about pre-releases and pins. */
export class VersionExpander {
  readonly #options: ExpanderOptions;
  readonly #expansions = new Map<Package, Map<Version, Needs>>();
  readonly #pinned = new Set<ProjectName>();

  constructor(options: ExpanderOptions) {
    this.#options = options;
  }

  /** What the user requires. */
  expandRoot(subject: RootPackage, version: Version, requirements: readonly Requirement[]): Expansion {
    const known = this.#expansions.get(subject)?.get(version);
    if (known !== undefined) return known;
    this.#hear(requirements, "user");
    this.#options.scout.follow(requirements);
    const dependencies = requirements.flatMap((requirement) => dependenciesOf(requirement, this.#options.packages));
    return this.#keep(subject, version, { kind: "dependencies", span: anyVersion, dependencies });
  }

  /** What a version of a project, or of one of its extras, requires. */
  expand(subject: Member, version: Version): Soon<Expansion> {
    const known = this.#expansions.get(subject)?.get(version);
    if (known !== undefined) return known;
    const { source, projects, scout } = this.#options;
    const candidates = projects.loaded(subject.project);
    const judgement = candidates?.judgeVersion(version);
    if (candidates === undefined || judgement?.kind !== "usable") throw new TypeError("Only candidates are expanded");
    const metadata = recovering<DependencyMetadata | InvalidMetadata>(
      () => source.metadata(judgement.candidate),
      onlyInvalid,
    );
    if (metadata instanceof Promise) scout.wake();
    if (subject.kind === "project") this.#options.onEvent({ kind: "metadata", project: subject.project });
    return whenKnown(metadata, (value) => this.#expandWith(subject, candidates, judgement.candidate, value));
  }

  /** Whether some requirement met so far names one exact version of the project. */
  isPinned(project: ProjectName): boolean {
    return this.#pinned.has(project);
  }

  /** Takes note of what specifiers say beyond their sets. */
  hearConstraints(constraints: readonly Requirement[]): void {
    this.#hear(constraints, "user");
  }

  #expandWith(
    subject: Member,
    candidates: ProjectCandidates,
    candidate: Candidate,
    metadata: DependencyMetadata | InvalidMetadata,
  ): Expansion {
    const { version } = candidate;
    const span = candidates.spanOf(version);
    const dependencies = this.#dependencies(subject, candidate, metadata);
    if (!("flaw" in dependencies)) return this.#keep(subject, version, { kind: "dependencies", span, dependencies });
    const terms = [{ package: subject, positive: true, set: span }];
    const incompatibility = externalIncompatibility(terms, dependencies.flaw);
    return this.#keep(subject, version, { kind: "unusable", incompatibility });
  }

  #dependencies(
    subject: Member,
    candidate: Candidate,
    metadata: DependencyMetadata | InvalidMetadata,
  ): readonly Dependency[] | Flaw {
    if (metadata instanceof InvalidMetadata) return this.#faulty(candidate, metadata);
    if (!acceptsPython(metadata.requiresPython, this.#options.request.target)) {
      return { flaw: { kind: "unusable", verb: "is", what: describePython(metadata.requiresPython ?? "") } };
    }
    const bond = subject.kind === "extra" ? [bondOf(subject, candidate.version)] : [];
    if (!this.#options.request.transitive) return bond;
    const requirements = this.#read(subject, candidate, metadata);
    if ("flaw" in requirements) return requirements;
    refuseDirectReferences(requirements, candidate);
    this.#hear(requirements, { dependant: subject, version: candidate.version });
    this.#options.scout.follow(requirements);
    const dependencies = requirements.flatMap((requirement) => dependenciesOf(requirement, this.#options.packages));
    return [...bond, ...onItself(dependencies, subject, candidate.version)];
  }

  #read(subject: Member, candidate: Candidate, metadata: DependencyMetadata): readonly Requirement[] | Flaw {
    try {
      return this.#options.reader.read(metadata, subject.kind === "extra" ? subject.extra : undefined);
    } catch (error) {
      if (error instanceof InvalidRequirement || error instanceof UndefinedMarkerComparison) {
        return this.#faulty(candidate, error);
      }
      if (!(error instanceof UndefinedMarkerVariable)) throw error;
      throw new UndecidableRequirement(`Cannot tell what ${describe(candidate)} requires`, {
        cause: error,
        hint: error.hint,
      });
    }
  }

  /** As pip does: a version whose metadata cannot be read does not exist, but somebody should know. */
  #faulty(candidate: Candidate, error: Error): Flaw {
    const [headline = ""] = messageOf(error).split("\n", 1);
    const what = error instanceof SourceError ? `${headline}: ${foreignText(error.source)}` : headline;
    this.#options.onEvent({
      kind: "warning",
      text: `Passed over ${describe(candidate)}, its metadata is broken: ${what}`,
    });
    return { flaw: { kind: "unusable", verb: "has", what: "broken metadata" } };
  }

  #hear(requirements: readonly Requirement[], by: { dependant: Package; version: Version } | "user"): void {
    for (const { project, specifier } of requirements) {
      const pins = isPinning(specifier);
      if (!pins && !mentionsPrerelease(specifier)) continue;
      if (pins) this.#pinned.add(project);
      this.#options.projects.allowanceOf(project).hear(specifier, versionSetOf(specifier), by);
    }
  }

  #keep(subject: Package, version: Version, needs: Needs): Expansion {
    const known = this.#expansions.get(subject);
    if (known === undefined) this.#expansions.set(subject, new Map([[version, needs]]));
    else known.set(version, needs);
    return this.#options.projects.isOutgrown ? { kind: "restart" } : needs;
  }
}

/** A requirement of a package on itself is met by itself, or by nothing. */
function onItself(dependencies: readonly Dependency[], subject: Package, version: Version): readonly Dependency[] {
  if (!dependencies.some((dependency) => dependency.package === subject)) return dependencies;
  return dependencies.flatMap((dependency) => {
    if (dependency.package !== subject) return [dependency];
    return contains(dependency.set, version) ? [] : [{ ...dependency, set: noVersions }];
  });
}

function onlyInvalid(error: unknown): InvalidMetadata {
  if (error instanceof InvalidMetadata) return error;
  throw error;
}

function describe(candidate: Candidate): string {
  return `${candidate.project} ${formatVersion(candidate.version)}`;
}
