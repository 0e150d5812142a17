import { userInfo } from 'node:os';
import { type DedupKey, toAlertId } from '../../domain/alert.ts';
import { nameSome } from '../../domain/name-some.ts';
import { nearest } from '../../domain/nearest.ts';
import type { HeldAlert } from '../../domain/outcome.ts';
import { clean } from '../../domain/text/clean.ts';
import type { Cli } from '../cli.ts';
import { EXIT } from '../exit-code.ts';
import { withCasewire } from '../open.ts';
import { count, sayTitle } from '../render/alert-words.ts';
import { renderHeld } from '../render/render-held.ts';
import type { JsonFlags } from '../table/flags.ts';
import type { DropFlags } from '../table/held-commands.ts';
import { toJson } from '../text/json.ts';
import { UsageError } from '../usage-error.ts';

export async function heldList(this: Cli, { json }: JsonFlags): Promise<void> {
  const held = await withCasewire(this, (casewire) => casewire.held(), 'if there');
  if (json) return this.stdout.write(`${toJson({ command: 'held', held })}\n`);
  this.stdout.writeLines(renderHeld(held, this.stdout.paper(), this.clock.now()));
}

export async function heldRetry(this: Cli, { json }: JsonFlags, ...ids: string[]): Promise<void> {
  const { asked, put } = await withCasewire(this, async (casewire) => {
    const held = await casewire.held();
    const asked = ids.length === 0 ? held.map(({ key }) => key) : ids.map((id) => heldNamed(held, id).key);
    if (asked.length === 0) return { asked, put: [] };
    const act = { ...typed('retry held alerts'), subject: ids.length === 0 ? 'all' : nameSome(asked) };
    const says = (put: readonly DedupKey[]) => `${count(put.length, 'alert')} back in the queue`;
    return { asked, put: await casewire.onRecord(act, () => casewire.retryHeld(asked), says) };
  });
  const left = asked.filter((key) => !put.includes(key));
  this.exitCode = left.length > 0 ? EXIT.unfinished : EXIT.well;
  if (json) return this.stdout.write(`${toJson({ command: 'held retry', retried: put, stillHeld: left })}\n`);
  if (asked.length === 0) return this.stdout.write('Nothing is held.\n');
  const them = put.length === 1 ? 'it' : 'them';
  this.stdout.writeLines([
    ...put.map((key) => `back in the queue ${clean(key)}`),
    ...left.map((key) => `still held ${clean(key)}: casewire held says why`),
    `${count(put.length, 'alert')} back in the queue; the next run takes ${them} up, whatever the hourly limit.`,
  ]);
}

export async function heldDrop(this: Cli, { why, json }: DropFlags, ...ids: string[]): Promise<void> {
  const { dropped, left } = await withCasewire(this, async (casewire) => {
    const held = await casewire.held();
    // Each name is looked up before the first alert is dropped: a mistyped one changes nothing.
    const named = [...new Map(ids.map((id) => heldNamed(held, id)).map((alert) => [alert.key, alert])).values()];
    const dropped: HeldAlert[] = [];
    for (const alert of named) {
      const act = { ...typed('drop a held alert'), subject: alert.key, detail: why };
      const says = (done: boolean) => (done ? 'dropped' : 'it is no longer held; nothing was changed');
      if (await casewire.onRecord(act, () => casewire.dropHeld(alert.key, why), says)) dropped.push(alert);
    }
    return { dropped, left: named.filter((alert) => !dropped.includes(alert)).map(({ key }) => key) };
  });
  this.exitCode = left.length > 0 ? EXIT.unfinished : EXIT.well;
  const keys = dropped.map(({ key }) => key);
  if (json) return this.stdout.write(`${toJson({ command: 'held drop', dropped: keys, notHeld: left, why })}\n`);
  this.stdout.writeLines([
    ...dropped.map(({ key, title }) => `dropped ${clean(key)} "${sayTitle(title)}": ${clean(why)}`),
    ...left.map((key) => `${clean(key)} is no longer held; nothing was changed`),
  ]);
}

/** What the record says of a command: which account of this machine typed it. */
function typed(what: string): { who: string; what: string } {
  return { who: `cli: ${accountName()}`, what };
}

/** A user that has no name, as in a container, is known by its number. */
function accountName(): string {
  try {
    return userInfo().username;
  } catch {
    return `user ${process.getuid?.() ?? 'unknown'}`;
  }
}

function heldNamed(held: readonly HeldAlert[], id: string): HeldAlert {
  const slash = id.indexOf('/');
  const alertId = toAlertId(id.slice(slash + 1));
  const key = (slash < 0 ? alertId : `${id.slice(0, slash)}/${alertId}`) as DedupKey;
  const found = held.filter((alert) => alert.key === key || (slash < 0 && alert.alertId === alertId));
  if (found[0] !== undefined && found.length === 1) return found[0];
  if (found.length > 1) {
    const keys = found.map((alert) => clean(alert.key)).join(', ');
    throw new UsageError(`"${clean(id)}" is held in more than one tenant: name one of ${keys}`);
  }
  const meant = nearest(key, slash < 0 ? held.map((alert) => alert.alertId) : held.map((alert) => alert.key));
  const rather = meant === undefined ? 'casewire held lists what is' : `did you mean ${clean(meant)}?`;
  throw new UsageError(`"${clean(id)}" is not held; ${rather}`);
}
