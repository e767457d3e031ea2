import { expect, test } from "vitest";

import { recordedRequirement } from "../../../src/app/recorded-requirement.ts";
import { localSource, parseSourceUrl } from "../../../src/inputs/direct-source.ts";
import { parseRequirement } from "../../../src/standards/requirement.ts";

const URL = "https://host.example/demo-1.0-py3-none-any.whl";

test.each([
  [URL, "demo==1.0", `demo @ ${URL}`],
  [`${URL}#sha256=0123`, 'demo[x]==1.0; os_name == "posix"', `demo[x] @ ${URL}#sha256=0123 ; os_name == "posix"`],
  ["git+https://host.example/demo@v1#subdirectory=a/b", "demo==1.0", undefined],
  ["git+ssh://git@host.example/demo", "demo==1.0", undefined],
])("%s is recorded as it is", (url, pin, expected) => {
  const recorded = recordedRequirement({ source: parseSourceUrl(url), pin: parseRequirement(pin) });
  expect(recorded).toBe(expected ?? `demo @ ${url}`);
});

test.each([
  "https://user:secret@host.example/demo-1.0.zip",
  "https://token@host.example/demo-1.0.zip",
  "https://host.example/demo-1.0.zip?signature=secret",
  "git+https://token@host.example/demo",
  "git+file:///home/me/demo",
])("%s is for nobody else: the version stands for it", (url) => {
  expect(recordedRequirement({ source: parseSourceUrl(url), pin: parseRequirement("demo==1.0") })).toBe("demo==1.0");
});

test("a path is of this machine", () => {
  const source = localSource({ kind: "directory", path: "/home/me/demo" }, { shown: "./demo" });
  expect(recordedRequirement({ source, pin: parseRequirement("demo==1.0") })).toBe("demo==1.0");
});
