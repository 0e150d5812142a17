import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { TenantId } from '../../domain/alert.ts';
import { toAlert } from './to-alert.ts';

const folder = join(resolve(import.meta.dirname, '../../..'), '../shared/samples/ms');
const absent = !existsSync(folder);
const john = 'john@example.onmicrosoft.com';

function records(file: string, pick: (json: Record<string, unknown>) => unknown): Record<string, unknown>[] {
  const found = absent ? [] : pick(JSON.parse(readFileSync(join(folder, file), 'utf8')));
  return (Array.isArray(found) ? found : [found]) as Record<string, unknown>[];
}

const published = [
  ...records('COMPOSED_mcas-alerts-list.5-real-alerts.json', ({ data }) => data),
  ...records('demisto_README.alerts.regrouped-to-wire.json', ({ data }) => data),
  ...records('demisto_test_data.ALERT_BY_ID_DATA.json', (alert) => alert),
  ...records('demisto_test_data.error_and_minimal.json', ({ incidents }) => incidents),
  ...records('mcasdocs_api-alerts-list.response.json', ({ data }) => data),
  ...records('mcasdocs_api-alerts-fetch.response.json', (alert) => alert),
];

/** Severity, users, addresses and whether the alert is open, by the last five digits of its id. */
const EXPECTED: Record<string, [string, string[], string[], boolean]> = {
  ba5ac: ['low', ['dev@demistodev.onmicrosoft.com'], [], false],
  f3b22: ['medium', ['user1@contoso.com'], [], true],
  '1a775': ['medium', [john], ['1.2.3.5'], false],
  '5a41e': ['high', [john], ['1.2.3.6'], true],
  '13377': ['medium', [john], ['1.2.3.4', '1.2.3.5', '1.2.3.6'], true],
  '3d9d8': ['medium', [], [], true],
  '3d9d7': ['medium', [], [], true],
};

describe.skipIf(absent)(`published records${absent ? ` (skipped: ${folder} is not there)` : ''}`, () => {
  it.each(published)('become alerts: $_id $title', (record) => {
    const alert = toAlert(record, 'contoso' as TenantId, 0);
    if (!('tenant' in alert)) throw new Error(alert.why);
    expect([
      alert.severity,
      alert.users.map(({ address }) => address),
      alert.ips.map(({ address }) => address).toSorted(),
      alert.state.open,
    ]).toEqual(EXPECTED[alert.id.slice(-5)]);
    expect(alert.createdAt).toBe(record.timestamp);
    expect(alert.url).toBe(record.URL ?? `https://security.microsoft.com/alerts/ca${alert.id}`);
    expect(alert.incomplete).toEqual('URL' in record ? [] : ['description', 'severityValue', 'entities', 'URL']);
  });
});
