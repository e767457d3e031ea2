/**
 * Places in the order of versions (PEP 440), each named by the version that begins what lies above it.
 *
 * Where no real version does, an imaginary one is made: `1.0.post∞` lies above every post-release of 1.0 and below any
 * longer release, `1.0+""` above 1.0 itself and below its local versions.
 */

import { makeVersion, type Version } from "./version.ts";

/** `0.dev0`: no version sorts below it. */
export const lowestVersion: Version = makeVersion({
  epoch: 0,
  release: [0],
  pre: undefined,
  post: undefined,
  dev: 0,
  local: [],
});

/** Above all versions whose release begins with this prefix. */
export function nextPrefix(epoch: number, prefix: readonly number[]): Version {
  const release = [...prefix.slice(0, -1), (prefix.at(-1) ?? 0) + 1];
  return makeVersion({ epoch, release, pre: undefined, post: undefined, dev: 0, local: [] });
}

/** Between a version and its local versions. */
export function justAfter(version: Version): Version {
  return withParts(version, { local: [...version.local, ""] });
}

/** Above a version and all of its local versions. */
export function afterLocals(version: Version): Version {
  if (version.dev !== undefined) return withParts(version, { dev: version.dev + 1, local: [] });
  return withParts(version, { post: version.post === undefined ? 0 : version.post + 1, dev: 0, local: [] });
}

/** Where `>` begins: above the version, its local versions and, unless it is one itself, its post-releases. */
export function afterFamily(version: Version): Version {
  const { pre, post, dev } = version;
  if (dev !== undefined || post !== undefined) return afterLocals(version);
  if (pre !== undefined) return makeVersion({ ...version, pre: [pre[0], pre[1] + 1], dev: 0, local: [] });
  return withParts(version, { post: Infinity, local: [] });
}

/** Whether no index can offer this version. */
export function isImaginary(version: Version): boolean {
  return version.post === Infinity || version.local.at(-1) === "";
}

/** The version that a cut made by `justAfter`, `afterLocals` or `afterFamily` comes after, if it is such a cut. */
export function versionBelow(cut: Version): Version | undefined {
  if (cut.local.at(-1) === "") return withParts(cut, { local: cut.local.slice(0, -1) });
  if (cut.post === Infinity) return withParts(cut, { post: undefined });
  if (cut.dev !== 0 || cut.post === undefined) return undefined;
  return withParts(cut, { post: cut.post === 0 ? undefined : cut.post - 1, dev: undefined });
}

/** The version with some of its parts replaced. */
export function withParts(
  version: Version,
  parts: { readonly post?: number | undefined; readonly dev?: number | undefined; readonly local?: Version["local"] },
): Version {
  return makeVersion({ ...version, ...parts });
}
