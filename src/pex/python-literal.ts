/** Values as Python source that means the same in 2.7 and in 3.x, whatever encoding the file is read in. */

/** What FACTS can hold. */
export type PythonValue = string | number | boolean | undefined | readonly PythonValue[];

/** A literal; `undefined` is `None`. */
export function pythonLiteral(value: PythonValue): string {
  if (value === undefined) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "number") return String(value);
  if (typeof value === "string") return stringLiteral(value);
  return `[${value.map(pythonLiteral).join(", ")}]`;
}

const SHORT_ESCAPES: Readonly<Record<string, string>> = {
  "\\": "\\\\",
  '"': '\\"',
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
};

function stringLiteral(text: string): string {
  // oxlint-disable-next-line no-control-regex
  const isAscii = /^[\0-\x7f]*$/.test(text);
  const body = text.replace(/[^ !#-[\]-~]/gu, (character) => SHORT_ESCAPES[character] ?? escaped(character));
  // Without the prefix Python 2 would take the escapes of other characters for six letters.
  return `${isAscii ? "" : "u"}"${body}"`;
}

function escaped(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const digits = code.toString(16);
  if (code < 0x80) return `\\x${digits.padStart(2, "0")}`;
  return code > 0xffff ? `\\U${digits.padStart(8, "0")}` : `\\u${digits.padStart(4, "0")}`;
}
