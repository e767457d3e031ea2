/**
 * What a requirement tells the backend that builds it: `--config-settings KEY=VALUE`, as pip reads it.
 *
 * @see PEP 517, "Config settings"
 */

import type { ProjectName } from "../standards/project-name.ts";

/** Values by key; a key that was given more than once has all of its values. */
export type ConfigSettings = Readonly<Record<string, string | readonly string[]>>;

/** Takes `KEY=VALUE` apart; `undefined` when it is something else. */
export function parseSetting(text: string): readonly [key: string, value: string] | undefined {
  const equals = text.indexOf("=");
  return equals < 1 ? undefined : [text.slice(0, equals), text.slice(equals + 1)];
}

/** Settings out of single ones, in their order; `undefined` without any. */
export function configSettings(pairs: readonly (readonly [string, string])[]): ConfigSettings | undefined {
  if (pairs.length === 0) return undefined;
  const values = new Map<string, string[]>();
  for (const [key, value] of pairs) values.set(key, [...(values.get(key) ?? []), value]);
  return Object.fromEntries(
    [...values].map(([key, [only = "", ...more]]) => [key, more.length > 0 ? [only, ...more] : only]),
  );
}

/** A line of a requirements file, and the project that it names, if it does. */
interface SettingLine {
  readonly project: ProjectName | undefined;
  readonly configSettings?: ConfigSettings | undefined;
}

/** The settings of each project; of several lines the first one with some counts, as in pip. */
export function settingsByProject(lines: readonly SettingLine[]): ReadonlyMap<ProjectName, ConfigSettings> {
  const found = new Map<ProjectName, ConfigSettings>();
  for (const { project, configSettings: settings } of lines) {
    if (project !== undefined && settings !== undefined && !found.has(project)) found.set(project, settings);
  }
  return found;
}
