/** The application layer in one chunk, loaded when a command has real work to do. */

export { buildPex } from "../app/build-pex.ts";
export { bdistPex } from "../app/bdist-pex.ts";
export { prepareEphemeral } from "../app/run-ephemeral.ts";
export { prepareTools } from "../app/run-tools.ts";
export { inspectInterpreters } from "../app/inspect-interpreter.ts";
export { listTargets } from "../app/list-targets.ts";
export { pruneCache } from "../app/prune-cache.ts";
