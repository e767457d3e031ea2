/** What gets exactly one version, or none (docs/internals/solver.md, "Package"). */

import type { ProjectName } from "../../standards/project-name.ts";

/** The user: always chosen. */
export interface RootPackage {
  readonly kind: "root";
  readonly id: number;
  readonly label: string;
}

/** A project as such. */
export interface ProjectPackage {
  readonly kind: "project";
  /** Order of discovery; the identity of the package within one resolve. */
  readonly id: number;
  readonly label: string;
  readonly project: ProjectName;
}

/** A project with one extra: depends on the project at the same version, and on what the extra needs. */
export interface ExtraPackage {
  readonly kind: "extra";
  readonly id: number;
  readonly label: string;
  readonly project: ProjectName;
  readonly extra: ProjectName;
  readonly base: ProjectPackage;
}

export type Package = RootPackage | ProjectPackage | ExtraPackage;

/** Gives each package its one object, numbered as they are met. */
export class PackageTable {
  readonly root: RootPackage = { kind: "root", id: 0, label: "you" };
  readonly #projects = new Map<ProjectName, ProjectPackage>();
  readonly #extras = new Map<ProjectPackage, ExtraPackage[]>();
  #next = 1;

  /** The package of a project. */
  project(project: ProjectName): ProjectPackage {
    let found = this.#projects.get(project);
    if (found === undefined) {
      found = { kind: "project", id: this.#next++, label: project, project };
      this.#projects.set(project, found);
    }
    return found;
  }

  /** The package of a project's extra. */
  extra(base: ProjectPackage, extra: ProjectName): ExtraPackage {
    let extras = this.#extras.get(base);
    if (extras === undefined) this.#extras.set(base, (extras = []));
    let found = extras.find((candidate) => candidate.extra === extra);
    if (found === undefined) {
      const label = `${base.project}[${extra}]`;
      found = { kind: "extra", id: this.#next++, label, project: base.project, extra, base };
      extras.push(found);
    }
    return found;
  }

  /** The extras of a project met so far. */
  extrasOf(base: ProjectPackage): readonly ExtraPackage[] {
    return this.#extras.get(base) ?? NO_EXTRAS;
  }
}

const NO_EXTRAS: readonly ExtraPackage[] = [];
