/** Source distributions of tiny projects whose backend lies inside and needs nothing. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { packTar } from "modern-tar";

export interface SdistSpec {
  readonly name: string;
  readonly version?: string;
  readonly requires?: readonly string[];
  /** What its build needs; nothing unless said otherwise. */
  readonly buildRequires?: readonly string[];
  /** `any` makes a wheel for every machine, `native` one for the interpreter that builds it; default `any`. */
  readonly builds?: "any" | "native";
  /** Whether the metadata says that the wheel's will be the same (metadata 2.2); default false. */
  readonly isStatic?: boolean;
  /** A Python statement that runs in the backend before the wheel is made. */
  readonly body?: string;
}

/** Writes NAME-VERSION.tar.gz into a folder and gives its path. */
export async function writeSdist(folder: string, spec: SdistSpec): Promise<string> {
  const { name, version = "1.0", buildRequires = [] } = spec;
  const stem = `${name}-${version}`;
  const files = {
    "pyproject.toml": `[build-system]\nrequires = ${JSON.stringify(buildRequires)}\nbuild-backend = "backend"\nbackend-path = ["."]\n`,
    "backend.py": backend(spec),
    "PKG-INFO": metadata(spec),
  };
  const entries = Object.entries(files).map(([path, text]) => ({
    header: { name: `${stem}/${path}`, size: Buffer.byteLength(text), type: "file" as const, mtime: new Date(0) },
    body: text,
  }));
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${stem}.tar.gz`);
  writeFileSync(path, gzipSync(await packTar(entries)));
  return path;
}

function metadata({ name, version = "1.0", requires = [], isStatic = false }: SdistSpec): string {
  const lines = [`Metadata-Version: ${isStatic ? "2.2" : "2.1"}`, `Name: ${name}`, `Version: ${version}`];
  return `${[...lines, ...requires.map((each) => `Requires-Dist: ${each}`)].join("\n")}\n`;
}

function backend(spec: SdistSpec): string {
  const { name, version = "1.0", builds = "any", body = "pass" } = spec;
  const tag =
    builds === "any" ? `"py3-none-any"` : `"cp%d%d-cp%d%d-linux_" % (sys.version_info[:2] * 2) + os.uname()[4]`;
  return `import os, sys, zipfile

def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    ${body}
    tag = ${tag}
    stem = ${JSON.stringify(`${name.replaceAll("-", "_")}-${version}`)}
    filename = stem + "-" + tag + ".whl"
    with zipfile.ZipFile(os.path.join(wheel_directory, filename), "w") as wheel:
        def add(path, text):
            wheel.writestr(zipfile.ZipInfo(path), text)
        add(${JSON.stringify(`${name.replaceAll("-", "_")}.py`)}, "")
        add(stem + ".dist-info/METADATA", ${JSON.stringify(metadata(spec))})
        add(stem + ".dist-info/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: %s\\n" % tag)
        add(stem + ".dist-info/RECORD", "")
    return filename
`;
}
