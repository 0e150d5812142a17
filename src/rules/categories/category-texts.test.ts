import { describe, expect, it } from 'vitest';
import { categoryTexts } from './category-texts.ts';
import { categoryNamed } from './classify.ts';

describe('the texts of a template for all categories', () => {
  it('are in the form that the template gives', () => {
    expect(categoryTexts('{{ alert.category }}')).toContain('intrusion-attempts/login-attempts');
    expect(categoryTexts('{{ alert.categoryName }}')).toContain('Intrusion Attempts > Login Attempts');
    expect(categoryTexts("{{ alert.category | split: '/' | first }}")).toContain('other');
    expect(categoryTexts("{{ alert.techniques | map: 'id' | join: ', ' }}")).toContain('T1078, T1078.004');
    expect(categoryTexts('{{ alert.phase }}')).toEqual(['Preparation', 'Detection and Analysis']);
  });

  it('are each there once, and those that a rule names too', () => {
    const spam = categoryNamed('abusive-content/spam');
    const texts = categoryTexts('{{ alert.category }}', spam ? [spam] : []);
    expect(new Set(texts).size).toBe(texts.length);
    expect(texts).toContain('abusive-content/spam');
    expect(texts).toContain('other/uncategorised');
  });

  it.each([
    'constant',
    '{{ tenant }}',
    '{{ alert.title }}',
    '{{ alert.category }} {{ alert.title }}',
    '{% if alert.users.size > 0 %}{{ alert.category }}{% endif %}',
    "{{ alert.createdAt | date: '%Y' }} {{ alert.phase }}",
  ])('are none for %j', (template) => {
    expect(categoryTexts(template)).toEqual([]);
  });
});
