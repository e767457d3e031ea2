/** All compatibility tags of an interpreter, best first, as `packaging.tags.sys_tags()` of packaging 26.3 yields them (PEP 425). */

import { tagComponent } from "../standards/tag.ts";

import type { AbiFacts, InterpreterFacts } from "./interpreter-facts.ts";
import { platformTags } from "./platform-tags.ts";

/** Major and minor number of a Python. */
export type PythonVersion = readonly [number, number];

/** Every tag of a wheel that the interpreter can use. */
export function interpreterTags(facts: InterpreterFacts): string[] {
  const version: PythonVersion = [facts.version[0], facts.version[1]];
  const platforms = platformTags(facts.platform).map((platform) => platform.toLowerCase());
  const { abi } = facts;
  if (facts.implementation === "CPython") {
    const own = cpythonTags(version, cpythonAbis(version, abi), platforms);
    return [...own, ...compatibleTags(version, `cp${abi.versionNodot}`, platforms)];
  }
  const name = facts.markers.implementation_name || facts.implementation.toLowerCase();
  const interpreter = `${SHORT_NAMES[name] ?? name}${abi.versionNodot}`.toLowerCase();
  const abis = genericAbis(version, abi).map((each) => each.toLowerCase());
  const own = genericTags(interpreter, abis, platforms);
  return [...own, ...compatibleTags(version, name === "pypy" ? "pp3" : undefined, platforms)];
}

const SHORT_NAMES: Readonly<Record<string, string>> = { python: "py", pypy: "pp", ironpython: "ip", jython: "jy" };

/** The ABIs of this build: `cp311`, `cp36m`, `cp27mu`, `cp313t`, or two for a debug build that also loads ordinary modules. */
export function cpythonAbis(version: PythonVersion, abi: AbiFacts): string[] {
  const [major, minor] = version;
  const isBefore = (second: number): boolean => major < 3 || (major === 3 && minor < second);
  const threading = abi.freeThreaded && !isBefore(13) ? "t" : "";
  const debug = abi.debug ? "d" : "";
  const plain = `cp${major}${minor}${threading}`;
  if (!isBefore(8)) return abi.debug ? [`${plain}d`, plain] : [plain];
  const wide = isBefore(3) && abi.wideUnicode ? "u" : "";
  return [`${plain}${debug}${abi.pymalloc ? "m" : ""}${wide}`];
}

/** Tags of CPython: own ABIs, the stable ABI, no ABI, then the stable ABI of older versions. */
export function cpythonTags(version: PythonVersion, abis: readonly string[], platforms: readonly string[]): string[] {
  const [major, minor] = version;
  const threaded = /^cp\d+[^\n]*t/.test(abis[0] ?? "");
  const stable = threaded ? "abi3t" : "abi3";
  const hasStable = major > 3 || (major === 3 && minor >= 2);
  const tags: string[] = [];
  for (const abi of [...abis, ...(hasStable ? [stable] : []), "none"])
    addTags(tags, `cp${major}${minor}-${abi}-`, platforms);
  const oldest = hasStable ? 2 : minor;
  for (let older = minor - 1; older >= oldest; older--) addTags(tags, `cp${major}${older}-${stable}-`, platforms);
  return tags;
}

/** Tags of an implementation about which nothing special is known. */
export function genericTags(interpreter: string, abis: readonly string[], platforms: readonly string[]): string[] {
  const tags: string[] = [];
  for (const abi of abis.includes("none") ? abis : [...abis, "none"])
    addTags(tags, `${interpreter}-${abi}-`, platforms);
  return tags;
}

/** Tags without an ABI: `py3…` for the platforms, then for any. */
export function compatibleTags(
  version: PythonVersion,
  interpreter: string | undefined,
  platforms: readonly string[],
): string[] {
  const [major, minor] = version;
  const pythons = [`py${major}${minor}`, `py${major}`];
  for (let older = minor - 1; older >= 0; older--) pythons.push(`py${major}${older}`);
  const tags: string[] = [];
  for (const python of pythons) addTags(tags, `${python}-none-`, platforms);
  if (interpreter !== undefined) tags.push(`${interpreter}-none-any`);
  for (const python of pythons) tags.push(`${python}-none-any`);
  return tags;
}

/** One concatenation for each tag: this runs on every start, before the code is compiled. */
function addTags(tags: string[], prefix: string, platforms: readonly string[]): void {
  for (let index = 0; index < platforms.length; index++) tags.push(prefix + (platforms[index] ?? ""));
}

/** The ABI in the suffix of extension modules, such as `pypy310_pp73` of `.pypy310-pp73-x86_64-linux-gnu.so`. */
function genericAbis(version: PythonVersion, abi: AbiFacts): string[] {
  const parts = abi.extensionSuffix?.split(".") ?? [];
  // PyPy 2.7 has no EXT_SUFFIX; its wheels are called after SOABI.
  if (parts.length === 0) return abi.soabi ? [tagComponent(abi.soabi)] : [];
  if (parts.length < 3) return cpythonAbis(version, abi);
  const words = (parts[1] ?? "").split("-");
  const [first = ""] = words;
  if (first === "") return [];
  if (first.startsWith("cpython")) return [`cp${words[1] ?? ""}`];
  if (first.startsWith("cp")) return [first];
  if (first.startsWith("pypy")) return [words.slice(0, 2).join("_")];
  if (first.startsWith("graalpy")) return [words.slice(0, 3).join("_")];
  return [tagComponent(words.join("-"))];
}
