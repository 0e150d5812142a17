import { describe, expect, it } from 'vitest';
import { attackRef } from './attack.ts';
import { CATEGORY_ROWS, type CategoryRow } from './categories.ts';
import { RSIT } from './rsit.ts';

/** What `docs/categories.md` says before its tables. */
const HEAD = `# Categories

<!-- Made from src/rules/categories/categories.ts by its test: npx vitest run src/rules/categories/categories-doc.test.ts --update -->

Every alert gets a category: class and type of the [Reference Security Incident Taxonomy](https://github.com/enisaeu/Reference-Security-Incident-Taxonomy-Task-Force) (RSIT, version 1003), tactics and techniques of [MITRE ATT&CK](https://attack.mitre.org/), and the phase of NIST SP 800-61 in which its issue begins. It stands in the issue's description, in \`explain\` and in \`--json\`, and templates can put it into a field (see [configure.md](configure.md#categories)).

A category is a suspicion until an analyst has looked. Where the table below says "unprivileged account" and the record says that the user is an administrator, it is "privileged account".

## How an alert finds its row

1. By **id**: the number or name of the alert's type, with or without \`MCAS_\`, the action type, Graph's detector or policy id. Ids stay when Microsoft renames a detection.
2. By **title**, then by the **name of the policy**: old and new names, without regard to case, "(by user)" and "(preview)"; \`*\` is any text.
3. By **mark**: what kind of policy spoke, Graph's \`category\`, the story that the alert belongs to.

Where no row matches, the alert is \`other/uncategorised\`. \`casewire status\` counts those and lists their detections; a rule gives them a category. Activity, access and session policies carry the names that you gave them, so they have no row of their own.

Techniques and tactics that the record itself names (Graph's \`mitreTechniques\` and \`category\`, the REST API's \`intent\`, ids such as "(T1087)" in the text) take the place of the table's.

The phase is "Detection and Analysis" unless the table says "Preparation": weak spots and failing telemetry, for which nothing has happened yet. The later phases are for the issue to reach. Revision 3 of SP 800-61 (April 2025) has no phases; its CSF 2.0 names for the two are Identify or Protect, and Detect (DE.AE).
`;

const code = (text: string) => `\`${text}\``;
const cell = (text: string) => text.replaceAll('|', '\\|');

function knownBy({ ids = [], titles = [], marks = [] }: CategoryRow): string {
  return [...ids.map(code), ...titles.map((title) => code(`"${title}"`)), ...marks.map(code)].join('<br>');
}

function row(one: CategoryRow): string {
  const attack = one.attack
    .split(' ')
    .filter((id) => id !== '')
    .map((id) => `${id} ${attackRef(id).name}`)
    .join('<br>');
  const category = code(one.category) + (one.phase ? `<br>${one.phase}` : '');
  return `| ${[one.name, category, attack, knownBy(one)].map(cell).join(' | ')} |`;
}

function table(head: readonly string[], rows: readonly string[]): string {
  return [`| ${head.join(' | ')} |`, `|${'---|'.repeat(head.length)}`, ...rows].join('\n');
}

function doc(): string {
  return [
    HEAD,
    '## The table\n',
    'Sources, with dates, stand at the top of [categories.ts](../src/rules/categories/categories.ts).\n',
    table(['Alert', 'Category', 'ATT&CK', 'Known by'], CATEGORY_ROWS.map(row)),
    '\n## What a rule may name\n',
    'By path or by machine tag.\n',
    table(
      ['Path', 'RSIT', 'Machine tag'],
      RSIT.map(({ path, className, typeName, tag }) => `| ${code(path)} | ${className} > ${typeName} | ${code(tag)} |`),
    ),
    '',
  ].join('\n');
}

describe('the guide to the categories', () => {
  it('is what the table says', async () => {
    await expect(doc()).toMatchFileSnapshot('../../../docs/categories.md');
  });
});
