import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '..');
const src = join(root, 'src');

/**
 * What each room may import of the others: whole rooms, or single files of them. A room may always import itself,
 * except where `editions` says otherwise. Packages are listed where a room is not free to choose.
 */
const ROOMS: Record<string, { may: readonly string[]; packages?: readonly string[] }> = {
  domain: { may: [], packages: [] },
  rules: { may: ['domain'], packages: ['liquidjs', '@marcbachmann/cel-js', 're2js'] },
  sources: { may: ['domain', 'http', 'observe'] },
  enrichers: { may: ['domain', 'http', 'observe'] },
  tracker: { may: ['domain', 'http', 'observe'] },
  ledger: { may: ['domain'] },
  pipeline: {
    may: [
      'domain',
      'rules',
      'observe',
      'sources/source.ts',
      'sources/alert-keeper.ts',
      'enrichers/enricher.ts',
      'enrichers/group-membership.ts',
      'tracker/tracker.ts',
      'tracker/issue-keeper.ts',
      'tracker/issue-watch.ts',
      'tracker/issue-mover.ts',
      'ledger/ledger.ts',
      'ledger/groups/groups-port.ts',
      'ledger/look-ups/findings-port.ts',
    ],
    packages: [],
  },
  lifecycle: {
    may: [
      'domain',
      'rules',
      'observe',
      'pipeline',
      'sources/alert-keeper.ts',
      'sources/source.ts',
      'tracker/issue-keeper.ts',
      'tracker/issue-watch.ts',
      'tracker/issue-mover.ts',
      'tracker/tracker.ts',
      'ledger/ledger.ts',
      'ledger/facts/facts-port.ts',
      'ledger/in-step/links-port.ts',
      'ledger/in-step/hints-port.ts',
      'ledger/recounts/audits-port.ts',
      'ledger/in-step/news-port.ts',
      'ledger/look-ups/findings-port.ts',
    ],
    packages: [],
  },
  reports: {
    may: ['domain', 'rules', 'ledger/facts/facts-port.ts'],
    packages: [
      'd3-scale',
      'd3-shape',
      'fflate',
      'hono',
      'node:crypto',
      'node:fs',
      'node:module',
      '@myriaddreamin/typst-ts-node-compiler',
    ],
  },
  scheduler: { may: ['domain', 'observe'] },
  service: {
    may: [
      'domain',
      'rules',
      'observe',
      'config',
      'pipeline',
      'lifecycle',
      'reports',
      'scheduler',
      'ledger/ledger.ts',
      'ledger/in-step/links-port.ts',
      'ledger/in-step/hints-port.ts',
      'ledger/recounts/audits-port.ts',
      'ledger/in-step/news-port.ts',
      'ledger/look-ups/findings-port.ts',
      'ledger/facts/facts-port.ts',
      'ledger/catalogue/catalogue-port.ts',
      'ledger/deliveries/deliveries-port.ts',
      'ledger/sessions/ended-sessions-port.ts',
      'assembly',
    ],
  },
  http: { may: ['domain', 'observe'] },
  observe: { may: ['domain'] },
  config: { may: ['domain', 'rules'] },
  simulators: { may: ['domain'] },
  // `init` asks a site before there is a configuration, so of the edges the doors see that one port.
  cli: {
    may: ['assembly', 'service', 'reports', 'tracker/site-survey.ts', 'config', 'domain', 'observe', 'simulators'],
  },
  assembly: {
    may: [
      'config',
      'domain',
      'enrichers',
      'http',
      'ledger',
      'lifecycle',
      'observe',
      'pipeline',
      'reports',
      'rules',
      'sources',
      'tracker',
    ],
  },
};

/** Folders of one room that never import each other. */
const STRANGERS = [
  ['tracker/jira-cloud', 'tracker/jira-datacenter'],
  ['sources/cloud-apps', 'sources/graph'],
] as const;

const BANNED_NAMES = /^(utils?|common|shared|lib|helpers?|services|types|index)(\.ts)?$/;

interface SourceFile {
  /** Path below `src`, with forward slashes. */
  path: string;
  room: string;
  text: string;
  imports: readonly string[];
}

const files: readonly SourceFile[] = walk(src).map((file) => {
  const path = relative(src, file).replaceAll('\\', '/');
  const text = readFileSync(file, 'utf8');
  return { path, room: path.split('/')[0] ?? path, text, imports: importsOf(text) };
});
const product = files.filter(({ path }) => !path.endsWith('.test.ts'));

function walk(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? walk(path) : path.endsWith('.ts') ? [path] : [];
  });
}

function importsOf(text: string): string[] {
  const imports = /(?:^(?:import|export)\s[^;]*?\bfrom\s|^import\s|\bimport\(\s*)'([^']+)'/gm;
  return [...text.matchAll(imports)].map((match) => match[1] ?? '');
}

function targetOf(file: SourceFile, specifier: string): string | undefined {
  if (!specifier.startsWith('.')) return undefined;
  return relative(src, resolve(src, dirname(file.path), specifier)).replaceAll('\\', '/');
}

function complaints(check: (file: SourceFile, specifier: string) => string | undefined): string[] {
  return product.flatMap((file) => file.imports.flatMap((specifier) => check(file, specifier) ?? []));
}

describe('the house', () => {
  it('has only the rooms that its table names', () => {
    expect([...new Set(product.map(({ room }) => room))].filter((room) => !(room in ROOMS))).toEqual([]);
  });

  it('lets each room import only what stands below it', () => {
    expect(
      complaints((file, specifier) => {
        const target = targetOf(file, specifier);
        if (target === undefined || target.startsWith('..')) return undefined;
        const room = target.split('/')[0] ?? target;
        if (room === file.room) return undefined;
        const may = ROOMS[file.room]?.may ?? [];
        return may.includes(room) || may.includes(target) ? undefined : `${file.path} may not import ${target}`;
      }),
    ).toEqual([]);
  });

  it('lets the core choose no packages of its own', () => {
    expect(
      complaints((file, specifier) => {
        const packages = ROOMS[file.room]?.packages;
        if (specifier.startsWith('.') || packages === undefined) return undefined;
        return packages.some((name) => specifier === name || specifier.startsWith(`${name}/`))
          ? undefined
          : `${file.path} may not import ${specifier}`;
      }),
    ).toEqual([]);
  });

  it('keeps the editions and the sources strangers to each other', () => {
    expect(
      complaints((file, specifier) => {
        const target = targetOf(file, specifier) ?? '';
        const pair = STRANGERS.find(
          ([a, b]) =>
            (file.path.startsWith(a) && target.startsWith(b)) || (file.path.startsWith(b) && target.startsWith(a)),
        );
        return pair && `${file.path} may not import ${target}`;
      }),
    ).toEqual([]);
  });

  it('keeps domain and rules free of promises, clocks and randomness', () => {
    const impure = /\basync\b|\bawait\b|Date\.now|new Date\(\)|Math\.random|setTimeout|process\./;
    const guilty = product
      .filter(({ room }) => room === 'domain' || room === 'rules')
      .filter(({ text }) => impure.test(withoutComments(text)))
      .map(({ path }) => `${path} must be pure`);
    expect(guilty).toEqual([]);
  });

  it('takes time from the clock that it is handed', () => {
    const guilty = product
      // The console's scripts run in the reader's browser.
      .filter(({ path }) => path !== 'observe/clock.ts' && !path.startsWith('service/console/look/'))
      .filter(({ room }) => room !== 'simulators' && room !== 'cli')
      .filter(({ text }) => /Date\.now\(|\bsetTimeout\(|\bsetInterval\(/.test(withoutComments(text)))
      .map(({ path }) => `${path} must take time from a Clock`);
    expect(guilty).toEqual([]);
  });

  it('reads the environment in config alone, and writes to the console in cli alone', () => {
    const guilty = product.flatMap(({ path, room, text }) => [
      ...(/process\.env/.test(text) && room !== 'config' && room !== 'cli' ? [`${path} may not read process.env`] : []),
      ...(/\bconsole\.(?!ts\b)\w+\(|process\.std(out|err)/.test(withoutComments(text)) &&
      room !== 'cli' &&
      room !== 'observe'
        ? [`${path} may not write to the console`]
        : []),
    ]);
    expect(guilty).toEqual([]);
  });

  it('lets only http call the network', () => {
    expect(
      complaints(({ path, room }, specifier) =>
        /^(undici|node:https?|node:net|node:tls)$/.test(specifier) && !['http', 'service', 'simulators'].includes(room)
          ? `${path} may not import ${specifier}`
          : undefined,
      ),
    ).toEqual([]);
  });

  it('asks a sign-in service from one place', () => {
    // openid-client brings the protocol's checks and its own requests; time limits and redirects are set there.
    expect(
      complaints(({ path }, specifier) =>
        specifier === 'openid-client' && path !== 'service/console/sign-in/provider.ts'
          ? `${path} may not import ${specifier}`
          : undefined,
      ),
    ).toEqual([]);
    const fetching = product
      .filter(({ text }) => /\bawait fetch\(/.test(withoutComments(text)))
      .map(({ path }) => path);
    expect(fetching.filter((path) => !path.startsWith('simulators/') && !path.startsWith('service/console/'))).toEqual(
      [],
    );
  });

  // Kept out of what `--help` and a store in a file load: 0005-small-and-quick.md.
  it('lets only the store on Postgres load its driver, and nobody load that store before it is asked for', () => {
    const own = /^ledger\/store\/[a-z-]*postgres[a-z-]*\.ts$/;
    const guilty = product
      .filter(({ path }) => !own.test(path))
      .filter(({ text }) => /^import [^;]*'(pg|[^']*postgres[a-z-]*\.ts)'/m.test(text))
      .map(({ path }) => `${path} may load Postgres only by import() where it is asked for`);
    expect(guilty).toEqual([]);
  });

  it('has no drawer for odds and ends, and no default exports', () => {
    const names = product.flatMap(({ path }) => path.split('/').filter((name) => BANNED_NAMES.test(name)));
    expect(names).toEqual([]);
    expect(product.filter(({ text }) => /^export default/m.test(text)).map(({ path }) => path)).toEqual([]);
  });

  it('walks one alert through files that are there', () => {
    const walk = readFileSync(join(root, 'docs/one-alert.md'), 'utf8');
    const named = [...walk.matchAll(/`(src\/[^`]+\.ts)`/g)].map((match) => match[1] ?? '');
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter((path) => !product.some((file) => `src/${file.path}` === path))).toEqual([]);
  });

  it('has no port with more than six members, and names each member in its guide', () => {
    const guide = readFileSync(join(root, 'docs/architecture.md'), 'utf8');
    const ports: Record<string, readonly string[]> = {
      'sources/source.ts': ['AlertSource'],
      'sources/alert-keeper.ts': ['AlertKeeper'],
      'tracker/issue-watch.ts': ['IssueWatch'],
      'tracker/issue-mover.ts': ['IssueMover'],
      'ledger/in-step/links-port.ts': ['Links', 'Notes'],
      'ledger/in-step/hints-port.ts': ['Hints'],
      'ledger/in-step/news-port.ts': ['News', 'WaitingLookUps'],
      'ledger/look-ups/findings-port.ts': ['Findings'],
      'ledger/recounts/audits-port.ts': ['Twins', 'Audits'],
      'ledger/acts/acts-port.ts': ['Acts'],
      'ledger/sessions/ended-sessions-port.ts': ['EndedSessions'],
      'scheduler/scheduler.ts': ['Scheduler'],
      'enrichers/enricher.ts': ['Enricher'],
      'enrichers/group-membership.ts': ['GroupMembership'],
      'tracker/tracker.ts': ['Tracker', 'MetadataCache'],
      'tracker/site-survey.ts': ['SiteSurvey'],
      'tracker/issue-keeper.ts': ['IssueKeeper'],
      'ledger/pulse-port.ts': ['Pulse'],
      'ledger/groups/groups-port.ts': ['Groups', 'Attachments'],
      'ledger/ledger.ts': ['Reading', 'Inbox', 'Leases', 'Outbox', 'Overview', 'HeldAlerts', 'Rulings'],
      'ledger/catalogue/catalogue-port.ts': ['Catalogue'],
      'ledger/deliveries/deliveries-port.ts': ['Deliveries', 'DeliveryLog'],
      'ledger/facts/facts-port.ts': ['Facts', 'FactLog', 'Editions'],
    };
    for (const [path, names] of Object.entries(ports))
      for (const name of names) {
        const text = withoutComments(product.find((file) => file.path === path)?.text ?? '');
        const body = new RegExp(`export interface ${name} \\{([\\s\\S]*?)\\n\\}`).exec(text)?.[1];
        expect(body, `${name} in ${path}`).toBeDefined();
        const methods = [...(body ?? '').matchAll(/^ {2}(\w+)\(/gm)].map((match) => match[1]);
        expect(methods.length, `${name} has ${methods.join(', ')}`).toBeLessThanOrEqual(6);
        expect(body).not.toMatch(/^ {2}\w+\?\(/m);
        const members = [...(body ?? '').matchAll(/^ {2}(?:readonly )?(\w+)[(:]/gm)].map((match) => match[1]);
        const row = new RegExp(`^\\| \`${name}\` \\| (.*) \\|$`, 'm').exec(guide)?.[1] ?? '';
        const told = [...row.matchAll(/`(\w+)`/g)].map((match) => match[1]);
        expect(told.toSorted(), `${name} in docs/architecture.md`).toEqual(members.toSorted());
      }
  });
});

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '$1');
}
