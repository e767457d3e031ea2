/** Resolving where metadata says by URL what it requires: what lies there is learnt when it comes up. */

import { argumentOf } from "../inputs/requirement-argument.ts";
import { DirectReference } from "../resolver/direct-reference.ts";
import type { Resolution } from "../resolver/resolution.ts";
import type { ProjectName } from "../standards/project-name.ts";
import { parseRequirement, type Requirement } from "../standards/requirement.ts";
import type { DirectFiles } from "./direct-files.ts";

/** What is known so far. */
interface Known {
  readonly files: DirectFiles | undefined;
  /** What stands for a URL in metadata. */
  readonly references: ReadonlyMap<string, Requirement>;
}

export interface ReferenceTools {
  /** What was named by path or URL already. */
  readonly files: DirectFiles | undefined;
  newFiles(): Promise<DirectFiles>;
  /** Whether a project is taken from the index, whatever URL is named for it. */
  holds(project: ProjectName): boolean;
}

/** Resolves again for each URL that comes up. @throws what the attempt throws, and what `DirectFiles.addReference` does */
export async function followReferences(
  attempt: (known: Known) => Promise<Resolution>,
  tools: ReferenceTools,
): Promise<Resolution> {
  const held = new Map<string, Requirement>();
  let { files } = tools;
  for (;;) {
    const references = new Map([...held, ...(files?.references ?? [])]);
    try {
      return await attempt({ files, references });
    } catch (error) {
      if (!(error instanceof DirectReference)) throw error;
      const { url = "", project, name } = error.requirement;
      if (references.has(url)) throw error;
      if (tools.holds(project)) {
        held.set(url, parseRequirement(name));
        continue;
      }
      files ??= await tools.newFiles();
      await files.addReference(url, argumentOf({ ...error.requirement, marker: undefined }));
    }
  }
}
