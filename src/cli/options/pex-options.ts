/** The whole command line of `pex`. */

import { entryPointOptions } from "./entry-point.ts";
import { generalOptions } from "./general.ts";
import { globalOptions } from "./global.ts";
import type { OptionGroup } from "./option.ts";
import { outputOptions } from "./output.ts";
import { requirementOptions } from "./requirements.ts";
import { resolverOptions } from "./resolver.ts";
import { scieOptions } from "./scie.ts";
import { targetOptions } from "./target.ts";

/** Every option of `pex`, in the order of the help. */
export const pexOptions: readonly OptionGroup[] = [
  generalOptions,
  requirementOptions,
  entryPointOptions,
  targetOptions,
  resolverOptions,
  outputOptions,
  scieOptions,
  globalOptions,
];
