import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { CASEWIRE, time } from './programs.ts';
import { type Month, makeReportLedger } from './report-ledger.ts';
import { median, type Row, seconds } from './table.ts';

const PEAK_MEMORY = pathToFileURL(join(import.meta.dirname, 'peak-memory.mjs')).href;

/** With fewer at weekends, 100,000 in October 2026. */
const PER_DAY = 4_100;
/** Of each of the twelve months before. */
const PER_DAY_BEFORE = 410;

const AIM_MS = 3_000;
const AIM_MIB = 200;

const CONFIG = `store: ./casewire.db
jira:
  edition: cloud
  url: http://127.0.0.1:9
  auth: { email: soc@example.com, token: "\${env:TOKEN}" }
ticket: { project: SOC, issueType: IT Help }
tenants:
  contoso:
    source: defender-cloud-apps
    url: http://127.0.0.1:9
    auth: { token: "\${env:TOKEN}" }
sync: { fromJira: { closeAlert: true, verdict: { default: true_positive } } }
reports:
  sla: { high: { acknowledge: 1h, resolve: 8h }, medium: { acknowledge: 4h, resolve: 3d } }
`;

/** The monthly report of 100,000 alerts as PDF, the whole process from a ledger of thirteen months. */
export async function reportRow(rounds: number): Promise<Row> {
  const folder = mkdtempSync(join(tmpdir(), 'casewire-bench-report-'));
  try {
    writeFileSync(join(folder, 'casewire.yaml'), CONFIG);
    const counts = await makeReportLedger(join(folder, 'casewire.db'), 'contoso', months());
    const peakFile = join(folder, 'peak-memory');
    const env = {
      TOKEN: 'simulated-token-of-bench',
      NODE_OPTIONS: `--import ${PEAK_MEMORY}`,
      BENCH_PEAK_FILE: peakFile,
    };
    const runs: { ms: number; mib: number }[] = [];
    for (let round = 0; round < rounds; round++) {
      const { ms } = await time([CASEWIRE, 'report', 'monthly', '--date', '2026-10', '--out', 'out.pdf'], {
        folder,
        env,
      });
      runs.push({ ms, mib: Number(readFileSync(peakFile, 'utf8')) / 1_024 });
    }
    const [ms, mib] = [median(runs.map((run) => run.ms)), median(runs.map((run) => run.mib))];
    const size = readFileSync(join(folder, 'out.pdf')).length / 1_024;
    return {
      what: `monthly report as PDF, ${counts.at(-1)?.toLocaleString('en')} alerts after twelve months of a tenth`,
      casewire: `${seconds(ms)}, ${mib.toFixed(0)} MiB`,
      ratio: `${size.toFixed(0)} kB`,
      aim: `< ${AIM_MS / 1_000} s, < ${AIM_MIB} MiB`,
      reached: ms < AIM_MS && mib < AIM_MIB,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function months(): Month[] {
  return Array.from({ length: 13 }, (_, i) => {
    const at = (month: number) => new Date(Date.UTC(2025, 9 + month, 1)).toISOString();
    return { from: at(i), to: at(i + 1), perDay: i === 12 ? PER_DAY : PER_DAY_BEFORE };
  });
}
