import { describe, expect, it } from 'vitest';
import { HandClock } from '../../../test/hand-clock.ts';
import type { AffectedUser } from '../../domain/alert.ts';
import type { Membership } from '../../enrichers/group-membership.ts';
import { GroupDesk } from './group-desk.ts';

const ada: AffectedUser = { name: 'ada', address: 'ada@contoso.com', origin: 'entity' };

/** A desk before a service that answers in turn, and what was asked of it. */
function desk(...answers: (Membership | Error)[]) {
  const clock = new HandClock();
  const asked: string[] = [];
  const warnings: string[] = [];
  const membership = {
    async groupsOf({ name }: AffectedUser): Promise<Membership> {
      asked.push(name);
      const answer = answers[Math.min(asked.length, answers.length) - 1] as Membership | Error;
      if (answer instanceof Error) throw answer;
      return answer;
    },
  };
  const progress = (event: { event: string; says?: string }) => void warnings.push(event.says ?? event.event);
  return { groups: new GroupDesk({ membership, clock, progress }), clock, asked, warnings };
}

describe('the desk for groups', () => {
  const known: Membership = { known: true, groups: [{ id: 'g1', name: 'Staff' }], askedAt: 0 };

  it('asks once for whoever asks, and anew after an hour', async () => {
    const { groups, clock, asked } = desk(known);
    await Promise.all([groups.of(ada), groups.of(ada), groups.of({ ...ada, name: 'ADA' })]);
    expect(asked).toHaveLength(1);
    clock.advance(3_600_001);
    await groups.of(ada);
    expect(asked).toHaveLength(2);
  });

  it('asks again after a minute where no answer came', async () => {
    const { groups, clock, asked } = desk({ known: false, why: 'throttled' }, known);
    expect(await groups.of(ada)).toEqual({ known: false, why: 'throttled' });
    await groups.of(ada);
    expect(asked).toHaveLength(1);
    clock.advance(60_001);
    expect(await groups.of(ada)).toEqual(known);
  });

  it('makes a fault an answer, and tells it', async () => {
    const { groups, warnings } = desk(new Error('boom'));
    expect(await groups.of(ada)).toEqual({ known: false, why: 'a fault of Casewire itself' });
    expect(warnings).toEqual(['groups were not asked (a fault of Casewire itself): boom']);
  });

  it('says why where nobody can be asked', async () => {
    const groups = new GroupDesk({ membership: { why: 'no sign-in' }, clock: new HandClock(), progress: () => {} });
    expect(await groups.of(ada)).toEqual({ known: false, why: 'no sign-in' });
  });
});
