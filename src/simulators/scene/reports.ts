import { DAY_MS, type EpochMs, HOUR_MS } from '../../domain/time.ts';
import type { SimReport } from '../abuseipdb-sim.ts';

/**
 * What AbuseIPDB knows of the scene's addresses. All of it is invented: the addresses are patterns of digits, the
 * providers do not exist, and nothing is said of whoever may use such an address.
 */
export function mondayReports(now: EpochMs): Record<string, SimReport> {
  const ago = (ms: number) => `${new Date(now - ms).toISOString().slice(0, 19)}+00:00`;
  const hosting = 'Data Center/Web Hosting/Transit';
  return {
    '78.90.12.34': {
      countryCode: 'SE',
      usageType: 'Fixed Line ISP',
      isp: 'Example Bredband AB',
      domain: 'bredband.example',
    },
    '101.102.103.104': {
      ...reported(87, 412, 63, ago(3 * HOUR_MS)),
      ...{ countryCode: 'SG', usageType: hosting, isp: 'Example Cloud Pte. Ltd.', domain: 'cloud.example' },
    },
    '67.78.89.90': { countryCode: 'US', usageType: 'Mobile ISP', isp: 'Example Mobile Inc.', domain: 'mobile.example' },
    '2a0b:1234:5678::c0de': {
      ...reported(34, 9, 4, ago(2 * DAY_MS)),
      ...{ countryCode: 'NL', usageType: hosting, isp: 'Example Servers B.V.', domain: 'servers.example' },
    },
    '91.82.73.64': {
      ...reported(100, 1_931, 288, ago(40 * 60_000)),
      ...{
        countryCode: 'NL',
        usageType: hosting,
        isp: 'Example Relay Foundation',
        domain: 'relay.example',
        isTor: true,
      },
    },
    '123.45.67.89': {
      ...reported(72, 57, 21, ago(9 * HOUR_MS)),
      ...{ countryCode: 'BR', usageType: 'Fixed Line ISP', isp: 'Exemplo Telecom S.A.', domain: 'telecom.example' },
    },
    '45.67.89.10': { countryCode: 'DE', usageType: 'Commercial', isp: 'Beispiel Netz GmbH', domain: 'netz.example' },
    '88.77.66.55': {
      ...reported(12, 3, 2, ago(20 * DAY_MS)),
      ...{ countryCode: 'FR', usageType: hosting, isp: 'Exemple Hébergement SAS', domain: 'hebergement.example' },
    },
    '2a0b:4321:8765:1::beef': {
      countryCode: 'IS',
      usageType: 'University/College/School',
      isp: 'Dæmi Net ehf.',
      domain: 'daemi.example',
    },
  };
}

function reported(
  abuseConfidenceScore: number,
  totalReports: number,
  numDistinctUsers: number,
  lastReportedAt: string,
) {
  return { abuseConfidenceScore, totalReports, numDistinctUsers, lastReportedAt };
}
