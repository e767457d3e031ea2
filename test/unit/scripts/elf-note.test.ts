import { expect, test } from "vitest";

import { withNote } from "../../../scripts/elf-note.ts";

const HEADER = 64;
const ENTRY = 56;

/** A program header: type, p_offset, p_vaddr, p_filesz, p_memsz. */
type Program = readonly [type: number, offset: number, address: number, inFile: number, inMemory: number];

const BASE = 0x40_0000;
const PROGRAMS: readonly Program[] = [
  [6, HEADER, BASE + HEADER, 3 * ENTRY, 3 * ENTRY],
  [1, 0, BASE, 0x1000, 0x1000],
  [1, 0x1000, BASE + 0x2000, 0x100, 0x20_0000],
];

/** A file of 0x1100 bytes whose memory ends at 2 MB, by its `.bss`. */
function executable(programs = PROGRAMS): Buffer {
  const elf = Buffer.alloc(0x1100, 0xee);
  elf.write("\x7fELF\x02\x01", "latin1");
  elf.writeBigUInt64LE(BigInt(HEADER), 32);
  elf.writeUInt16LE(programs.length, 56);
  for (const [index, [type, ...numbers]] of programs.entries()) {
    const at = HEADER + index * ENTRY;
    elf.writeUInt32LE(type, at);
    for (const [field, value] of [8, 16, 32, 40].map((place, each) => [place, numbers[each] ?? 0] as const)) {
      elf.writeBigUInt64LE(BigInt(value), at + field);
    }
  }
  return elf;
}

function programsOf(elf: Buffer): Program[] {
  const number = (at: number): number => Number(elf.readBigUInt64LE(at));
  const table = number(32);
  return Array.from({ length: elf.readUInt16LE(56) }, (_, index) => {
    const at = table + index * ENTRY;
    return [elf.readUInt32LE(at), number(at + 8), number(at + 16), number(at + 32), number(at + 40)];
  });
}

test("the note and the moved table lie in a segment behind all memory, as far from the base as in the file", () => {
  const elf = withNote(executable(), "A_NOTE", Buffer.from("12345"));
  const place = Number(elf.readBigUInt64LE(32));
  const table = 5 * ENTRY;
  const note = 12 + 8 + 8;
  expect(place).toBe(0x21_0000);
  expect(programsOf(elf)).toEqual([
    [6, place, BASE + place, table, table],
    ...PROGRAMS.slice(1),
    [1, place, BASE + place, table + note, table + note],
    [4, place + table, BASE + place + table, note, note],
  ]);
  expect(elf.length).toBe(place + table + note);
});

test("a note is its lengths, its type, its name and its content, in words", () => {
  const elf = withNote(executable(), "A_NOTE", Buffer.from("12345"));
  const note = elf.subarray(-28);
  expect([note.readUInt32LE(0), note.readUInt32LE(4), note.readUInt32LE(8)]).toEqual([7, 5, 0]);
  expect(note.subarray(12).toString("latin1")).toBe("A_NOTE\0\x0012345\0\0\0");
});

test("nothing else changes", () => {
  const before = executable();
  const after = Buffer.from(withNote(before, "A_NOTE", Buffer.from("12345")).subarray(0, before.length));
  for (const [from, to] of [
    [32, 40],
    [56, 58],
  ] as const) {
    before.copy(after, from, from, to);
  }
  expect(after.equals(before)).toBe(true);
});

test.each([
  ["a script", Buffer.from("#!/bin/sh\n"), "This is no 64-bit ELF executable"],
  ["an object file", executable([]), "This ELF executable loads nothing"],
])("%s is refused", (_, file, message) => {
  expect(() => withNote(file, "A_NOTE", Buffer.alloc(1))).toThrow(message);
});
