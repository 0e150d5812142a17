import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { World } from '../world.ts';

describe('a category that a rule names', () => {
  let world: World;

  beforeEach(async () => {
    world = await World.start();
    world.scene.cloudApps.addAlert('contoso', {
      _id: 'c0ffee000000000000000001',
      timestamp: world.clock.now() - 60_000,
      title: 'ACME: door 7',
      description: 'A policy of our own spoke.',
      severityValue: 2,
      resolutionStatusValue: 0,
      entities: [],
    });
    world.editConfig = (yaml) => `${yaml}
rules:
  - name: Own detection
    when: alert.title.startsWith("ACME:")
    then: { category: abusive-content/spam }
`;
  });
  afterEach(() => world.stop());

  it('stands on the alert, and no longer counts as none; check asks for its option too', async () => {
    const { lines } = await world.run();
    const own = lines.find(({ title }) => title === 'ACME: door 7');
    expect(own).toMatchObject({ category: { rsitClass: 'abusive-content', rsitType: 'spam' } });
    const casewire = await world.open();
    try {
      expect((await casewire.status()).uncategorised.types).toEqual([]);
      const lacks = (await world.drive(casewire.check())).filter(({ paste }) => paste);
      expect(lacks.map(({ paste }) => paste)).toEqual([['Abusive Content', '  Spam']]);
    } finally {
      await casewire.close();
    }
  });
});
