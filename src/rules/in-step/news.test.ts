import { describe, expect, it } from 'vitest';
import { anAlert } from '../../../test/builders.ts';
import type { Alert } from '../../domain/alert.ts';
import { lookUpDocument, newsDocument, newsOf, sayNews } from './news.ts';

const jane = { name: 'jane@contoso.com', address: 'jane@contoso.com', origin: 'entity' } as const;
const born = anAlert({
  severity: 'medium',
  users: [jane],
  ips: [{ address: '9.9.9.9', origin: 'entity' }],
  entities: [{ type: 'service', id: '20892', label: 'Exchange Online' }],
});
const said = (now: Partial<Alert>) => {
  const news = newsOf(born, { ...born, ...now });
  return news && sayNews(news);
};

describe('news of an alert', () => {
  it.each<[Partial<Alert>, string]>([
    [{ severity: 'high' }, 'severity medium → high'],
    [{ title: 'Another name' }, 'another title'],
    [{ description: 'Other words.' }, 'another text'],
    [{ users: [jane, { ...jane, name: 'joe', address: 'joe@contoso.com' }] }, '1 new user'],
    [
      { ips: [...born.ips, { address: '8.8.8.8', origin: 'text' }, { address: '8.8.4.4', origin: 'text' }] },
      '2 new addresses',
    ],
    [{ networks: ['192.0.2.0/24'] }, '1 new network'],
    [{ entities: [...born.entities, { type: 'file', id: 'f1', label: 'pay.xlsx' }] }, '1 new entity'],
    [{ severity: 'low', networks: ['192.0.2.0/24'] }, 'severity medium → low, 1 new network'],
  ])('are %o', (now, words) => {
    expect(said(now)).toBe(words);
  });

  it.each<[string, Partial<Alert>]>([
    ['the same user with an object id', { users: [{ ...jane, name: 'Jane', objectId: 'a-b-c' }] }],
    ['fewer addresses', { ips: [] }],
    ['another label of the same entity', { entities: [{ type: 'service', id: '20892', label: 'Exchange' }] }],
    ['other spacing', { description: `${born.description.replaceAll(' ', '\n')} ` }],
    ['another link', { url: 'https://elsewhere.example/' }],
    ['being closed', { state: { open: false, verdict: 'benign' } }],
    ['a flag of the record', { raw: '{"isRead":true}', incomplete: ['stories'] }],
  ])('are not %s', (_, now) => {
    expect(said(now)).toBeUndefined();
  });

  it('are told with what is known of new addresses, and what was left', () => {
    const now: Alert = {
      ...born,
      severity: 'high',
      ips: [{ address: '8.8.8.8', origin: 'text' }],
      description: 'One.\n\nTwo.',
    };
    const report = { score: 90, reports: 4, reporters: 2, windowDays: 90 };
    const findings = [
      { checked: true, address: '8.8.8.8', report, lookedUpAt: 0 },
      { checked: true, address: '9.9.9.9', report, lookedUpAt: 0 },
    ] as const;
    const news = newsOf(born, now);
    const words = JSON.stringify(
      news && newsDocument(news, { findings, left: ['description, which a person changed'] }),
    );
    for (const word of ['medium → ', '8.8.8.8', '90', ' (in the text)', 'One.', 'Two.', 'description, which a person'])
      expect(words).toContain(word);
    expect(words).not.toContain('9.9.9.9');
  });

  it('cut a long text', () => {
    const news = newsOf(born, { ...born, description: 'x'.repeat(100_000) });
    expect(JSON.stringify(news && newsDocument(news)).length).toBeLessThan(6_000);
  });

  it('of look-ups alone name the addresses', () => {
    const findings = [{ checked: false, address: '9.9.9.9', why: 'private address' }] as const;
    expect(JSON.stringify(lookUpDocument(born, { findings }))).toContain('not checked: private address');
  });
});
