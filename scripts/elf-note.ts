/**
 * Adds a note to a 64-bit little-endian ELF executable as one more segment behind everything that is there: nothing moves but the
 * program header table, so that symbols, relocations and debug information stay as they are.
 *
 * @see https://refspecs.linuxfoundation.org/elf/gabi4+/ch5.pheader.html
 */

/** Bytes of one program header. */
const HEADER_SIZE = 56;
const PT_LOAD = 1;
const PT_NOTE = 4;
const PT_PHDR = 6;
const PF_R = 4;
/** The largest page of the processors that run Linux with 64 bits. */
const PAGE = 0x1_0000;
/** Fields of a note, and the padding of its parts. */
const WORD = 4;

interface Segment {
  readonly type: number;
  /** In the file; the address follows from it. */
  readonly offset: number;
  readonly size: number;
  readonly align: number;
}

/**
 * The same executable with the note.
 *
 * @param name ASCII.
 * @throws Error when it is no such executable.
 */
export function withNote(elf: Buffer, name: string, content: Uint8Array): Buffer {
  // e_ident: magic, EI_CLASS = ELFCLASS64, EI_DATA = ELFDATA2LSB
  if (elf.subarray(0, 6).toString("latin1") !== "\x7fELF\x02\x01") throw new Error("This is no 64-bit ELF executable");
  const headers = programHeaders(elf);
  const loads = headers.filter((header) => header.readUInt32LE(0) === PT_LOAD);
  const [first] = loads;
  if (first === undefined) throw new Error("This ELF executable loads nothing");
  // p_vaddr - p_offset of the first: kernels before 5.18 take it for that of the program header table.
  const base = field(first, 16) - field(first, 8);
  // p_vaddr + p_memsz: what is loaded may end behind the file, by its `.bss`.
  const end = Math.max(...loads.map((header) => field(header, 16) + field(header, 40)));
  const place = Math.ceil(Math.max(elf.length, end - base) / PAGE) * PAGE;

  const note = noteOf(name, content);
  const table = { type: PT_PHDR, offset: place, size: (headers.length + 2) * HEADER_SIZE, align: 8 };
  const segment = { type: PT_NOTE, offset: place + table.size, size: note.length, align: WORD };
  const both = { type: PT_LOAD, offset: place, size: table.size + note.length, align: PAGE };
  const moved = headers.map((header) => (header.readUInt32LE(0) === PT_PHDR ? programHeader(table, base) : header));

  const begin = Buffer.from(elf);
  begin.writeBigUInt64LE(BigInt(place), 32); // e_phoff
  begin.writeUInt16LE(headers.length + 2, 56); // e_phnum
  const gap = Buffer.alloc(place - elf.length);
  // PT_LOAD entries stand in the order of their addresses.
  return Buffer.concat([begin, gap, ...moved, programHeader(both, base), programHeader(segment, base), note]);
}

function programHeaders(elf: Buffer): Buffer[] {
  const start = field(elf, 32); // e_phoff
  const count = elf.readUInt16LE(56); // e_phnum
  return Array.from({ length: count }, (_, index) =>
    elf.subarray(start + index * HEADER_SIZE, start + (index + 1) * HEADER_SIZE),
  );
}

function programHeader({ type, offset, size, align }: Segment, base: number): Buffer {
  const header = Buffer.alloc(HEADER_SIZE);
  header.writeUInt32LE(type, 0); // p_type
  header.writeUInt32LE(PF_R, 4); // p_flags
  // p_offset, p_vaddr, p_paddr, p_filesz, p_memsz, p_align
  for (const [index, value] of [offset, base + offset, base + offset, size, size, align].entries()) {
    header.writeBigUInt64LE(BigInt(value), 8 + 8 * index);
  }
  return header;
}

/** n_namesz, n_descsz, n_type, then name and content, each padded to words. */
function noteOf(name: string, content: Uint8Array): Buffer {
  const named = Buffer.from(`${name}\0`, "latin1");
  const head = Buffer.alloc(3 * WORD);
  head.writeUInt32LE(named.length, 0);
  head.writeUInt32LE(content.length, WORD);
  return Buffer.concat([head, named, padding(named), content, padding(content)]);
}

function padding({ length }: Uint8Array): Buffer {
  return Buffer.alloc((WORD - (length % WORD)) % WORD);
}

function field(bytes: Buffer, offset: number): number {
  return Number(bytes.readBigUInt64LE(offset));
}
