import { Bell } from '../bell.ts';
import { drain } from '../drain.ts';
import { examineOnce } from '../examine.ts';
import type { TenantPass } from '../pass-parts.ts';
import { attachGroups } from './attach-groups.ts';

/** Groups that came to nothing send their alerts back into the queue, where they open new ones; this many times a pass. */
const MOST_ROUNDS = 5;

/** Lists a tenant's grouped alerts on the issues of their groups, and opens new groups for those that came to nothing. */
export async function finishGroups(pass: TenantPass): Promise<void> {
  for (let round = 0; round < MOST_ROUNDS && !pass.signal.aborted; round++) {
    const freed = await attachGroups(pass);
    if (freed === 0) return;
    await drain(pass, { bell: new Bell(), ended: true }, examineOnce(pass));
  }
}
