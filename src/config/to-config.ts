import { dirname, resolve } from 'node:path';
import type { AbuseIpDbConfig, Config } from './config.ts';
import { keyPath, type Problems } from './problems.ts';
import type { Loose, Settings } from './schema.ts';
import { toReports } from './to-reports.ts';
import { toService } from './to-service.ts';
import { toSites } from './to-site.ts';
import { toSync } from './to-sync.ts';
import { toTenants } from './to-tenant.ts';

/**
 * Makes the configuration of settings that were checked key by key, and checks what concerns several keys at once.
 * The result is whole only when `problems` stays empty.
 */
export function toConfig(settings: Loose<Settings>, file: string, problems: Problems): Omit<Config, 'secrets'> {
  const { names, sites } = toSites(settings.jira ?? {}, problems);
  return {
    file,
    storePath: toStorePath(settings.store ?? '', dirname(file), problems),
    sites,
    ...(settings.abuseipdb === undefined ? {} : { abuseipdb: settings.abuseipdb as AbuseIpDbConfig }),
    ...(settings.sync === undefined ? {} : { sync: toSync(settings.sync, problems) }),
    reports: toReports(settings.reports ?? {}, dirname(file), problems),
    service: toService(settings.service ?? {}, problems),
    tenants: toTenants(settings, { sites: names, folder: dirname(file), problems }),
  };
}

function toStorePath(store: string, folder: string, problems: Problems): string {
  const refuse = (says: string, mend: string) => problems.add({ key: keyPath('', 'store'), says, mend });
  const [, scheme] = /^([a-z][a-z0-9+.-]+):/i.exec(store) ?? [];
  if (scheme && /^postgres(ql)?$/i.test(scheme)) refuse(`${scheme}:// is not built yet`, 'name a SQLite file');
  else if (/:\/\//.test(store) || store === ':memory:') refuse('is not the path of a file', 'name a SQLite file');
  else if (/[/\\]$/.test(store)) refuse('is a folder', 'name a file in it, such as casewire.db');
  else if (store.startsWith('~')) refuse('~ is not expanded here', 'write the path in full');
  return resolve(folder, store);
}
