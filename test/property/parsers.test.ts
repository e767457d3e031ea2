/**
 * Whatever stands in a text that comes from outside: a parser answers, or throws one of our errors. Ten thousand texts in CI;
 * `PEXJS_FUZZ=1000000` asks for as many as that, and `PEXJS_SEED` for others.
 */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

import { decodeDirectory } from "../../src/archive/zip-directory.ts";
import { PexError } from "../../src/base/errors.ts";
import { parseToml } from "../../src/base/toml.ts";
import { scanAnchors } from "../../src/index/anchor-scan.ts";
import { readPageContent } from "../../src/index/page-content.ts";
import { parseSourceUrl } from "../../src/inputs/direct-source.ts";
import { parseHash } from "../../src/inputs/hash-mode.ts";
import { parseRequirementArgument } from "../../src/inputs/requirement-argument.ts";
import { parseLineOptions } from "../../src/inputs/requirements-options.ts";
import { decodeRequirements, logicalLines } from "../../src/inputs/requirements-text.ts";
import { InvalidNetrc, parseNetrc } from "../../src/net/netrc.ts";
import { parsePexInfo } from "../../src/pex/pex-info-reader.ts";
import { parsePythonShebang } from "../../src/pex/shell-boot.ts";
import { parseOverride } from "../../src/resolver/amendments.ts";
import { parseConfig } from "../../src/standards/configparser.ts";
import { parseCoreMetadata } from "../../src/standards/core-metadata.ts";
import { parseDirectUrl } from "../../src/standards/direct-url.ts";
import { parseEntryPoints } from "../../src/standards/entry-points.ts";
import { formatMarker, parseMarker } from "../../src/standards/marker.ts";
import { decodePythonString } from "../../src/standards/python-string.ts";
import { parseRecord } from "../../src/standards/record.ts";
import { formatRequirement, parseRequirement } from "../../src/standards/requirement.ts";
import { readScriptMetadata } from "../../src/standards/script-metadata.ts";
import { parseSdistFilename } from "../../src/standards/sdist-filename.ts";
import { parseIndexHtml, parseIndexJson } from "../../src/standards/simple-index.ts";
import { SourceError } from "../../src/standards/source-error.ts";
import { formatSpecifierSet, parseSpecifierSet } from "../../src/standards/specifier.ts";
import { parseVersion } from "../../src/standards/version.ts";
import { parseWheelFilename } from "../../src/standards/wheel-filename.ts";
import { parsePlatform } from "../../src/targets/abbreviated-platform.ts";
import { completePlatformTarget } from "../../src/targets/complete-platform.ts";
import { parseInterpreterConstraint } from "../../src/targets/interpreter-constraint.ts";
import { namedTarget } from "../../src/targets/named-target.ts";

interface Grammar {
  readonly parse: (text: string) => unknown;
  /** Texts that follow the grammar, to be cut up and put together wrongly. */
  readonly right: readonly string[];
}

const PAGE = "https://index.example/simple/app/";
const HASH = "a".repeat(64);

const GRAMMARS: Readonly<Record<string, Grammar>> = {
  version: { parse: parseVersion, right: ["1!2.0.3rc4.post5.dev6+local.7", "v1.0-1", "2024.10"] },
  "set of specifiers": {
    parse: (text) => formatSpecifierSet(parseSpecifierSet(text)),
    right: [">=1.0,!=1.5.*,<2", "~=1.4.2", "===odd version", "==1!2.0+local"],
  },
  marker: {
    parse: (text) => formatMarker(parseMarker(text)),
    right: [
      `(python_version < "3.8" and os_name == 'nt') or extra == "more"`,
      `"linux" in sys_platform and platform_machine not in "x86_64 aarch64"`,
    ],
  },
  requirement: {
    parse: (text) => formatRequirement(parseRequirement(text)),
    right: [
      `Some.Name[first, second] >=1.0,<2 ; python_version < "3"`,
      "name @ https://files.example/name-1.0.tar.gz#sha256=00 ; os_name == 'nt'",
      "name (>=1)",
    ],
  },
  "requirement of the command line": {
    parse: (text) => parseRequirementArgument(text, "/work"),
    right: ["./project[extra]", "git+https://host.example/app@main#egg=app&subdirectory=sub", "a.whl", "name==1"],
  },
  "URL of a source": {
    parse: (text) => parseSourceUrl(text),
    right: ["git+ssh://git@host.example:22/a/b.git@v1#egg=name[x]", "file:///a/b-1.0.zip", "https://h.example/%zz.whl"],
  },
  "requirements file": {
    parse: (text) => logicalLines(decodeRequirements(Buffer.from(text), "requirements.txt")),
    right: ["# -*- coding: latin-1 -*-\nname==1 \\\n  --hash=sha256:00 # why\n", "\ufeffname\r\nother\u2028third\\"],
  },
  "options of a requirements file": {
    parse: parseLineOptions,
    right: [`--hash=sha256:${HASH} --config-settings "a=b c"`, "-r more.txt -ihttps://index.example/simple"],
  },
  hash: { parse: parseHash, right: [`sha256:${HASH}`, "md5:00"] },
  "file name of a wheel": {
    parse: parseWheelFilename,
    right: ["some_name-1.0-2b-cp39.cp310-abi3-manylinux_2_17_x86_64.whl"],
  },
  "file name of a source archive": {
    parse: (text) => parseSdistFilename(text),
    right: ["some-name-1.0.tar.gz", "a-b-c-2.zip"],
  },
  "core metadata": {
    parse: parseCoreMetadata,
    right: [
      `Metadata-Version: 2.1\nName: app\nVersion: 1.0\nRequires-Dist: other (>=1) ; extra == "x"\nRequires-Python: >=3\n\nBody`,
      "Name: a\n folded\nVersion: 1\nProvides-Extra: B_c\nDynamic: Requires-Dist\n",
    ],
  },
  "entry points": { parse: parseEntryPoints, right: ["[console_scripts]\nname = a.b:c.d [extra]\n; no\n[other]\nx=y"] },
  record: { parse: parseRecord, right: [`a.py,sha256=AAA,12\n"b,""c.py",,\n`] },
  "direct URL": {
    parse: parseDirectUrl,
    right: ['{"url":"https://h.example/a","vcs_info":{"vcs":"git","commit_id":"00"}}'],
  },
  "page in HTML": {
    parse: (text) => parseIndexHtml(text, PAGE),
    right: [
      `<!DOCTYPE html><base href="../x/"><a href="app-1.0.tar.gz#sha256=${HASH}" data-requires-python="&gt;=3" data-yanked>app</a>`,
      "<A HREF='app-1-py3-none-any.whl' data-core-metadata=true>x</A><!-- <a href=no> -->",
    ],
  },
  anchors: { parse: scanAnchors, right: [`<a href="x" title='>'>y</a>\n<a\nhref=z>`] },
  "page in JSON": {
    parse: (text) => parseIndexJson(text, PAGE),
    right: [
      `{"meta":{"api-version":"1.1"},"name":"app","files":[{"filename":"app-1.tar.gz","url":"app-1.tar.gz","hashes":{"sha256":"${HASH}"},"size":3,"yanked":"no","upload-time":"2024-01-01T00:00:00Z"}]}`,
    ],
  },
  "page as it is kept": {
    parse: (text) => readPageContent(Buffer.from(text), { contentType: "application/json", url: PAGE }),
    right: ['{"meta":{"api-version":"1.0"},"files":[{"filename":"app-1.tar.gz","url":"x","yanked":false},null]}'],
  },
  "PEX-INFO": {
    parse: parsePexInfo,
    right: [
      '{"requirements":["a"],"distributions":{"a-1.whl":"00"},"venv":true,"inherit_path":"false","pex_paths":[]}',
    ],
  },
  "first line for Python": { parse: parsePythonShebang, right: ["#!/usr/bin/env -S python3 -I", "/usr/bin/python -E"] },
  override: { parse: parseOverride, right: ["name==1", "name=other>2"] },
  "pip's configuration": {
    parse: (text) => parseConfig(text),
    right: ["[global]\nindex-url = https://i.example\n  more\n; no\n"],
  },
  netrc: { parse: parseNetrc, right: ['machine h.example login a password "b c"\nmacdef x\ny\n\ndefault login z'] },
  "string of Python": { parse: decodePythonString, right: ["a\\n\\x41\\u00e9\\N{DASH}\\101\\\n"] },
  "metadata of a script": {
    parse: (text) => readScriptMetadata(text, "script.py"),
    right: ['# /// script\n# requires-python = ">=3.8"\n# dependencies = ["a<2", "b"]\n# ///\nprint()'],
  },
  TOML: {
    parse: (text) => parseToml(text, "pyproject.toml"),
    right: ['[project]\nname = "a"\ndynamic = ["version"]\n[[x.y]]\nz = 1e3'],
  },
  platform: {
    parse: parsePlatform,
    right: ["linux-x86_64-cp-311-cp311", "macosx_11_0_arm64-cp-3.11.2-cp311", "win_amd64-pp-39-pypy39_pp73"],
  },
  "complete platform": {
    parse: (text) => completePlatformTarget(`{${text}`, "/work"),
    right: [
      '"marker_environment":{"python_version":"3.11","os_name":"posix"},"compatible_tags":["cp311-cp311-linux_x86_64"]}',
    ],
  },
  "interpreter constraint": {
    parse: parseInterpreterConstraint,
    right: ["CPython+t>=3.13,<4", "PyPy[gil]==3.*", ">=3.8"],
  },
  "named target": {
    parse: namedTarget,
    right: ["debian12-py311", "macos14-arm64-py3.12.1", "alpine3.20-aarch64-py312"],
  },
};

const RUNS = Number(process.env["PEXJS_FUZZ"] ?? 10_000);
const perGrammar = Math.ceil(RUNS / Object.keys(GRAMMARS).length);
const seed = Number(process.env["PEXJS_SEED"] ?? 4_711);

/** What parsers stumble over: ends of lines, halves of characters, nothing, very much, names that objects have. */
const ODD = ["", "\0", "\n", "\r", "\t", "\\", '"', "'", "%", "#", "..", "://", "\ud800", "é", "\u202e", "__proto__"];
const LONG = ["9".repeat(400), "(".repeat(300), "[".repeat(300), " ".repeat(500), "a.".repeat(300), ",".repeat(300)];

/** Characters of what is very long: enough that work for each pair of them would not end in time. */
const LONGEST = 300_000;

/** Right texts cut into pieces, which are left out, doubled, swapped and mixed with odd ones. */
function broken(right: readonly string[]): fc.Arbitrary<string> {
  const pieces = right.flatMap((text) => text.split(/(?<=[^\w])|(?=[^\w])/));
  const piece = fc.oneof(
    { weight: 12, arbitrary: fc.constantFrom(...pieces) },
    { weight: 3, arbitrary: fc.constantFrom(...ODD) },
    { weight: 1, arbitrary: fc.constantFrom(...LONG) },
    { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 8 }) },
  );
  const spliced = fc
    .tuple(fc.constantFrom(...right), fc.array(fc.tuple(fc.nat(200), fc.nat(4), piece), { minLength: 1, maxLength: 4 }))
    .map(([text, edits]) =>
      edits.reduce((all, [at, length, put]) => all.slice(0, at) + put + all.slice(at + length), text),
    );
  return fc.oneof(
    spliced,
    fc.array(piece, { maxLength: 20 }).map((parts) => parts.join("")),
    fc.string({ unit: "binary" }),
  );
}

async function answers(parse: Grammar["parse"], text: string): Promise<void> {
  try {
    await parse(text);
  } catch (error) {
    if (error instanceof InvalidNetrc) return; // becomes a warning, as with pip
    if (!(error instanceof PexError)) throw error;
    expect(error.message).not.toBe("");
    if (!(error instanceof SourceError)) return;
    const { start, end } = error.span;
    // What is missing at the end is pointed at behind the end.
    expect(0 <= start && start <= end && end <= error.source.length + 1, `span ${start}–${end}`).toBe(true);
  }
}

describe.each(Object.entries(GRAMMARS))("the parser of a %s", (_, { parse, right }) => {
  test("reads what is right", async () => {
    for (const text of right) await answers(parse, text);
  });

  test("answers, or throws an error of ours that points into the text", { timeout: RUNS + 30_000 }, async () => {
    const law = fc.asyncProperty(broken(right), (text) => answers(parse, text));
    await fc.assert(law, { numRuns: perGrammar, seed });
  });

  test("comes to an end with what is very long", { timeout: 20_000 }, async () => {
    const pieces = new Set(right.flatMap((text) => [text, ...text.split(/(?<=[^\w])|(?=[^\w])/)]));
    for (const piece of pieces) await answers(parse, piece.repeat(Math.ceil(LONGEST / Math.max(1, piece.length))));
  });
});

test("a directory of an archive that is noise is an error of ours", () => {
  const law = fc.property(fc.uint8Array({ minLength: 0, maxLength: 200 }), fc.nat(9), (noise, count) => {
    const place = { start: 1000, size: 0, entryCount: count, shift: 0, tail: Buffer.alloc(0), tailStart: 0 };
    try {
      decodeDirectory(Buffer.concat([Buffer.from("PK\x01\x02"), noise]), place);
    } catch (error) {
      expect(error).toBeInstanceOf(PexError);
    }
  });
  fc.assert(law, { numRuns: perGrammar, seed });
});
