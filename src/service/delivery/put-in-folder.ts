import { join } from 'node:path';
import type { Delivery } from '../../ledger/deliveries/deliveries-port.ts';
import type { ReportFile } from '../../reports/make-report.ts';
import { writeWhole } from './write-whole.ts';

/**
 * Puts a report into the folder, a tenant's into a folder of its own, that of all beside them; one that is there
 * already is replaced. @throws Error as `writeWhole`.
 */
export function putInFolder(folder: string, scope: Delivery['scope'], file: ReportFile): Promise<void> {
  const path = scope === 'all' ? join(folder, file.fileName) : join(folder, scope, file.fileName);
  return writeWhole(path, file.bytes);
}
