import { expect, test } from "vitest";

import { namedPythons, namedSystems, namedTarget } from "../../../src/targets/named-target.ts";
import { markerVariables } from "../../../src/standards/marker-environment.ts";

test.each([
  ["debian12-py311", "cp311-cp311-manylinux_2_36_x86_64", "3.11.2"],
  ["debian12-py312", "cp312-cp312-manylinux_2_36_x86_64", "3.12.16"],
  ["Debian12-PY3.11.4", "cp311-cp311-manylinux_2_36_x86_64", "3.11.4"],
  ["lambda-py313-arm64", "cp313-cp313-manylinux_2_34_aarch64", "3.13.18"],
  ["lambda-py311-aarch64", "cp311-cp311-manylinux_2_26_aarch64", "3.11.18"],
  ["alpine3.20-py312", "cp312-cp312-musllinux_1_2_x86_64", "3.12.16"],
  ["macos14-arm64-py312", "cp312-cp312-macosx_14_0_arm64", "3.12.16"],
  ["macos11-py37-x64", "cp37-cp37m-macosx_11_0_x86_64", "3.7.17"],
  ["windows-x86_64-py313", "cp313-cp313-win_amd64", "3.13.18"],
  ["windows-x86-py313t", "cp313-cp313t-win32", "3.13.18"],
  ["ubuntu18.04-py27", "cp27-cp27mu-manylinux_2_27_x86_64", "2.7.18"],
])("%s accepts %s first", (name, tag, version) => {
  const target = namedTarget(name);
  expect(target.tags).toContain(tag);
  expect(target.tags.find((each) => !each.includes("-linux_"))).toBe(tag);
  expect(target.markers.python_full_version).toBe(version);
  expect(target.description).toBe(name.toLowerCase());
});

test("every system with every Python and processor is complete", () => {
  for (const { name, machines } of namedSystems()) {
    for (const machine of Object.keys(machines)) {
      for (const python of namedPythons()) {
        const { markers, tags } = namedTarget(`${name}-${machine}-${python}`);
        expect(markerVariables.filter((variable) => markers[variable] === undefined)).toEqual([]);
        expect(tags.length).toBeGreaterThan(20);
      }
    }
  }
});

test.each([
  ["debin12-py311", "no system called `debin12`", "did you mean `debian12-py311`?"],
  ["nonsense", "no system called `nonsense`", "run `pex --list-targets` to see the names"],
  ["debian12", "the Python is missing", "write `debian12-py313`"],
  ["debian12-py399", "no Python called `py399`", "did you mean `py39`?"],
  ["debian12-py311-py312", "two Pythons", "name each target with an option of its own"],
  ["macos14-arm64-x86_64-py312", "two processors", "name each target with an option of its own"],
  ["debian12-s390x-py312", "no processor called `s390x`", "write `x86_64` or `arm64`"],
  ["debian12-py312t", "no free-threaded build", "leave out the `t`, or take py313t or newer"],
])("%s is no target: %s", (name, reason, hint) => {
  const expected = { code: "UNKNOWN_TARGET", message: expect.stringContaining(reason), hint };
  expect(() => namedTarget(name)).toThrow(expect.objectContaining(expected));
});
