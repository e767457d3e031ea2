/** Options by spelling. */

import { type Option, type OptionGroup } from "./options/option.ts";

/** What the parser needs of the declared options. */
export interface OptionTable {
  readonly byFlag: ReadonlyMap<string, Option>;
  /** Long spellings that may be abbreviated, in the order of their declaration. */
  readonly abbreviable: readonly string[];
}

export function optionTable(groups: readonly OptionGroup[]): OptionTable {
  const byFlag = new Map<string, Option>();
  const abbreviable: string[] = [];
  for (const group of groups) {
    for (const option of group.options) {
      for (const flag of option.flags) {
        byFlag.set(flag, option);
        if (!option.ours && flag.startsWith("--")) abbreviable.push(flag);
      }
    }
  }
  return { byFlag, abbreviable };
}
