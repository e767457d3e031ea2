import { expect, test } from "vitest";

import { silent } from "../../../src/base/log.ts";
import { Effort } from "../../../src/resolver/effort.ts";
import { PackageTable } from "../../../src/resolver/solver/package.ts";
import { parseRequirement } from "../../../src/standards/requirement.ts";

test("a search ends with the names of what collided most when it has had thousands of conflicts", () => {
  const packages = new PackageTable();
  const [often, seldom] = ["often", "seldom"].map((name) => packages.project(parseRequirement(name).project));
  const effort = new Effort(silent);
  const search = (): void => {
    for (;;) for (const loser of [often, seldom, often]) effort.jumpedBack(2, loser);
  };
  expect(search).toThrow(
    expect.objectContaining({
      code: "TOO_HARD",
      message: expect.stringMatching(/^No answer after \d+ conflicts, .*often and seldom$/),
    }),
  );
});
