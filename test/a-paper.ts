import type { Severity } from '../src/domain/alert.ts';
import type { Block, Cell, Paper } from '../src/reports/paper.ts';

/** A month of one tenant as a paper with every kind of block and chart in it, the same each time. */
export function aPaper(more: Partial<Paper> = {}): Paper {
  return {
    title: 'Monthly report',
    scope: 'contoso',
    kind: 'monthly',
    period: 'October 2026',
    span: '1 Oct 2026 00:00 to 1 Nov 2026 00:00, Europe/Berlin',
    from: Date.parse('2026-09-30T22:00:00Z'),
    to: Date.parse('2026-10-31T23:00:00Z'),
    asOf: Date.parse('2026-11-01T05:00:00Z'),
    zone: 'Europe/Berlin',
    revision: 1,
    version: '0.1.0',
    pseudonymised: false,
    blocks: [...summary(), ...volume(), ...work(), ...incident(), ...annex()],
    ...more,
  };
}

/** The same paper with a text in every place that takes foreign text. */
export function aPaperFullOf(text: string): Paper {
  const swap = (value: unknown, key = ''): unknown => {
    if (typeof value === 'string')
      return ['block', 'chart', 'tone', 'align', 'kind', 'id', 'name', 'zone'].includes(key) ? value : text;
    if (Array.isArray(value)) return value.map((entry) => swap(entry, key));
    if (value === null || typeof value !== 'object') return value;
    return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, swap(entry, name)]));
  };
  return swap(aPaper()) as Paper;
}

function summary(): Block[] {
  return [
    { block: 'heading', level: 2, text: 'In short', id: 'summary' },
    {
      block: 'text',
      runs: [
        'Defender raised ',
        { strong: '412 alerts' },
        ', 38 more than in September; 371 became issues, 33 were suppressed by three rules and 8 are held. Two incidents of high severity were true positives; both are told below.',
      ],
    },
    {
      block: 'notice',
      tone: 'attention',
      title: 'Not all of it was read',
      runs: [
        'The source was read 2,961 times, with 2 gaps, the longest of 3 h 10 min (503 from the portal). Alerts raised in a gap are read after it, late and not lost.',
      ],
    },
    { block: 'notice', tone: 'good', title: 'Recounts agree', runs: ['31 of 31 days were recounted.'] },
    {
      block: 'figures',
      name: 'completeness',
      figures: [
        { label: 'Readings', text: '2,961', value: 2961, note: '4 more failed' },
        { label: 'Longest gap', text: '3 h 10 min', note: 'of 2 gaps', tone: 'attention' },
        { label: 'Days recounted', text: '31 of 31', tone: 'good' },
        { label: 'Source · ledger · issues', text: '412 · 412 · 371', note: 'recount of 1 Nov 04:00' },
      ],
      trace: { ledger: 'readings and recounts of contoso whose time lies in the period' },
    },
    { block: 'heading', level: 2, text: 'Scorecard', id: 'scorecard' },
    {
      block: 'table',
      name: 'scorecard',
      caption: 'This month beside others',
      columns: [
        { title: 'Measure', align: 'left', weight: 3 },
        { title: 'Target', align: 'right' },
        { title: 'October', align: 'right' },
        { title: 'September', align: 'right' },
        { title: 'October 2025', align: 'right' },
      ],
      rows: [
        row('Alerts', '–', '412', '374', '–'),
        row('Acknowledged, high: median', '1 h', { text: '18 min', tone: 'good' }, '22 min', '–'),
        row('Resolved, high: 90th percentile', '8 h', { text: '15 h 00 min', tone: 'bad' }, '7 h 40 min', '–'),
        row('Targets missed', '0 %', { text: '6 % (23 of 371)', tone: 'attention' }, '4 % (14 of 352)', '–'),
      ],
      empty: 'Nothing to compare with.',
      trace: {
        jql: 'project = SOC AND labels = casewire AND created >= "2026-10-01 00:00" AND created < "2026-11-01 00:00"',
        ledger: 'facts of contoso whose time lies in the period',
      },
    },
  ];
}

const values = (seed: number): Record<Severity, number> => ({
  high: (seed * 7) % 4,
  medium: (seed * 5) % 9,
  low: (seed * 11) % 13,
  informational: (seed * 3) % 4,
});

function volume(): Block[] {
  return [
    { block: 'heading', level: 2, text: 'Alerts', id: 'alerts' },
    {
      block: 'chart',
      chart: {
        chart: 'stacked-columns',
        name: 'alerts-by-day',
        title: 'Alerts by day and severity',
        says: '412 alerts, 46 of high severity. Most on Wednesday, 14 October: 25.',
        columns: Array.from({ length: 31 }, (_, day) => ({ label: String(day + 1), values: values(day + 3) })),
        unit: 'alerts',
      },
      caption: 'By the day on which Defender raised them',
      trace: { ledger: 'alerts of contoso raised in the period' },
    },
    {
      block: 'chart',
      chart: {
        chart: 'bars-with-share',
        name: 'top-detections',
        title: 'Detections and their false positives',
        says: 'Most alerts: Impossible travel activity, 61.',
        bars: [
          { label: 'Impossible travel activity', value: 61, part: 48, note: 'false: 79 % of 61 closed' },
          { label: 'Mass download by a single user', value: 34, part: 6, note: 'false: 18 % of 34 closed' },
          { label: 'Activity from a Tor IP address', value: 22, part: 1, note: 'false: 5 % of 22 closed' },
          { label: 'Unusual administrative activity (by user)', value: 9, part: 0, note: 'none closed' },
        ],
        unit: 'alerts',
        partWords: 'false positives',
      },
      caption: 'The first 4 of 23',
      trace: { ledger: 'alerts of contoso by detection' },
    },
    {
      block: 'chart',
      chart: {
        chart: 'heat-strip',
        name: 'tactics-strip',
        title: 'Tactics of MITRE ATT&CK',
        says: 'Most alerts: Initial Access, 96.',
        cells: [
          'Initial Access',
          'Execution',
          'Persistence',
          'Privilege Escalation',
          'Credential Access',
          'Collection',
          'Command and Control',
          'Exfiltration',
          'Impact',
        ].map((label, at) => ({ label, value: [96, 4, 12, 0, 61, 34, 22, 40, 0][at] ?? 0 })),
        unit: 'alerts',
      },
      caption: 'An alert may show several tactics',
    },
    {
      block: 'table',
      name: 'suppressed',
      caption: 'Suppressed, by rule',
      columns: [
        { title: 'Rule', align: 'left', weight: 4 },
        { title: 'Alerts', align: 'right' },
      ],
      rows: [],
      empty: 'No alert was suppressed.',
    },
  ];
}

function work(): Block[] {
  return [
    { block: 'heading', level: 2, text: 'Work', id: 'work' },
    {
      block: 'chart',
      chart: {
        chart: 'line',
        name: 'open-issues',
        title: 'Open issues',
        says: '34 issues were open at the beginning and 52 at the end.',
        points: Array.from({ length: 31 }, (_, day) => ({ label: String(day + 1), value: 34 + ((day * 7) % 23) })),
        unit: 'issues',
      },
      caption: 'Open at the end of each day',
    },
    {
      block: 'chart',
      chart: {
        chart: 'dots',
        name: 'time-to-acknowledge',
        title: 'Time until acknowledged',
        says: 'Half of 371 issues were acknowledged within 40 min, nine in ten within 6 h.',
        rows: [
          { label: 'high', medianMinutes: 18, p90Minutes: 55, n: 41, targetMinutes: 60 },
          { label: 'medium', medianMinutes: 70, p90Minutes: 410, n: 133, targetMinutes: 240 },
          { label: 'low', medianMinutes: 300, p90Minutes: 900, n: 185, targetMinutes: 1440 },
          { label: 'informational', n: 12 },
        ],
      },
      caption: 'Median and 90th percentile by severity, with the target',
    },
    {
      block: 'table',
      name: 'top-addresses',
      caption: 'Addresses with most alerts',
      columns: [
        { title: 'Address', align: 'left', weight: 2 },
        { title: 'Alerts', align: 'right' },
        { title: 'AbuseIPDB', align: 'left', weight: 2 },
        { title: 'Usage', align: 'left', weight: 3 },
      ],
      rows: Array.from({ length: 24 }, (_, at) => [
        { text: `198.51.100.${at + 10}`, url: `https://www.abuseipdb.com/check/198.51.100.${at + 10}` },
        { text: String(40 - at), value: 40 - at },
        at % 3 === 0 ? { text: 'high: 97 of 100', tone: 'bad' } : { text: 'low: 3 of 100' },
        { text: 'Data Center/Web Hosting/Transit' },
      ]),
      empty: 'No address was named.',
      trace: { ledger: 'addresses of alerts raised in the period, as they were known when the alert was decided' },
    },
  ];
}

function incident(): Block[] {
  return [
    { block: 'heading', level: 2, text: 'Notable incidents', id: 'incidents' },
    { block: 'heading', level: 3, text: 'Mass download by a single user', id: 'incident-1' },
    {
      block: 'text',
      runs: [
        { link: 'SOC-1042', url: 'https://contoso.atlassian.net/browse/SOC-1042' },
        ': severity high, acknowledged after 12 min.',
      ],
    },
    {
      block: 'timeline',
      name: 'incident-1',
      steps: [
        { at: '14 Oct 02:11', text: ['The activity began.'] },
        { at: '14 Oct 02:19', text: ['Defender raised the alert.'] },
        { at: '14 Oct 02:24', text: ['Issue ', { strong: 'SOC-1042' }, ' was made.'] },
        { at: '14 Oct 02:36', text: ['Acknowledged: assigned.'] },
        { at: '14 Oct 07:02', text: ['Resolved: Done.'] },
      ],
    },
  ];
}

function annex(): Block[] {
  return [
    { block: 'annex' },
    { block: 'heading', level: 2, text: 'How it was counted', id: 'method' },
    {
      block: 'list',
      items: [
        ['Alerts count by when Defender raised them, not by when their issue was made.'],
        [
          { strong: 'Issues' },
          ': in Jira: ',
          { code: 'project = SOC AND labels = casewire AND created >= "2026-10-01"' },
        ],
      ],
    },
  ];
}

function row(...cells: (string | Cell)[]): Cell[] {
  return cells.map((cell) => (typeof cell === 'string' ? { text: cell } : cell));
}
