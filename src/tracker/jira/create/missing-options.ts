import type { RouteProblem } from '../../tracker.ts';
import { type FieldDialect, type FieldMeta, kindOf, optionTexts, toFieldValue } from './issue-fields.ts';

/**
 * The options that a select field lacks for texts that its template can give, ready to paste; for a cascading select
 * each parent with its children below it. Nothing for a field that takes any text.
 */
export function missingOptions(
  field: FieldMeta,
  { texts, dialect }: { texts: readonly string[]; dialect: FieldDialect },
): RouteProblem[] {
  const kind = kindOf(field);
  if (kind !== 'select' && kind !== 'multi-select' && kind !== 'cascading-select') return [];
  const options = kind === 'multi-select' ? texts.flatMap((text) => optionTexts(field, text)) : texts;
  const missing = [...new Set(options)].filter((text) => 'problem' in toFieldValue(field, text, dialect));
  if (missing.length === 0) return [];
  const many = missing.length === 1 ? 'an option' : `${missing.length} options`;
  return [
    {
      level: 'warning',
      says: `field "${field.name}" (${field.id}) lacks ${many} for categories of alerts; their issues are raised without it`,
      mend:
        kind === 'cascading-select'
          ? 'add to the field in Jira, below each parent its children:'
          : 'add to the field in Jira:',
      paste: kind === 'cascading-select' ? byParent(missing) : missing,
    },
  ];
}

function byParent(texts: readonly string[]): string[] {
  const pairs = texts.map((text) => {
    const sign = text.includes('>') ? '>' : '/';
    const [parent = '', ...child] = text.split(sign).map((step) => step.trim());
    return { parent, child: child.join(sign === '>' ? ' > ' : '/') };
  });
  return [...Map.groupBy(pairs, ({ parent }) => parent)].flatMap(([parent, children]) => [
    parent,
    ...children.filter(({ child }) => child !== '').map(({ child }) => `  ${child}`),
  ]);
}
