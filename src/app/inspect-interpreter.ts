/** Tells about interpreters, in the form that `--complete-platform` reads. */

import { dirname, join } from "node:path";

import { PexError } from "../base/errors.ts";
import { realPath } from "../base/fs.ts";
import { compareOrdinal } from "../base/text.ts";
import { cacheLayout } from "../cache/layout.ts";
import { formatRequirement, parseRequirement } from "../standards/requirement.ts";
import { formatSpecifierSet, parseSpecifierSet } from "../standards/specifier.ts";
import { formatPlatform, platformLike } from "../targets/abbreviated-platform.ts";
import { installedDistributions, searchPathOf } from "../targets/installed.ts";
import type { InstalledDistribution } from "../targets/installed.ts";
import type { Interpreter } from "../targets/interpreter.ts";
import { selectAll, selectTargets } from "../targets/select.ts";
import type { TargetRequest } from "../targets/select.ts";
import type { AppContext } from "./context.ts";
import { cacheRoot } from "./workshop.ts";

/** Which interpreters, and what about them. Fields are named like the options of `pex3 interpreter inspect`. */
export interface InspectRequest {
  /** All interpreters found instead of those that a build would use. */
  readonly all?: boolean;
  readonly verbose?: boolean;
  readonly tags?: boolean;
  readonly markers?: boolean;
  readonly distributions?: boolean;
  readonly python?: readonly string[];
  readonly pythonPath?: string;
  readonly interpreterConstraints?: readonly string[];
  readonly interpreterSelectionStrategy?: "oldest" | "newest";
  readonly pexRoot?: string;
  readonly disableCache?: boolean;
}

/** What is told about one interpreter; the names are upstream's. */
export interface InterpreterReport {
  readonly path: string;
  /** The following are told with `verbose`. */
  readonly version?: string;
  /** An interpreter constraint for exactly this version. */
  readonly requirement?: string;
  readonly sys_path?: readonly string[];
  /** What `--platform` takes. */
  readonly platform?: string;
  readonly venv?: boolean;
  /** Of a virtual environment. */
  readonly base_interpreter?: string;
  /** With `tags`; the best first. */
  readonly compatible_tags?: readonly string[];
  /** With `markers`. */
  readonly marker_environment?: Readonly<Record<string, string | undefined>>;
  /** With `distributions`; by name as the project spells it. */
  readonly distributions?: Readonly<Record<string, DistributionFacts>>;
}

interface DistributionFacts {
  readonly version: string;
  readonly location: string;
  readonly requires_python: string | null;
  readonly requires_dists: readonly string[];
}

/** @throws what `selectTargets` throws */
export async function inspectInterpreters(
  request: InspectRequest,
  { host, signal }: AppContext,
): Promise<readonly InterpreterReport[]> {
  const cacheDirectory = request.disableCache ? undefined : cacheLayout(cacheRoot(request, host)).root;
  const context = { env: host.env, cwd: host.cwd, cacheDirectory, signal };
  const wanted: TargetRequest = {
    python: request.python ?? [],
    pythonPath: request.pythonPath,
    interpreterConstraints: request.interpreterConstraints ?? [],
    strategy: request.interpreterSelectionStrategy,
  };
  const interpreters = request.all
    ? await selectAll(wanted, context)
    : (await selectTargets(wanted, context)).flatMap((target) => target.interpreter ?? []);
  const reports: InterpreterReport[] = [];
  for (const interpreter of interpreters) {
    const needsPath = request.verbose === true || request.distributions === true;
    const searchPath = needsPath ? await searchPathOf(interpreter, context) : [];
    reports.push(reportOn(interpreter, searchPath, request));
  }
  return reports;
}

function reportOn(interpreter: Interpreter, searchPath: readonly string[], request: InspectRequest): InterpreterReport {
  return {
    path: lastingPath(interpreter),
    ...(request.verbose && {
      version: interpreter.version.join("."),
      requirement: `${interpreter.implementation}${interpreter.freeThreaded ? "+t" : ""}==${interpreter.version.join(".")}`,
      sys_path: searchPath,
      platform: platformOf(interpreter),
      venv: interpreter.isVenv,
      ...(interpreter.isVenv && { base_interpreter: interpreter.baseExecutable }),
    }),
    ...(request.tags && { compatible_tags: interpreter.tags }),
    ...(request.markers && { marker_environment: interpreter.markers }),
    ...(request.distributions && { distributions: distributionsOf(searchPath) }),
  };
}

/** By the name that no other version takes over, such as `python3.11` where `python3` was found. */
function lastingPath(interpreter: Interpreter): string {
  const sibling = join(dirname(interpreter.path), interpreter.shebangName);
  return realPath(sibling) === interpreter.realPath ? sibling : interpreter.path;
}

/** `linux_x86_64` comes first among the tags, but the newest manylinux tells more. */
function platformOf(interpreter: Interpreter): string {
  const platforms = interpreter.tags.map((tag) => tag.split("-")[2] ?? "");
  const system = platforms.find((each) => !each.startsWith("linux_") && each !== "any") ?? platforms[0] ?? "any";
  return formatPlatform(platformLike(interpreter, system));
}

function distributionsOf(searchPath: readonly string[]): Readonly<Record<string, DistributionFacts>> {
  const sorted = installedDistributions(searchPath).toSorted((left, right) =>
    compareOrdinal(left.metadata.name.toLowerCase(), right.metadata.name.toLowerCase()),
  );
  return Object.fromEntries(sorted.map((each) => [each.metadata.name, factsOf(each)]));
}

function factsOf({ metadata, location }: InstalledDistribution): DistributionFacts {
  return {
    version: metadata.version,
    location,
    requires_python: metadata.requiresPython === undefined ? null : normalized(metadata.requiresPython, specifierText),
    requires_dists: metadata.requiresDist.map((text) => normalized(text, requirementText)),
  };
}

const specifierText = (text: string): string => formatSpecifierSet(parseSpecifierSet(text));
const requirementText = (text: string): string => formatRequirement(parseRequirement(text));

/** What cannot be read is shown as it stands. */
function normalized(text: string, format: (text: string) => string): string {
  try {
    return format(text);
  } catch (error) {
    if (error instanceof PexError) return text;
    throw error;
  }
}
