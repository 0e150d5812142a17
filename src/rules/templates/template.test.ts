import fc from 'fast-check';
import { Liquid } from 'liquidjs';
import { describe, expect, it } from 'vitest';
import { checkTemplate, compileTemplate, type TemplateIp, type TemplateScope } from './template.ts';
import { FILTERS, SCOPE, type Shape, TAGS } from './template-shape.ts';

const unchecked: TemplateIp = {
  address: '198.51.100.7',
  checked: false,
  note: 'not checked: the daily budget is spent',
  score: null,
  reports: null,
  reporters: null,
  country: '',
  usageType: '',
  isp: '',
  domain: '',
  isTor: false,
};

const checked: TemplateIp = {
  ...unchecked,
  address: '203.0.113.9',
  checked: true,
  note: '',
  score: 80,
  reports: 12,
  reporters: 4,
  country: 'NL',
};

const empty: TemplateScope = {
  tenant: 'contoso',
  alert: {
    id: '6500000000000000000000aa',
    title: 'Impossible travel <b>&"</b>',
    summary: 'Impossible travel',
    description: '',
    severity: 'high',
    type: 'Impossible travel activity',
    url: 'https://contoso.portal.cloudappsecurity.com/#/alerts/6500000000000000000000aa',
    createdAt: '2026-11-24T23:30:00.000Z',
    raw: '{"a":1}',
    users: [],
    ips: [],
    networks: [],
    entities: [],
    ipReport: '',
    category: 'other/uncategorised',
    categoryName: 'Other > Uncategorised',
    rsitTag: 'other:other',
    tactics: [],
    techniques: [],
    phase: 'Detection and Analysis',
  },
};

const full: TemplateScope = {
  ...empty,
  alert: {
    ...empty.alert,
    users: [
      { name: 'ada@contoso.example', address: 'ada@contoso.example', displayName: 'Ada', objectId: '' },
      { name: 'Grace', address: '', displayName: 'Grace', objectId: '' },
    ],
    ips: [checked, unchecked],
    networks: ['198.51.100.0/24'],
    tactics: [{ id: 'TA0001', name: 'Initial Access' }],
    techniques: [
      { id: 'T1078', name: 'Valid Accounts' },
      { id: 'T1078.004', name: 'Cloud Accounts' },
    ],
    entities: [{ type: 'app', id: '11161', label: 'Office 365' }],
  },
};

function rendered(text: string, scope = full): string {
  expect(checkTemplate(text)).toEqual([]);
  return compileTemplate(text).render(scope);
}

function firstProblem(text: string): string {
  const [problem] = checkTemplate(text);
  return problem ? `${problem.row}:${problem.column} ${problem.says}; ${problem.mend ?? ''}` : 'fine';
}

describe('a template', () => {
  it('fills in what the alert says, as text and not as HTML', () => {
    expect(rendered('{{ tenant }}: {{ alert.title }}')).toBe('contoso: Impossible travel <b>&"</b>');
  });

  it('joins members of lists, and takes a default where a list is empty', () => {
    const text = "{{ alert.users | map: 'name' | join: ', ' | default: 'nobody' }}";
    expect(rendered(text)).toBe('ada@contoso.example, Grace');
    expect(rendered(text, empty)).toBe('nobody');
  });

  it('names the category, and the tactics and techniques by a member of each', () => {
    expect(rendered('{{ alert.category }} {{ alert.categoryName }} {{ alert.phase }}')).toBe(
      'other/uncategorised Other > Uncategorised Detection and Analysis',
    );
    expect(rendered("{{ alert.techniques | map: 'id' | join: ', ' }}")).toBe('T1078, T1078.004');
    expect(firstProblem('{{ alert.tactics }}')).toContain('this is a list of objects, not text');
  });

  it('filters and loops', () => {
    expect(rendered("{{ alert.ips | where: 'checked', true | map: 'address' | join }}")).toBe('203.0.113.9');
    const loop =
      '{% for ip in alert.ips %}{{ forloop.index }} {{ ip.address }} {{ ip.score }}{{ ip.note }}\n{% endfor %}';
    expect(rendered(loop)).toBe('1 203.0.113.9 80\n2 198.51.100.7 not checked: the daily budget is spent\n');
  });

  it('renders an element that a list does not have as nothing', () => {
    expect(rendered('[{{ alert.ips[0].address }}{{ alert.users.first.name }}]', empty)).toBe('[]');
  });

  it('writes instants in UTC, and knows no present', () => {
    expect(rendered("{{ alert.createdAt | date: '%Y-%m-%d %H:%M' }}")).toBe('2026-11-24 23:30');
    expect(rendered("{{ alert.createdAt | date: '%Y-%m-%d %H:%M', 'Europe/Berlin' }}")).toBe('2026-11-25 00:30');
    expect(rendered("{{ 'now' | date: '%Y' }}")).toBe('now');
  });

  it('says in its text that it overran its limits, and never throws', () => {
    const big = { ...full, alert: { ...full.alert, raw: 'x'.repeat(10_000) } };
    const heavy = "{% for a in (1..3000) %}{{ alert.raw | append: 'x' }}{% endfor %}";
    expect(rendered(heavy, big)).toBe('(not rendered: memory alloc limit exceeded)');
  });

  it('takes any text of an alert through the URL filters', () => {
    const odd = { ...full, alert: { ...full.alert, title: '100% \ud800 %zz' } };
    expect(rendered('{{ alert.title | url_decode }}', odd)).toBe('100% \ufffd %zz');
    expect(rendered('{{ alert.title | url_encode }}', odd)).toBe('100%25+%EF%BF%BD+%25zz');
  });

  it('compiles a text once', () => {
    expect(compileTemplate('{{ alert.id }}')).toBe(compileTemplate('{{ alert.id }}'));
  });
});

describe('the check of a template', () => {
  it.each([
    ['{{ alert.ulr }}', '1:4 alert.ulr is unknown; did you mean alert.url?'],
    ['one\n{{ alrt.url }}', '2:4 alrt is unknown; did you mean alert?'],
    ["{{ alert.users | map: 'nmae' | join }}", '1:23 nmae is unknown; did you mean name?'],
    ["{{ alert.ips | where: 'chekced', true | map: 'address' }}", '1:23 chekced is unknown; did you mean checked?'],
    ["{{ alert.entities | group_by: 'tpye' | map: 'name' }}", '1:31 tpye is unknown; did you mean type?'],
    ["{{ alert.ips | sort: 'scor' | map: 'score' }}", '1:22 scor is unknown; did you mean score?'],
    ['{% for u in alert.users %}{{ u.nmae }}{% endfor %}', '1:30 u.nmae is unknown; did you mean u.name?'],
    ['{% for u in alert.users %}{% endfor %}{{ u.name }}', '1:42 u is unknown; known: tenant, alert'],
    [
      '{% for u in alert.users %}{{ forloop.indx }}{% endfor %}',
      '1:30 forloop.indx is unknown; did you mean forloop.index?',
    ],
    ['{% for u in alert.users limit: alert.mots %}{% endfor %}', '1:32 alert.mots is unknown; '],
    ['{% assign u = alert.users | first %}{{ u.nam }}', '1:40 u.nam is unknown; did you mean u.name?'],
    [
      '{% if alert.title contains "x" and alert.titel %}{% endif %}',
      '1:36 alert.titel is unknown; did you mean alert.title?',
    ],
    [
      '{% case alert.severty %}{% when "high" %}{% endcase %}',
      '1:9 alert.severty is unknown; did you mean alert.severity?',
    ],
    ['{% liquid\n assign t = alert.titl\n echo t %}', '2:13 alert.titl is unknown; did you mean alert.title?'],
    ['{{ "x" | append: alert.ttle }}', '1:18 alert.ttle is unknown; did you mean alert.title?'],
    ['{{ alert.title.length }}', '1:4 alert.title.length is unknown: alert.title is text; '],
    ['{{ alert.users.name }}', '1:4 alert.users.name is unknown: alert.users is a list; '],
    ['{{ alert[tenant] }}', '1:4 a computed member of alert cannot be checked; name the member'],
    ['{{ alert.constructor }}', '1:4 alert.constructor is unknown; known: id'],
    ['{{ alert.url | upcse }}', '1:16 filter upcse is unknown; did you mean upcase?'],
    ["{{ alert.users | where_exp: 'u', 'u.nmae' | map: 'name' }}", '1:18 filter where_exp is unknown; '],
    ["{{ alert.title | default: 'a', 'b' }}", '1:32 default takes one value; '],
    ["{{ alert.createdAt | date: '%H', 'Mars' }}", '1:34 Mars is not a time zone; write one such as Europe/Berlin'],
    ['{{ alert.users }}', '1:1 this is a list of objects, not text; '],
    ["{{ alert.users | join: ', ' }}", '1:18 this is a list of objects, not text; '],
    ['{{ alert.url alert.title }}', '1:14 alert.title stands alone; '],
    ['{{ alert.url', '1:1 output "{{ alert.url" not closed; '],
    ['{% if alert.url %}x', '1:1 tag {% if alert.url %} not closed; '],
    ["{% include 'secrets.txt' %}", '1:1 tag "include" not found; '],
    ['{% for i in (1..900000000) %}{% endfor %}', '1:1 memory alloc limit exceeded; '],
  ])('refuses %j', (text, says) => {
    expect(firstProblem(text)).toContain(says);
  });

  it('lists every unknown name at once, each where it stands', () => {
    const problems = checkTemplate("{{ alert.ulr }}\n{{ alert.users | mapp: 'name' }} {{ tenat }}");
    expect(problems.map(({ row, column }) => [row, column])).toEqual([
      [1, 4],
      [2, 18],
      [2, 37],
    ]);
  });

  it.each([
    '',
    'plain text with $ and { braces }',
    "{{ alert['url'] }}",
    "{{ alert.users | sort: 'name' | map: 'name' | uniq | compact | join: ', ' }}",
    '{% unless alert.users.size > 0 %}none{% endunless %}',
    "{{ alert.users | map: 'name' | first | upcase | slice: 0, 3 }}",
    '{% if alert.ips == empty or tenant == blank or alert.url == nil %}{% endif %}',
    '{% raw %}{{ alert.ulr }}{% endraw %}{% comment %}{{ alert.ulr }}{% endcomment %}',
    "{% assign g = alert.entities | group_by: 'type' %}{% for e in g %}{{ e.name }}{{ e.items | map: 'label' | join }}{% endfor %}",
    '{% capture c %}{{ alert.url }}{% endcapture %}{{ c | size }}',
    '{{ alert.raw | json }}{{ alert.networks }}',
  ])('accepts %j', (text) => {
    expect(checkTemplate(text)).toEqual([]);
  });

  it('knows every documented member, and the scope that templates get has each of them', () => {
    const walk = (shape: Shape, value: unknown, path: string): void => {
      expect(value, path).toBeDefined();
      if (shape.is === 'list') for (const item of value as unknown[]) walk(shape.of, item, `${path}[]`);
      else if (shape.is === 'object') {
        expect(Object.keys(value as object).toSorted(), path).toEqual(Object.keys(shape.members).toSorted());
        for (const [name, member] of Object.entries(shape.members))
          walk(member, (value as Record<string, unknown>)[name], `${path}.${name}`);
      }
    };
    for (const [name, shape] of Object.entries(SCOPE)) walk(shape, full[name as keyof TemplateScope], name);
  });

  it('allows only filters and tags that Liquid has', () => {
    const liquid = new Liquid();
    expect(Object.keys(liquid.filters)).toEqual(expect.arrayContaining([...FILTERS.keys()]));
    expect(Object.keys(liquid.tags)).toEqual(expect.arrayContaining([...TAGS]));
  });
});

describe('a template that was accepted', () => {
  it('renders without an error for any alert', () => {
    const paths = [
      'alert.title',
      'alert.users',
      'alert.ips',
      'alert.networks',
      'alert.entities[0].label',
      'alert.users.last',
    ];
    const argument = fc.constantFrom('', ": ', '", ': 2', ": 'name'", ": 'address', 'x'", ': alert.title', ': 0');
    const filter = fc.tuple(fc.constantFrom(...FILTERS.keys()), argument).map(([name, args]) => ` | ${name}${args}`);
    const oddTitle = fc.string({ unit: 'binary', maxLength: 20 }).map((title) => `${title}%\ud800`);
    const expression = fc.tuple(fc.constantFrom(...paths), fc.array(filter, { maxLength: 4 }));
    fc.assert(
      fc.property(expression, oddTitle, ([path, filters], odd) => {
        const text = `{{ ${path}${filters.join('')} }}`;
        fc.pre(checkTemplate(text).length === 0);
        for (const scope of [empty, full, { ...full, alert: { ...full.alert, title: odd } }])
          expect(compileTemplate(text).render(scope)).not.toMatch(/^\(not rendered/);
      }),
      { numRuns: 500 },
    );
  });
});
