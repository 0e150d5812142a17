import type { Delivery } from '../../ledger/deliveries/deliveries-port.ts';
import type { ReportFile } from '../../reports/make-report.ts';

/** Mail servers commonly take 25 MB (RFC 5321 sets no limit); base64 adds a third. */
const MOST_ATTACHED_BYTES = 15 * 1024 * 1024;

/** More than this nobody opens one by one. */
const MOST_ATTACHED = 40;

export interface MailSays {
  subject: string;
  text: string;
  attachments: readonly ReportFile[];
}

/** Gathers what a mail carries: as much as mail takes, and of the rest where it lies. */
export class MailBag {
  readonly #attachments: ReportFile[] = [];
  readonly #failed: string[] = [];
  #bytes = 0;
  #left = 0;

  /** Whether reports of another `formats` files may still be made for it. */
  hasRoom(formats: number): boolean {
    return this.#left === 0 && this.#attachments.length + formats <= MOST_ATTACHED;
  }

  put(scope: Delivery['scope'], files: readonly ReportFile[]): void {
    const size = files.reduce((sum, file) => sum + file.bytes.length, 0);
    if (this.#bytes + size > MOST_ATTACHED_BYTES) {
      this.#left += 1;
      return;
    }
    this.#bytes += size;
    const prefix = scope === 'all' ? '' : `${scope}-`;
    this.#attachments.push(...files.map((file) => ({ ...file, fileName: `${prefix}${file.fileName}` })));
  }

  /** There is no room for this tenant's reports. */
  leave(): void {
    this.#left += 1;
  }

  failed(scope: Delivery['scope'], why: string): void {
    this.#failed.push(`  ${scope}: ${why}`);
  }

  /**
   * `overview`: the report of all, or of the only tenant, as text; it is the mail's own text. `console`: where people
   * open the console from outside.
   */
  seal({
    kind,
    period,
    overview,
    folder,
    console,
  }: {
    kind: string;
    period: string;
    overview: string;
    folder: string;
    console?: string | undefined;
  }): MailSays {
    const failed = this.#failed.length > 0;
    return {
      subject: `Casewire: ${kind} report ${period}${failed ? ' (some could not be made)' : ''}`,
      text: [
        ...(failed ? ['COULD NOT BE MADE', ...this.#failed, ''] : []),
        ...(this.#left > 0
          ? [`Reports of ${this.#left} more tenants are too much for a mail; they lie in ${folder}.`, '']
          : []),
        overview,
        ...(console === undefined ? [] : ['', `All reports: ${console}/reports`]),
      ].join('\n'),
      attachments: this.#attachments,
    };
  }
}
