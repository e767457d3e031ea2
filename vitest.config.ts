import { readFileSync } from "node:fs";
import { defineConfig } from "vitest/config";

const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };

export default defineConfig({
  define: {
    PEXJS_DEFAULT_INDEX: JSON.stringify("https://index.example/simple/"),
    PEXJS_VERSION: JSON.stringify(version),
  },
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: "test/support/announce-pythons.ts",
    isolate: false,
    // Not threads: what one starts inherits, until it is another program, what another is writing, and then "text file busy".
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 300_000,
  },
});
