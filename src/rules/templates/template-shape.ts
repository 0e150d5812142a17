/**
 * What a template may name, as types: the scope's members, and what each filter makes of its input. The check at load
 * walks a template along these, so that nothing is left to be found out at two in the morning.
 */
export type Shape =
  | { is: 'text' | 'number' | 'boolean' | 'any' }
  | { is: 'list'; of: Shape }
  | { is: 'object'; members: Readonly<Record<string, Shape>> };

export const TEXT: Shape = { is: 'text' };
export const NUMBER: Shape = { is: 'number' };
export const BOOLEAN: Shape = { is: 'boolean' };
/** Nothing is known of it: the outcome of a problem that was already told. */
export const ANY: Shape = { is: 'any' };

export function listOf(of: Shape): Shape {
  return { is: 'list', of };
}

function objectOf(members: Readonly<Record<string, Shape>>): Shape {
  return { is: 'object', members };
}

/** The scope of every template; the twin of the type `TemplateScope`. */
export const SCOPE: Readonly<Record<string, Shape>> = {
  tenant: TEXT,
  alert: objectOf({
    id: TEXT,
    title: TEXT,
    summary: TEXT,
    description: TEXT,
    severity: TEXT,
    type: TEXT,
    url: TEXT,
    createdAt: TEXT,
    raw: TEXT,
    users: listOf(objectOf({ name: TEXT, address: TEXT, displayName: TEXT, objectId: TEXT })),
    ips: listOf(
      objectOf({
        address: TEXT,
        checked: BOOLEAN,
        note: TEXT,
        score: NUMBER,
        reports: NUMBER,
        reporters: NUMBER,
        country: TEXT,
        usageType: TEXT,
        isp: TEXT,
        domain: TEXT,
        isTor: BOOLEAN,
      }),
    ),
    networks: listOf(TEXT),
    entities: listOf(objectOf({ type: TEXT, id: TEXT, label: TEXT })),
    ipReport: TEXT,
    category: TEXT,
    categoryName: TEXT,
    rsitTag: TEXT,
    tactics: listOf(objectOf({ id: TEXT, name: TEXT })),
    techniques: listOf(objectOf({ id: TEXT, name: TEXT })),
    phase: TEXT,
  }),
};

/** What Liquid puts beside the variable of a `for`. */
export const FORLOOP: Shape = objectOf({
  index: NUMBER,
  index0: NUMBER,
  rindex: NUMBER,
  rindex0: NUMBER,
  first: BOOLEAN,
  last: BOOLEAN,
  length: NUMBER,
  name: TEXT,
});

/**
 * What a filter gives: a plain value, its input again, an element of it, a list of one member of the elements, or
 * groups of them. `member`: its first argument names a member of the elements.
 */
export interface FilterRule {
  gives: 'text' | 'number' | 'boolean' | 'texts' | 'input' | 'element' | 'members' | 'groups';
  member?: boolean;
}

const FILTER_NAMES: Readonly<Record<FilterRule['gives'], string>> = {
  text:
    'append array_to_sentence_string base64_encode capitalize cgi_escape date date_to_long_string date_to_rfc822 ' +
    'date_to_string date_to_xmlschema downcase escape escape_once inspect join json jsonify lstrip newline_to_br ' +
    'normalize_whitespace prepend raw remove remove_first remove_last replace replace_first replace_last rstrip ' +
    'slugify squish strip strip_html strip_newlines truncate truncatewords upcase uri_escape url_decode ' +
    'url_encode xml_escape',
  number:
    'abs at_least at_most ceil divided_by find_index floor minus modulo number_of_words plus round size sum times to_integer',
  boolean: 'has',
  texts: 'split',
  input: 'compact concat default pop push reject reverse shift slice sort sort_natural uniq unshift where',
  element: 'find first last',
  members: 'map',
  groups: 'group_by',
};

const NAMES_A_MEMBER = new Set('find find_index group_by has map reject sort sort_natural sum where'.split(' '));

/**
 * The filters a template may use: Liquid's own without those that hold code in text (`where_exp` …), which could not
 * be checked, and without chance (`sample`), since a template must give the same text each time.
 */
export const FILTERS: ReadonlyMap<string, FilterRule> = new Map(
  (Object.entries(FILTER_NAMES) as [FilterRule['gives'], string][]).flatMap(([gives, names]) =>
    names.split(' ').map((name): [string, FilterRule] => [name, { gives, member: NAMES_A_MEMBER.has(name) }]),
  ),
);

/** The tags a template may use: none reads files, none writes HTML, none changes the scope of the next template. */
export const TAGS: ReadonlySet<string> = new Set(
  '# assign break capture case comment continue cycle echo for if liquid raw unless'.split(' '),
);

/** What a filter makes of a shape that is not refused. */
export function afterFilter(rule: FilterRule, input: Shape, member: Shape): Shape {
  const element = input.is === 'list' ? input.of : input;
  switch (rule.gives) {
    case 'text':
      return TEXT;
    case 'number':
      return NUMBER;
    case 'boolean':
      return BOOLEAN;
    case 'texts':
      return listOf(TEXT);
    case 'input':
      return input;
    case 'element':
      return element;
    case 'members':
      return listOf(member);
    case 'groups':
      return listOf(objectOf({ name: member, items: input }));
  }
}

function sampleOf(shape: Shape): unknown {
  if (shape.is === 'list') return [sampleOf(shape.of)];
  if (shape.is === 'object')
    return Object.fromEntries(Object.entries(shape.members).map(([name, member]) => [name, sampleOf(member)]));
  return shape.is === 'number' ? 1 : shape.is === 'boolean' ? true : 'text';
}

/** A scope with one of everything, on which a template is tried once at load. */
export const SAMPLE: object = Object.fromEntries(Object.entries(SCOPE).map(([name, shape]) => [name, sampleOf(shape)]));
