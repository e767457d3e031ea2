/** Values in the format in which Python 3 keeps the constants of compiled code: its module `marshal`, version 2. */

import type { PythonValue } from "./python-literal.ts";

/** What FACTS are. */
export type MarshalValue = Readonly<Record<string, PythonValue>>;

/** A dictionary. Integers must fit into 32 bits. */
export function marshalled(values: MarshalValue): Buffer {
  const items = Object.entries(values).flatMap(([key, value]) => [text(key), written(value)]);
  return Buffer.concat([Buffer.from("{"), ...items, Buffer.from("0")]);
}

function written(value: PythonValue): Buffer {
  if (value === undefined) return Buffer.from("N");
  if (typeof value === "boolean") return Buffer.from(value ? "T" : "F");
  if (typeof value === "number") return Buffer.concat([Buffer.from("i"), int32(value)]);
  if (typeof value === "string") return text(value);
  return Buffer.concat([Buffer.from("["), int32(value.length), ...value.map(written)]);
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value, "utf8");
  return Buffer.concat([Buffer.from("u"), int32(bytes.length), bytes]);
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return bytes;
}
