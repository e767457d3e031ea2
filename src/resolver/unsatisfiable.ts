/** The error for requirements that contradict each other. */

import { sentenceList } from "../base/text.ts";
import { Unsatisfiable } from "./errors.ts";
import type { FailedResolve } from "./failure.ts";
import { hintFor } from "./no-matching-version.ts";
import { describeRequirement } from "./requirement-text.ts";
import { explain } from "./solver/explain.ts";

/** More requirements than this are not listed. */
const MOST = 5;

/** Tells the proof. */
export function unsatisfiable(failed: FailedResolve): Unsatisfiable {
  const { proof, vocabulary } = failed;
  const { required, constrained } = userPart(failed);
  const all = [...required, ...constrained];
  const headline =
    all.length === 1
      ? `The requirement cannot be met: ${all.join("")}`
      : `The requirements contradict each other: ${listed(all)}`;
  const hint = hintFromObstacles(failed) ?? hintToLoosen(required, constrained);
  return new Unsatisfiable([headline, ...explain(proof, vocabulary)].join("\n  "), { hint });
}

/** What the user said that the proof makes use of. */
function userPart({ facts }: FailedResolve): { readonly required: readonly string[]; readonly constrained: readonly string[] } {
  const required = new Set<string>();
  const constrained = new Set<string>();
  for (const { cause, terms } of facts) {
    if (cause.kind === "constraint") constrained.add(describeRequirement(cause.constraint));
    else if (cause.kind === "dependency" && terms[0]?.package.kind === "root") {
      required.add(describeRequirement(cause.requirement));
    }
  }
  return { required: [...required], constrained: [...constrained] };
}

function hintFromObstacles({ facts, vocabulary, request }: FailedResolve): string | undefined {
  for (const { cause, terms: [term] } of facts) {
    if (cause.kind !== "no-versions" || term === undefined || term.package.kind === "root") continue;
    const { project } = term.package;
    const hint = hintFor(vocabulary.obstacles(project, term.set)[0], { project, target: request.target });
    if (hint !== undefined) return hint;
  }
  return undefined;
}

function hintToLoosen(required: readonly string[], constrained: readonly string[]): string | undefined {
  const all = [...required.map((text) => `\`${text}\``), ...constrained.map((text) => `the constraint \`${text}\``)];
  return all.length === 0 || all.length > MOST ? undefined : `Loosen ${sentenceList(all, "or")}`;
}

function listed(texts: readonly string[]): string {
  return texts.length <= MOST ? texts.join(", ") : `${texts.slice(0, MOST).join(", ")} and ${texts.length - MOST} more`;
}
