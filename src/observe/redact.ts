/** Values shorter than this are left out: they would blot out ordinary text. */
const SHORTEST = 4;

/**
 * Forms shorter than this are left in an answer that is read as data: a short password may be a word that stands in
 * keys, labels and ids, too.
 */
const SHORTEST_IN_DATA = 16;

/** Windows of four characters have a place each in a table of so many. */
const PLACES = 1 << 16;

/** What the next window's place is, of the one before and its last character; the fifth character back is shifted out. */
const placeAfter = (place: number, code: number) => ((place << 4) ^ code) & (PLACES - 1);

/**
 * Takes secrets out of every text that leaves the process. It knows each loaded secret by value, in the forms in
 * which services echo them: as it is, URL-encoded, as a JSON string, as HTML, and in base64. Looking through a text
 * costs its length, however many secrets there are.
 */
export class Redactor {
  /** Forms by their first four characters, the longest first. */
  readonly #byStart = new Map<string, string[]>();
  /** Where a form may begin; what was set once stays so, and costs a look. */
  readonly #places = new Uint8Array(PLACES);

  /** Registers a secret value; values under 4 characters are left out, since they would blot out ordinary text. */
  add(secret: string): void {
    if (secret.length < SHORTEST) return;
    for (const form of formsOf(secret)) {
      const start = form.slice(0, SHORTEST);
      const others = this.#byStart.get(start) ?? [];
      if (others.includes(form)) continue;
      this.#byStart.set(
        start,
        [...others, form].sort((a, b) => b.length - a.length),
      );
      this.#places[placeOf(start)] = 1;
    }
  }

  /** Lets go of a value that is a secret no more, such as a token that was replaced. */
  forget(secret: string): void {
    for (const form of formsOf(secret)) {
      const start = form.slice(0, SHORTEST);
      const others = this.#byStart.get(start)?.filter((one) => one !== form) ?? [];
      if (others.length > 0) this.#byStart.set(start, others);
      else this.#byStart.delete(start);
    }
  }

  /** Returns the text with each known secret replaced by `[redacted]`; where secrets overlap, with none of either left. */
  clean(text: string): string {
    return this.#without(text, SHORTEST);
  }

  /** The same for a text that is read as data: forms under 16 characters stay. */
  cleanData(text: string): string {
    return this.#without(text, SHORTEST_IN_DATA);
  }

  #without(text: string, shortest: number): string {
    if (this.#byStart.size === 0) return text;
    let cleaned = '';
    let copied = 0;
    /** Where the secret ends in which the look is, or the last one that was found. */
    let end = 0;
    let place = 0;
    for (let i = 0; i < text.length; i++) {
      place = placeAfter(place, text.charCodeAt(i));
      const start = i - SHORTEST + 1;
      if (start < 0 || this.#places[place] === 0) continue;
      const found = this.#byStart
        .get(text.slice(start, i + 1))
        ?.find((form) => form.length >= shortest && text.startsWith(form, start));
      if (found === undefined) continue;
      if (start >= end) {
        cleaned += `${text.slice(copied, start)}[redacted]`;
        end = start;
      }
      end = Math.max(end, start + found.length);
      copied = end;
    }
    return copied === 0 ? text : cleaned + text.slice(copied);
  }
}

function placeOf(start: string): number {
  let place = 0;
  for (let i = 0; i < SHORTEST; i++) place = placeAfter(place, start.charCodeAt(i));
  return place;
}

const IN_HTML: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret, 'utf8');
  return [
    secret,
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1),
    secret.replace(/[&<>"']/g, (found) => IN_HTML[found] ?? found),
    bytes.toString('base64'),
    bytes.toString('base64url'),
  ];
}
