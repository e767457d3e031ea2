/** Which requirements of a distribution apply to a target (docs/internals/solver.md §3.2). */

import type { MarkerEnvironment } from "../standards/marker-environment.ts";
import { decideMarker } from "../standards/marker.ts";
import { normalizeName, type ProjectName } from "../standards/project-name.ts";
import { parseRequirement, type Requirement } from "../standards/requirement.ts";
import type { DependencyMetadata } from "./package-source.ts";

/** Optional dependencies as build tools write them: nothing to parse unless the extra is asked for. */
const EXTRA_ONLY = /^[^@;]*;\s*extra\s*==\s*(?:"([^"'\\]*)"|'([^"'\\]*)')\s*$/;

/** Reads requirement lines for one environment, each list once. */
export class RequirementReader {
  readonly #environment: MarkerEnvironment;
  readonly #references: ReadonlyMap<string, Requirement>;
  readonly #amend: (requirement: Requirement) => Requirement | undefined;
  readonly #lists = new WeakMap<DependencyMetadata, Map<ProjectName | undefined, readonly Requirement[]>>();

  /**
   * @param change.references What is known to lie behind direct references, by URL: a requirement that pins it.
   * @param change.amend What counts instead of a requirement that applies.
   */
  constructor(
    environment: MarkerEnvironment,
    change: {
      readonly references?: ReadonlyMap<string, Requirement> | undefined;
      readonly amend?: (requirement: Requirement) => Requirement | undefined;
    } = {},
  ) {
    this.#environment = environment;
    this.#references = change.references ?? new Map();
    this.#amend = change.amend ?? ((requirement) => requirement);
  }

  /**
   * The requirements of a distribution as such, or what one of its extras adds to them, in the order written.
   *
   * @throws InvalidRequirement, or what `decideMarker` throws.
   */
  read(metadata: DependencyMetadata, extra: ProjectName | undefined): readonly Requirement[] {
    let lists = this.#lists.get(metadata);
    if (lists === undefined) this.#lists.set(metadata, (lists = new Map()));
    let list = lists.get(extra);
    if (list === undefined) {
      const parse = parserFor(metadata);
      list = metadata.requiresDist.flatMap((line) => this.#readLine(line, extra, parse));
      lists.set(extra, list);
    }
    return list;
  }

  /** Whether a requirement of the user applies. */
  applies(requirement: Requirement, extra: ProjectName | undefined): boolean {
    const { marker } = requirement;
    return marker === undefined || decideMarker(marker, this.#environment, extra);
  }

  #pinned(requirement: Requirement): Requirement {
    const pin = requirement.url === undefined ? undefined : this.#references.get(requirement.url);
    return pin === undefined ? requirement : { ...requirement, url: undefined, specifier: pin.specifier };
  }

  #readLine(
    line: string,
    extra: ProjectName | undefined,
    parse: (line: string) => Requirement,
  ): readonly Requirement[] {
    const optional = EXTRA_ONLY.exec(line);
    if (optional !== null && normalizeName(optional[1] ?? optional[2] ?? "") !== (extra ?? "")) return [];
    if (extra !== undefined && !line.includes("extra")) return [];
    const requirement = parse(line);
    if (!this.applies(requirement, extra)) return [];
    // What applies anyway is no addition of the extra.
    if (extra !== undefined && this.applies(requirement, undefined)) return [];
    const amended = this.#amend(requirement);
    return amended === undefined ? [] : [this.#pinned(amended)];
  }
}

/** What was parsed for one target or extra serves the next ones. */
const PARSED = new WeakMap<DependencyMetadata, Map<string, Requirement>>();

function parserFor(metadata: DependencyMetadata): (line: string) => Requirement {
  let parsed = PARSED.get(metadata);
  if (parsed === undefined) PARSED.set(metadata, (parsed = new Map()));
  const lines = parsed;
  return (line) => {
    let requirement = lines.get(line);
    if (requirement === undefined) lines.set(line, (requirement = parseRequirement(line)));
    return requirement;
  };
}
