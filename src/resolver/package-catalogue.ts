/** Answers the solver's questions from a package source, for one target. */

import { assertNever, Cancelled } from "../base/errors.ts";
import { type Listener, silent } from "../base/log.ts";
import type { VersionSet } from "../standards/version-set.ts";
import { parseVersion, type Version } from "../standards/version.ts";
import type { Requirement } from "../standards/requirement.ts";
import { Amendments } from "./amendments.ts";
import { Constraints } from "./constraints.ts";
import type { PackageSource, Soon } from "./package-source.ts";
import { ProjectTable } from "./project-table.ts";
import { RequirementReader } from "./requirement-reader.ts";
import type { ResolveRequest } from "./resolve-request.ts";
import { Scout } from "./scout.ts";
import type { Catalogue, Choice, Expansion, SolutionView } from "./solver/catalogue.ts";
import type { Incompatibility } from "./solver/incompatibility.ts";
import { type Package, PackageTable } from "./solver/package.ts";
import { VersionChooser } from "./version-chooser.ts";
import { VersionExpander } from "./version-expander.ts";

/** How a resolve is watched and stopped. */
export interface ResolveOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onEvent?: Listener | undefined;
}

/** The user is a package with one version. */
const ROOT_VERSION = parseVersion("1");

/** All that one resolve knows; outlives restarts of the search. */
export class PackageCatalogue implements Catalogue {
  readonly packages: PackageTable = new PackageTable();
  readonly projects: ProjectTable;
  readonly reader: RequirementReader;
  /** The user's requirements that apply to the target. */
  readonly roots: readonly Requirement[];
  readonly #constraints: Constraints;
  readonly #chooser: VersionChooser;
  readonly #expander: VersionExpander;
  readonly #signal: AbortSignal | undefined;

  constructor(request: ResolveRequest, source: PackageSource, options: ResolveOptions) {
    const { target, transitive } = request;
    const { packages, reader } = {
      packages: this.packages,
      reader: new RequirementReader(target.markers, {
        references: request.references,
        amend: (requirement) => amendments.amend(requirement),
      }),
    };
    const projects = new ProjectTable(request, source);
    const scout = new Scout({
      source,
      reader,
      transitive,
      candidates: (project) => projects.loadAhead(project),
      recalled: (project) => projects.recalled(project),
    });
    const onEvent = options.onEvent ?? silent;
    const expander = new VersionExpander({ request, source, packages, projects, reader, scout, onEvent });
    const applicable = (requirement: Requirement): boolean => reader.applies(requirement, undefined);
    const amendments = new Amendments(request, applicable);
    const constraints = request.constraints.filter(applicable);
    this.projects = projects;
    this.reader = reader;
    this.roots = request.requirements.filter((root) => applicable(root) && !amendments.isExcluded(root));
    this.#constraints = new Constraints(constraints, amendments.excludes);
    this.#expander = expander;
    const preferWheels = request.files?.preferWheels ?? false;
    this.#chooser = new VersionChooser({ source, packages, projects, preferWheels, onWait: () => scout.wake() });
    this.#signal = options.signal;
    expander.hearConstraints(constraints);
  }

  choose(subject: Package, set: VersionSet, solution: SolutionView): Soon<Choice> {
    if (this.#signal?.aborted === true) throw new Cancelled("The resolve was cancelled");
    switch (subject.kind) {
      case "root":
        return { kind: "version", version: ROOT_VERSION };
      case "project":
        return this.#chooser.chooseProject(subject, set, solution);
      case "extra":
        return this.#chooser.chooseExtra(subject, set, solution);
      default:
        return assertNever(subject);
    }
  }

  expand(subject: Package, version: Version): Soon<Expansion> {
    if (subject.kind === "root") return this.#expander.expandRoot(subject, version, this.roots);
    return this.#expander.expand(subject, version);
  }

  limits(subject: Package): readonly Incompatibility[] {
    return subject.kind === "project" ? this.#constraints.limits(subject) : [];
  }

  isPinned(subject: Package): boolean {
    return subject.kind !== "root" && this.#expander.isPinned(subject.project);
  }
}
