import { describe, expect, test } from "vitest";

import type { MarkerEnvironment } from "../../src/standards/marker-environment.ts";
import {
  evaluateMarker,
  formatMarker,
  InvalidMarker,
  type Marker,
  parseMarker,
  UndefinedMarkerComparison,
  UndefinedMarkerVariable,
} from "../../src/standards/marker.ts";
import { damaged, markerText, tokenSoup } from "../support/packaging-cases.ts";
import { askPython } from "../support/python-oracle.ts";
import { SeededRandom } from "../support/seeded-random.ts";

const ORACLE = `
from packaging.markers import Marker, InvalidMarker, UndefinedComparison, UndefinedEnvironmentName

def evaluate(marker, environment):
    try:
        return marker.evaluate(environment)
    except (UndefinedComparison, UndefinedEnvironmentName, AssertionError) as error:
        return type(error).__name__

def answer(question):
    try:
        marker = Marker(question["marker"])
    except InvalidMarker:
        return None
    try:
        text = str(marker)
    except ValueError:
        text = None
    return {"text": text, "values": [evaluate(marker, environment) for environment in question["environments"]]}
`;

const LINUX: Required<MarkerEnvironment> = {
  implementation_name: "cpython",
  implementation_version: "3.11.7",
  os_name: "posix",
  platform_machine: "x86_64",
  platform_python_implementation: "CPython",
  platform_release: "5.15.0-generic",
  platform_system: "Linux",
  platform_version: "#1 SMP",
  python_full_version: "3.11.7",
  python_version: "3.11",
  sys_platform: "linux",
};

const ENVIRONMENTS: readonly { readonly variables: Required<MarkerEnvironment>; readonly extra: string }[] = [
  { variables: LINUX, extra: "" },
  { variables: LINUX, extra: "Test.Extra" },
  {
    variables: {
      ...LINUX,
      python_full_version: "3.14.0a1+",
      python_version: "3.14",
      implementation_version: "3.14.0a1+",
    },
    extra: "test",
  },
  {
    variables: {
      ...LINUX,
      os_name: "nt",
      sys_platform: "win32",
      platform_system: "Windows",
      platform_release: "10",
      python_version: "3.8",
      python_full_version: "3.8.18",
    },
    extra: "test-extra",
  },
  {
    variables: { ...LINUX, python_version: "2.7", python_full_version: "2.7.18", platform_release: "6.1", os_name: "" },
    extra: "",
  },
];

type Value = boolean | "UndefinedComparison" | "UndefinedEnvironmentName";

describe("markers agree with packaging", () => {
  test("on validity, text and value in several environments", () => {
    const random = new SeededRandom(508);
    const environments = ENVIRONMENTS.map(({ variables, extra }) => ({ ...variables, extra }));
    const texts = random.times(20_000, () => {
      if (random.chance(0.1)) return `${random.pick(["python_version", "'a'", "("])}${tokenSoup(random)}`;
      const text = markerText(random);
      return random.chance(0.25) ? damaged(random, text) : text;
    });
    const expected = askPython<{ text: string | null; values: Value[] } | null>(
      ORACLE,
      texts.map((marker) => ({ marker, environments })),
    );
    const differences = texts.flatMap((text, index) => {
      const marker = tryParse(text);
      const packaging = expected[index] ?? null;
      const ours =
        marker === undefined
          ? null
          : { text: formatMarker(marker), values: ENVIRONMENTS.map((_, at) => evaluate(marker, at)) };
      if (ours === null || packaging === null) return ours === packaging ? [] : [{ text, ours, packaging }];
      const isSame =
        ours.text === (packaging.text ?? ours.text) &&
        ours.values.every((value, at) => agrees(value, packaging.values[at]));
      return isSame ? [] : [{ text, ours, packaging }];
    });
    expect(expected.filter((answer) => answer === null).length).toBeGreaterThan(2_000);
    expect(differences.slice(0, 10)).toEqual([]);
  });
});

/** Ours stops at the first operand that decides, so it may answer where packaging meets an error later on. */
function agrees(ours: Value, packaging: Value | undefined): boolean {
  return ours === packaging || (typeof packaging === "string" && (typeof ours === "boolean" || ours !== packaging));
}

function evaluate(marker: Marker, at: number): Value {
  const { variables, extra } = ENVIRONMENTS[at]!;
  try {
    return evaluateMarker(marker, variables, extra);
  } catch (error) {
    if (error instanceof UndefinedMarkerComparison) return "UndefinedComparison";
    if (error instanceof UndefinedMarkerVariable) return "UndefinedEnvironmentName";
    throw error;
  }
}

function tryParse(text: string): Marker | undefined {
  try {
    return parseMarker(text);
  } catch (error) {
    if (error instanceof InvalidMarker) return undefined;
    throw error;
  }
}
