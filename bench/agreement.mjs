#!/usr/bin/env node
/** Do we choose the versions that uv chooses? Forty applications, one table of differences; see README.md. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const APPLICATIONS = [
  "airflow: apache-airflow[celery]",
  "ansible: ansible",
  "awscli: awscli boto3",
  "aws: boto3 botocore s3fs aiobotocore",
  "black: black[d]",
  "celery: celery[redis]",
  "certbot: certbot certbot-nginx",
  "conan: conan",
  "cookiecutter: cookiecutter",
  "dagster: dagster dagster-webserver",
  "dash: dash pandas",
  "dask: dask[complete]",
  "data: numpy pandas scipy scikit-learn matplotlib",
  "dbt: dbt-core dbt-postgres",
  "django: django djangorestframework psycopg2-binary celery",
  "fastapi: fastapi[all] sqlalchemy alembic",
  "flask: flask gunicorn flask-sqlalchemy flask-login",
  "great-expectations: great-expectations",
  "hatch: hatch",
  "httpie: httpie",
  "jupyter: jupyterlab",
  "keras: keras tensorflow",
  "langchain: langchain openai",
  "locust: locust",
  "mkdocs: mkdocs-material mkdocstrings[python]",
  "mlflow: mlflow",
  "nbconvert: nbconvert[all]",
  "pdm: pdm",
  "poetry: poetry",
  "pre-commit: pre-commit tox",
  "prefect: prefect",
  "ray: ray[default]",
  "robot: robotframework robotframework-seleniumlibrary",
  "salt: salt",
  "scrapy: scrapy",
  "snakemake: snakemake",
  "spacy: spacy",
  "sphinx: sphinx sphinx-rtd-theme myst-parser",
  "streamlit: streamlit",
  "torch: transformers[torch]",
];

const HELP = `node bench/agreement.mjs [options] [application…]
  --python PATH     whose markers and tags count (python3.11 on PATH)
  --index URL       for both sides (default: each one's own)
  --json FILE       write what each side chose`;

const HERE = dirname(fileURLToPath(import.meta.url));
const UV = join(HERE, ".peers", "tool-uv", "bin", "uv");

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    python: { type: "string", default: "python3.11" },
    index: { type: "string" },
    json: { type: "string" },
    help: { type: "boolean", short: "h", default: false },
  },
});

if (options.help) console.log(HELP);
else main();

function main() {
  const work = mkdtempSync(join(tmpdir(), "pexjs-agreement-"));
  const results = {};
  let different = 0;
  console.log("| Application | Distributions | pexjs / uv, where they differ |\n|---|---:|---|");
  for (const line of APPLICATIONS) {
    const [name, ...requirements] = line.split(/[ :]+/);
    if (positionals.length > 0 && !positionals.includes(name)) continue;
    const ours = chosenByUs(requirements);
    const theirs = chosenByUv(requirements, work);
    results[name] = { ours, theirs };
    const projects = [...new Set([...Object.keys(ours), ...Object.keys(theirs)])].toSorted();
    const differences = projects.filter((project) => ours[project] !== theirs[project]);
    if (differences.length > 0) different++;
    const shown = differences.map((each) => `${each} ${ours[each] ?? "–"} / ${theirs[each] ?? "–"}`).join(", ");
    console.log(`| ${name} | ${Object.keys(ours).length} | ${shown || "none"} |`);
  }
  console.log(`\n${different} of ${Object.keys(results).length} applications differ`);
  if (options.json) writeFileSync(options.json, JSON.stringify(results, undefined, 2));
  rmSync(work, { recursive: true, force: true });
}

function chosenByUs(requirements) {
  const index = options.index ? ["--index-url", options.index] : [];
  const pex = join(HERE, "..", "bin", "pex");
  return pins(run(process.execPath, [pex, ...requirements, "--python", options.python, "--dry-run", ...index]));
}

function chosenByUv(requirements, work) {
  const input = join(work, "requirements.in");
  writeFileSync(input, requirements.join("\n"));
  const index = options.index ? ["--default-index", options.index] : [];
  const quiet = ["--no-header", "--no-annotate", "--quiet"];
  return pins(run(UV, ["pip", "compile", input, "--python", options.python, ...quiet, ...index]));
}

function run(command, words) {
  const child = spawnSync(command, words, { encoding: "utf8", maxBuffer: 1 << 26 });
  return child.status === 0 ? child.stdout : `failed==${child.stderr.split("\n")[0]}`;
}

/** Versions by project. */
function pins(text) {
  const lines = text.split("\n").filter((line) => line.includes("=="));
  return Object.fromEntries(
    lines.map((line) =>
      line
        .replace(/\[.*\]/, "")
        .trim()
        .split("=="),
    ),
  );
}
