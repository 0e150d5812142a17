import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TrackerScene } from '../tracker-scene.ts';

const NOW = 'jira-token-1';

describe.each(['cloud', 'datacenter'] as const)('a token of Jira %s that is replaced where it is kept', (edition) => {
  let scene: TrackerScene;

  beforeEach(async () => {
    scene = await TrackerScene.start(edition);
  });
  afterEach(async () => {
    expect(scene.sim.unexpected).toEqual([]);
    await scene.stop();
  });

  it('is taken up in the call that was refused, which is then made once', async () => {
    const asked: string[] = [];
    const newer = async (former: string) => {
      asked.push(former);
      return former === NOW ? undefined : NOW;
    };
    const tracker = scene.tracker({}, 'an-older-token', { newer });
    expect(await tracker.create(scene.draft('a1'))).toMatchObject({ outcome: 'created' });
    expect(scene.sim.issues()).toHaveLength(1);
    expect(asked).toEqual(['an-older-token']);
  });

  it('is refused as before where there is no other', async () => {
    const tracker = scene.tracker({}, 'an-older-token', { newer: async () => undefined });
    expect(await tracker.create(scene.draft('a1'))).toMatchObject({ outcome: 'unauthorised' });
    expect(scene.sim.issues()).toEqual([]);
  });
});
