/** What the options that are not built yet, or no longer needed, lead to. */

import { NotImplemented } from "../../base/errors.ts";
import type { Event } from "../../base/log.ts";
import { sentenceList } from "../../base/text.ts";

import type { OptionValues } from "../option-values.ts";
import { canonicalFlag, displayName, type Option } from "../options/option.ts";

/** @throws NotImplemented when an option asks for something that is not built yet. */
export function refuseUnavailable(options: OptionValues): void {
  const asked = [...options.given].filter((option) => option.status === "later" && !isDefault(option, options));
  if (asked.length === 0) return;
  const names = asked.map(displayName);
  throw new NotImplemented(`Not available yet: ${names.join(", ")}`, {
    hint: `Leave out ${sentenceList(names)}; \`pex --help\` tells which options work.`,
  });
}

/** One warning for each deprecated option that was given. */
export function deprecationWarnings(options: OptionValues): Event[] {
  return [...options.given].flatMap((option): Event[] => {
    if (option.status !== "deprecated") return [];
    const text = `Option ${displayName(option)} is deprecated and ${option.instead === undefined ? "has no effect" : "will go away"}`;
    return [
      {
        kind: "warning",
        text,
        ...(option.instead !== undefined && { hint: `Use ${option.instead} instead of ${canonicalFlag(option)}.` }),
      },
    ];
  });
}

/** Whether the option only says what holds anyway. */
function isDefault(option: Option, options: OptionValues): boolean {
  return "default" in option && option.default !== undefined && options.last(option) === option.default;
}
