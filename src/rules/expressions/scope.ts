import type { Alert } from '../../domain/alert.ts';
import { type Category, categoryPath } from '../../domain/category.ts';
import type { IpFinding } from '../../domain/finding.ts';
import { rsitOf } from '../categories/classify.ts';
import { ipReport } from '../ip-report.ts';
import type { TemplateCategory, TemplateScope } from '../templates/template.ts';

/** What a ticket's templates see of an alert, its findings and its category; `summary` is the ticket's own. */
export function toTemplateScope(
  alert: Alert,
  findings: readonly IpFinding[],
  { summary, category }: { summary: string; category: Category },
): TemplateScope {
  return {
    tenant: alert.tenant,
    alert: {
      id: alert.id,
      title: alert.title,
      summary,
      description: alert.description,
      severity: alert.severity,
      type: alert.type,
      url: alert.url,
      createdAt: new Date(alert.createdAt).toISOString(),
      raw: alert.raw,
      users: alert.users.map(({ name, address, displayName, objectId }) => ({
        name,
        address: address ?? '',
        displayName: displayName ?? '',
        objectId: objectId ?? '',
      })),
      ips: findings.map((finding) => (finding.checked ? checkedIp(finding) : uncheckedIp(finding))),
      networks: [...alert.networks],
      entities: alert.entities.map(({ type, id, label }) => ({ type, id, label })),
      ipReport: ipReport(findings),
      ...toCategoryScope(category),
    },
  };
}

/** What templates see of a category. */
export function toCategoryScope(category: Category): TemplateCategory {
  const rsit = rsitOf(category);
  return {
    category: categoryPath(category),
    categoryName: rsit ? `${rsit.className} > ${rsit.typeName}` : categoryPath(category),
    rsitTag: rsit?.tag ?? '',
    tactics: category.tactics.map(({ id, name }) => ({ id, name })),
    techniques: category.techniques.map(({ id, name }) => ({ id, name })),
    phase: category.phase,
  };
}

function checkedIp({ address, report }: Extract<IpFinding, { checked: true }>) {
  return {
    address,
    checked: true,
    note: '',
    score: report.score,
    reports: report.reports,
    reporters: report.reporters,
    country: report.countryCode ?? '',
    usageType: report.usageType ?? '',
    isp: report.isp ?? '',
    domain: report.domain ?? '',
    isTor: report.isTor ?? false,
  };
}

function uncheckedIp({ address, why }: Extract<IpFinding, { checked: false }>) {
  return {
    address,
    checked: false,
    note: `not checked: ${why}`,
    score: null,
    reports: null,
    reporters: null,
    country: '',
    usageType: '',
    isp: '',
    domain: '',
    isTor: false,
  };
}
