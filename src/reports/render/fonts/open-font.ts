/**
 * What of an OpenType file (OpenType 1.9, "Organization of an OpenType Font") reports need: its name, which is
 * replaced, and the characters that it has.
 */
export interface OpenFont {
  /** The file under its new name. */
  bytes: Buffer;
  has(codePoint: number): boolean;
}

/** Length of the file's header, and of a record in its table of tables. */
const HEADER = 12;
const RECORD = 16;

/** Gives a TrueType file a family name of ours. Throws where the file is none. */
export function openFont(file: Buffer, { family, style }: { family: string; style: string }): OpenFont {
  const count = file.readUInt16BE(4);
  const records = Array.from({ length: count }, (_, i) => HEADER + i * RECORD);
  const recordOf = (tag: string) => {
    const at = records.find((record) => file.toString('latin1', record, record + 4) === tag);
    if (at === undefined) throw new Error(`a font without the table ${tag}`);
    return at;
  };
  const name = nameTable(family, style);
  const start = Math.ceil(file.length / 4) * 4;
  const bytes = Buffer.concat([file, Buffer.alloc(start - file.length), name]);
  const record = recordOf('name');
  bytes.writeUInt32BE(checksum(name), record + 4);
  bytes.writeUInt32BE(start, record + 8);
  bytes.writeUInt32BE(name.length, record + 12);
  const ranges = charactersOf(file, file.readUInt32BE(recordOf('cmap') + 8));
  return { bytes, has: (point) => ranges.some(([first, last]) => first <= point && point <= last) };
}

/** The names that a typesetter asks for (name identifiers 1, 2, 4 and 6), for Windows in American English. */
function nameTable(family: string, style: string): Buffer {
  const names: [number, string][] = [
    [1, family],
    [2, style],
    [4, `${family} ${style}`],
    [6, `${family.replaceAll(' ', '')}-${style}`],
  ];
  const texts = names.map(([, text]) => Buffer.from(text, 'utf16le').swap16());
  const head = Buffer.alloc(6 + names.length * 12);
  head.writeUInt16BE(names.length, 2);
  head.writeUInt16BE(head.length, 4);
  let offset = 0;
  names.forEach(([id], i) => {
    const length = texts[i]?.length ?? 0;
    [3, 1, 0x409, id, length, offset].forEach((value, at) => {
      head.writeUInt16BE(value, 6 + i * 12 + at * 2);
    });
    offset += length;
  });
  const table = Buffer.concat([head, ...texts]);
  return Buffer.concat([table, Buffer.alloc(-table.length & 3)]);
}

function checksum(table: Buffer): number {
  let sum = 0;
  for (let at = 0; at < table.length; at += 4) sum = (sum + table.readUInt32BE(at)) >>> 0;
  return sum;
}

type Range = readonly [first: number, last: number];

/** The ranges of characters in the table `cmap`, formats 4 and 12 of it, which are what fonts of today have. */
function charactersOf(file: Buffer, cmap: number): Range[] {
  const ranges: Range[] = [];
  for (let i = 0; i < file.readUInt16BE(cmap + 2); i += 1) {
    const at = cmap + file.readUInt32BE(cmap + 8 + i * 8);
    const format = file.readUInt16BE(at);
    if (format === 12)
      for (let group = 0; group < file.readUInt32BE(at + 12); group += 1)
        ranges.push([file.readUInt32BE(at + 16 + group * 12), file.readUInt32BE(at + 20 + group * 12)]);
    if (format !== 4) continue;
    const twice = file.readUInt16BE(at + 6);
    for (let segment = 0; segment < twice; segment += 2) {
      const last = file.readUInt16BE(at + 14 + segment);
      if (last !== 0xffff) ranges.push([file.readUInt16BE(at + 16 + twice + segment), last]);
    }
  }
  return [...new Map(ranges.map((range) => [range.join(), range])).values()];
}
