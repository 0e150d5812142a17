import { bandOf, type IpFinding } from '../../../domain/finding.ts';
import type { AddressRow, EnrichmentFigures, ReportModel, Share, UserRow } from '../../model.ts';
import { type Scope, within } from '../scope.ts';
import type { Story } from '../story.ts';
import { judge, mostAlerts } from './count-kinds.ts';
import { byName, listed, Tally } from './ranking.ts';

interface Judged {
  alerts: number;
  judged: number;
  wrong: number;
}

/** Counts who was affected and from where: users, addresses, countries, and what was not looked up. */
export class CountWho {
  readonly #scope: Scope;
  readonly #users = new Tally((name) => ({ name, alerts: 0, judged: 0, wrong: 0 }));
  readonly #addresses = new Tally<Judged & { address: string; finding?: IpFinding }>((address) => ({
    address,
    alerts: 0,
    judged: 0,
    wrong: 0,
  }));
  readonly #countries = new Tally((country) => ({ country, alerts: 0, addresses: new Set<string>() }));
  readonly #notMade = new Tally((why) => ({ why, count: 0, never: false }));
  #checked = 0;
  #eligible = 0;
  #never = 0;

  constructor(scope: Scope) {
    this.#scope = scope;
  }

  take({ alert, outcome }: Story): void {
    if (!within(this.#scope, alert.createdAt)) return;
    const add = (row: Judged) => {
      row.alerts += 1;
      judge(row, outcome?.outcome);
    };
    // Two spellings of an address are one user.
    for (const key of new Set(alert.users.map((name) => name.toLowerCase())))
      add(
        this.#users.of(
          key,
          alert.users.find((name) => name.toLowerCase() === key),
        ),
      );
    for (const finding of alert.findings) {
      const row = this.#addresses.of(finding.address);
      add(row);
      row.finding = newer(row.finding, finding);
      this.#takeLookUp(finding);
    }
    this.#takeCountries(alert.findings);
  }

  #takeLookUp(finding: IpFinding): void {
    if (finding.checked) {
      this.#checked += 1;
      this.#eligible += 1;
      return;
    }
    if (finding.never) this.#never += 1;
    else if (!finding.unneeded) this.#eligible += 1;
    const row = this.#notMade.of(finding.why);
    row.count += 1;
    row.never = finding.never === true;
  }

  #takeCountries(findings: readonly IpFinding[]): void {
    const here = new Set<string>();
    for (const finding of findings) {
      const country = finding.checked ? finding.report.countryCode : undefined;
      if (country === undefined) continue;
      this.#countries.of(country).addresses.add(finding.address);
      here.add(country);
    }
    for (const country of here) this.#countries.of(country).alerts += 1;
  }

  who(most: number): Pick<ReportModel, 'users' | 'addresses' | 'countries'> & { enrichment: EnrichmentFigures } {
    const users = [...this.#users.rows()];
    const addresses = [...this.#addresses.rows()];
    const countries = [...this.#countries.rows()].map(({ country, alerts, addresses: all }) => ({
      country,
      alerts,
      addresses: all.size,
    }));
    return {
      users: listed(
        users.map(toUserRow),
        most,
        mostAlerts(({ name }) => name),
      ),
      addresses: listed(
        addresses.map(toAddressRow),
        most,
        mostAlerts(({ address }) => address),
      ),
      countries: listed(
        countries,
        most,
        mostAlerts(({ country }) => country),
      ),
      enrichment: {
        checked: { count: this.#checked, of: this.#eligible },
        never: this.#never,
        notMade: listed(this.#notMade.rows(), most, (a, b) => b.count - a.count || byName(a.why, b.why)),
      },
    };
  }
}

/** The latest answer on an address; any answer before none, and any reason before that of an alert without an issue. */
function newer(known: IpFinding | undefined, next: IpFinding): IpFinding {
  if (!known?.checked) return next.checked || !known || known.unneeded ? next : known;
  return next.checked && next.lookedUpAt > known.lookedUpAt ? next : known;
}

function shareOf({ judged, wrong }: Judged): Share {
  return { count: wrong, of: judged };
}

function toUserRow(row: Judged & { name: string }): UserRow {
  return { name: row.name, alerts: row.alerts, falsePositives: shareOf(row) };
}

function toAddressRow(row: Judged & { address: string; finding?: IpFinding }): AddressRow {
  const base = { address: row.address, alerts: row.alerts, falsePositives: shareOf(row) };
  const { finding } = row;
  if (!finding) return base;
  if (!finding.checked) return { ...base, why: finding.why };
  const { score, reports, usageType, countryCode, isp, isTor } = finding.report;
  return {
    ...base,
    band: bandOf(score),
    score,
    reports,
    ...(usageType === undefined ? {} : { usageType }),
    ...(countryCode === undefined ? {} : { country: countryCode }),
    ...(isp === undefined ? {} : { isp }),
    ...(isTor === undefined ? {} : { tor: isTor }),
  };
}
