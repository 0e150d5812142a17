import type { AlertId, TenantId } from '../../domain/alert.ts';
import type { Category } from '../../domain/category.ts';
import type { IpFinding } from '../../domain/finding.ts';
import { toTemplateScope } from '../expressions/scope.ts';
import { compileTemplate, type TemplateScope } from '../templates/template.ts';
import { categoriesOfTable } from './classify.ts';

/**
 * Every text that a template gives for the categories of the table and for `also`, each once; empty when the text says
 * nothing of the category or depends on other parts of the alert too, so that it cannot be listed.
 */
export function categoryTexts(template: string, also: readonly Category[] = []): readonly string[] {
  if (!NAMES_CATEGORY.test(template)) return [];
  const name = JSON.stringify([template, also]);
  const texts = known.get(name) ?? textsOf(template, also);
  known.set(name, texts);
  return texts;
}

/** What a template must name to say anything of the category; a computed name is refused at load. */
const NAMES_CATEGORY = /\b(category|categoryName|rsitTag|tactics|techniques|phase)\b/;

/** Thousands of tenants share a template, and its texts. */
const known = new Map<string, readonly string[]>();

function textsOf(template: string, also: readonly Category[]): readonly string[] {
  const { render } = compileTemplate(template);
  const categories = [...categoriesOfTable(), ...also];
  const texts = categories.map((category) => render(scopeOf('one', category)));
  const others = categories.map((category) => render(scopeOf('other', category)));
  const distinct = new Set(texts);
  if (distinct.size < 2 || texts.some((text, i) => text !== others[i])) return [];
  return [...distinct].filter((text) => text.trim() !== '');
}

/** Two alerts that have nothing in common, so that a text that is the same for both comes from the category alone. */
function scopeOf(which: 'one' | 'other', category: Category): TemplateScope {
  const one = which === 'one';
  const word = one ? 'a' : 'b';
  const finding: IpFinding = { checked: false, address: '192.0.2.1', why: word };
  return toTemplateScope(
    {
      id: word as AlertId,
      tenant: word as TenantId,
      title: word,
      description: word,
      severity: one ? 'high' : 'low',
      type: word,
      createdAt: one ? 0 : 1e12,
      state: { open: true },
      url: `https://${word}.example`,
      users: one ? [] : [{ name: word, origin: 'entity' }],
      ips: one ? [] : [{ address: finding.address, origin: 'entity' }],
      networks: one ? [] : ['192.0.2.0/24'],
      entities: one ? [] : [{ type: word, id: word, label: word }],
      incomplete: [],
      raw: `"${word}"`,
    },
    one ? [] : [finding],
    { summary: word, category },
  );
}
