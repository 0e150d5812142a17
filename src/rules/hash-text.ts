/**
 * A 128-bit hash of a text as 32 hexadecimal digits, the same on every machine and in every version, mixed in the manner of
 * MurmurHash3 (Appleby, 2011, public domain). It tells texts apart; it protects nothing.
 */
export function hashText(text: string): string {
  const h = [0x9e3779b9, 0x243f6a88, 0xb7e15162, 0xdeadbeef];
  const c = [0x239b961b, 0xab0e9789, 0x38b34ae5, 0xa1e38b93];
  for (let i = 0; i < text.length; i++) {
    const lane = i & 3;
    const k = Math.imul(rotated(Math.imul(text.charCodeAt(i) + 1, c[lane] ?? 0), 15), c[(lane + 1) & 3] ?? 0);
    const mixed = rotated((h[lane] ?? 0) ^ k, 19 - 2 * lane) + (h[(lane + 1) & 3] ?? 0);
    h[lane] = (Math.imul(mixed, 5) + 0x561ccd1b) | 0;
  }
  for (let round = 0; round < 2; round++)
    for (let lane = 0; lane < 4; lane++)
      h[lane] = scattered((h[lane] ?? 0) ^ text.length) + Math.imul(h[(lane + 1) & 3] ?? 0, 0x9e3779b1);
  return h.map((word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
}

function rotated(word: number, by: number): number {
  return (word << by) | (word >>> (32 - by));
}

function scattered(word: number): number {
  let mixed = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}
