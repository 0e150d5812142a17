import { dirname } from 'node:path';
import type { AbuseIpDbConfig, Config } from '../config.ts';
import type { Problems } from '../problems.ts';
import type { Loose, Settings } from '../shape/schema.ts';
import { toReports } from './to-reports.ts';
import { toService } from './to-service.ts';
import { toSites } from './to-site.ts';
import { toStore } from './to-store.ts';
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
    store: toStore(settings.store ?? '', dirname(file), problems),
    sites,
    ...(settings.abuseipdb === undefined ? {} : { abuseipdb: settings.abuseipdb as AbuseIpDbConfig }),
    ...(settings.sync === undefined ? {} : { sync: toSync(settings.sync, problems) }),
    reports: toReports(settings.reports ?? {}, dirname(file), problems),
    service: toService(settings.service ?? {}, problems),
    tenants: toTenants(settings, { sites: names, folder: dirname(file), problems }),
  };
}
