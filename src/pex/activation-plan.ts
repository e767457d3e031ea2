/** What the runtime must know to choose wheels for an interpreter without reading any of them. */

import { asSha256, sha256, type Sha256 } from "../base/digest.ts";
import { normalizeName, type ProjectName } from "../standards/project-name.ts";

import { canonicalJson, isJsonObject, type Json } from "./canonical-json.ts";

/** One wheel of the PEX and what it demands. */
export interface PlannedDistribution {
  /** File name below `.deps/`. */
  readonly file: string;
  readonly project: ProjectName;
  readonly version: string;
  readonly sha256: Sha256;
  /** Specifier text. */
  readonly requiresPython: string | undefined;
  /** PEP 508 texts, as in the metadata. */
  readonly requires: readonly string[];
}

/** The key `activation_plan` of PEX-INFO, in the form `format: 1`. */
export interface ActivationPlan {
  /** PEP 508 texts of the requirements that the user asked for, sorted. */
  readonly roots: readonly string[];
  /** In activation order: of two files with the same path the earlier wins. */
  readonly distributions: readonly PlannedDistribution[];
}

const FORMAT = 1;

/** The plan as PEX-INFO holds it. */
export function planJson(plan: ActivationPlan): Json {
  return {
    format: FORMAT,
    roots: plan.roots,
    distributions: plan.distributions.map((distribution) => ({
      file: distribution.file,
      project: distribution.project,
      version: distribution.version,
      sha256: distribution.sha256,
      requires_python: distribution.requiresPython ?? null,
      requires: distribution.requires,
    })),
  };
}

/**
 * Identifies the set of distributions and how they are activated; empty without distributions.
 *
 * @param amendments What changes the requirements of the distributions, as PEX-INFO has it.
 */
export function planHash(plan: ActivationPlan, amendments: readonly string[] = []): string {
  if (plan.distributions.length === 0) return "";
  return sha256(canonicalJson(amendments.length === 0 ? planJson(plan) : [planJson(plan), amendments]));
}

/** The plan in a PEX-INFO, or `undefined` if it is not ours or not of a form that we know. */
export function parsePlan(value: Json | undefined): ActivationPlan | undefined {
  if (!isJsonObject(value) || value["format"] !== FORMAT) return undefined;
  const { roots, distributions } = value;
  if (!isTextList(roots) || !isList(distributions)) return undefined;
  const planned = distributions.map(parseDistribution);
  return planned.every((each) => each !== undefined) ? { roots, distributions: planned } : undefined;
}

function parseDistribution(value: Json): PlannedDistribution | undefined {
  if (!isJsonObject(value)) return undefined;
  const { file, project, version, requires, requires_python: requiresPython } = value;
  const digest = typeof value["sha256"] === "string" ? asSha256(value["sha256"]) : undefined;
  if (typeof file !== "string" || typeof project !== "string" || typeof version !== "string") return undefined;
  if (digest === undefined || !isTextList(requires)) return undefined;
  return {
    file,
    project: normalizeName(project),
    version,
    sha256: digest,
    requiresPython: typeof requiresPython === "string" ? requiresPython : undefined,
    requires,
  };
}

function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

function isTextList(value: Json | undefined): value is readonly string[] {
  return isList(value) && value.every((each) => typeof each === "string");
}
