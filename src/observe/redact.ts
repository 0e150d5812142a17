/**
 * Takes secrets out of every text that leaves the process. It knows each loaded secret by value, in the forms in
 * which services echo them: as it is, URL-encoded, as a JSON string, and in base64 (alone and as Basic credentials).
 */
export class Redactor {
  readonly #forms = new Set<string>();

  /** Registers a secret value; values under 4 characters are left out, since they would blot out ordinary text. */
  add(secret: string): void {
    if (secret.length < 4) return;
    for (const form of formsOf(secret)) this.#forms.add(form);
  }

  /** Lets go of a value that is a secret no more, such as a token that was replaced. */
  forget(secret: string): void {
    for (const form of formsOf(secret)) this.#forms.delete(form);
  }

  /** Returns the text with each known secret replaced by `[redacted]`. */
  clean(text: string): string {
    let cleaned = text;
    for (const form of this.#forms) if (cleaned.includes(form)) cleaned = cleaned.split(form).join('[redacted]');
    return cleaned;
  }
}

function formsOf(secret: string): string[] {
  const base64 = Buffer.from(secret, 'utf8').toString('base64');
  return [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1), base64];
}
