/** `pex3 cache info`, `prune` and `purge`. */

import type { PrunedEntry, PruneRequest } from "../../app/prune-cache.ts";
import { UsageError } from "../../base/errors.ts";

import { readCommandLine } from "../argv.ts";
import { withConfiguration } from "../config.ts";
import { EXIT_OK } from "../exit-code.ts";
import { formatBytes } from "../format-bytes.ts";
import { optionTable } from "../option-table.ts";
import type { OptionValues } from "../option-values.ts";
import { globalOptions } from "../options/global.ts";
import type { Option, OptionGroup } from "../options/option.ts";
import type { Outcome, Session } from "../session.ts";
import type { CommandNode } from "./tree.ts";

const TWO_WEEKS = "2 weeks";
const DAY = 86_400_000;
const UNITS: Readonly<Record<string, number>> = {
  second: 1000,
  minute: 60_000,
  hour: 3_600_000,
  day: DAY,
  week: 7 * DAY,
};

const json: Option = { flags: ["--json"], kind: "switch", status: "works", help: "Print one JSON object." };
const dryRun: Option = {
  flags: ["-n", "--dry-run"],
  kind: "switch",
  status: "works",
  help: "Only tell what would be removed.",
};

const infoOptions: OptionGroup = { title: "Options", about: "How it is told.", options: [json] };
const pruneOptions: OptionGroup = {
  title: "Options",
  about: "What is removed.",
  options: [
    {
      flags: ["--older-than", "--last-access", "--last-access-before"],
      kind: "text",
      metavar: "AGE",
      status: "works",
      help: "Remove what was not used for so long, such as `10 days` or `3 weeks`, or since a day such as `31/12/2025`. Default: 2 weeks.",
    },
    dryRun,
    json,
  ],
};
const purgeOptions: OptionGroup = {
  title: "Options",
  about: "What is removed.",
  options: [
    {
      flags: ["--entries"],
      kind: "text",
      repeat: true,
      metavar: "BUCKET",
      status: "works",
      help: "Only this part of the cache, as `pex3 cache info` names it, such as `run/venvs`. May be repeated.",
    },
    dryRun,
    json,
  ],
};

export const cacheInfo: CommandNode = {
  name: "info",
  help: "Tell what the cache holds and how big it is.",
  options: [infoOptions],
  run: (session, args) => clean(session, args, infoOptions),
};

export const cachePrune: CommandNode = {
  name: "prune",
  help: "Remove what was not used for some time.",
  options: [pruneOptions],
  run: (session, args) => clean(session, args, pruneOptions),
};

export const cachePurge: CommandNode = {
  name: "purge",
  help: "Remove everything, or the given parts, but for what is in use.",
  options: [purgeOptions],
  run: (session, args) => clean(session, args, purgeOptions),
};

async function clean(session: Session, args: readonly string[], group: OptionGroup): Promise<Outcome> {
  const line = readCommandLine(args, optionTable([group, globalOptions]), session.host.cwd);
  if (line.kind === "action") return { status: EXIT_OK };
  const { options, words } = line;
  if (words.length > 0) throw new UsageError(`Unexpected arguments: ${words.join(" ")}`);
  const host = withConfiguration(session.host, options.text("--rcfile"));
  const request = requestOf(group, options);
  const entries = await session.interruptible(async (signal) => {
    const application = await session.loadApplication();
    return application.pruneCache(request, { host, signal, onEvent: () => {} });
  });
  const isDryRun = request.dryRun ?? false;
  const tell = options.has("--json") ? jsonOf : group === infoOptions ? inventory : summary;
  session.stdout.write(tell(entries, isDryRun));
  return { status: EXIT_OK };
}

function requestOf(group: OptionGroup, options: OptionValues): PruneRequest {
  const pexRoot = options.text("--pex-root") ?? options.text("--cache-dir");
  const where = pexRoot === undefined ? {} : { pexRoot };
  if (group === infoOptions) return { ...where, dryRun: true };
  const dryRun = options.has("--dry-run");
  if (group === pruneOptions)
    return { ...where, dryRun, before: parseAge(options.text("--older-than") ?? TWO_WEEKS, Date.now()) };
  const entries = options.list("--entries");
  return { ...where, dryRun, ...(entries && { entries }) };
}

/**
 * The moment before which something was used last.
 *
 * @param now milliseconds since 1970
 * @throws UsageError
 */
export function parseAge(text: string, now: number): number {
  const day = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(text.trim());
  if (day) {
    const [, date, month, year] = day.map(Number) as [number, number, number, number];
    const moment = new Date(year, month - 1, date);
    if (moment.getDate() === date && moment.getMonth() === month - 1) return moment.getTime();
  }
  const age = /^(\d+)\s*([a-z]+?)s?(\s+ago)?$/i.exec(text.trim());
  const unit = UNITS[age?.[2]?.toLowerCase() ?? ""];
  if (age && unit !== undefined) return now - Number(age[1]) * unit;
  throw new UsageError(`Not an age: ${text}`, {
    hint: "Write a number and a unit, such as `10 days` or `3 weeks`, or a day such as `31/12/2025`.",
  });
}

function summary(entries: readonly PrunedEntry[], isDryRun: boolean): string {
  const removed = entries.filter((each) => each.outcome === "removed");
  const lines = [`${isDryRun ? "Would remove" : "Removed"} ${told(removed)}`];
  const inUse = entries.filter((each) => each.outcome === "in use");
  if (inUse.length > 0) lines.push(`In use: ${told(inUse)}`);
  return `${lines.join("\n")}\n`;
}

function inventory(entries: readonly PrunedEntry[]): string {
  const kinds = [...new Set(entries.map((each) => each.kind))];
  const lines = kinds.map((kind) => `${kind}: ${told(entries.filter((each) => each.kind === kind))}`);
  return `${[...lines, `Total: ${told(entries)}`].join("\n")}\n`;
}

function told(entries: readonly PrunedEntry[]): string {
  const count = entries.length === 1 ? "1 entry" : `${entries.length} entries`;
  return `${count}, ${formatBytes(sum(entries))}`;
}

function sum(entries: readonly PrunedEntry[]): number {
  return entries.reduce((total, each) => total + each.bytes, 0);
}

function jsonOf(entries: readonly PrunedEntry[], isDryRun: boolean): string {
  const told = entries.filter((each) => each.outcome !== "kept");
  return `${JSON.stringify({ dry_run: isDryRun, bytes: sum(told), entries: told })}\n`;
}
