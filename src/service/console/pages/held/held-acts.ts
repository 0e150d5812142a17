import { type DedupKey, tenantOfKey } from '../../../../domain/alert.ts';
import { clean } from '../../../../domain/text/clean.ts';
import type { Catalogue, CataloguePlace, HeldCause } from '../../../../ledger/catalogue/catalogue-port.ts';
import { type Act, type Ask, CannotDo, type Done } from '../../page.ts';
import { count } from '../parts/words.ts';
import { causeId } from './cause-card.ts';

/** Causes that are listed; a storm has one. */
export const MOST_CAUSES = 50;

/** Alerts put back or dropped in one step, and by one act. */
const AT_ONCE = 500;
const MOST_AT_ONCE = 10_000;

const MOST_WHY = 500;

/** The cause of this name, as long as anything is held for it. */
export async function causeNamed(catalogue: Catalogue, id: string): Promise<HeldCause | undefined> {
  const { causes } = await catalogue.causes({ most: Number.MAX_SAFE_INTEGER });
  return causes.find((cause) => causeId(cause) === id);
}

export const retryChosen: Act = {
  path: '/held/retry',
  may: 'act',
  says: (form) => ({ what: 'retry held alerts', subject: subjectOf(form) }),
  async run(ask, form) {
    const keys = chosen(form);
    return retried(ask, { keys, put: await put(ask, keys), back: backTo(form) });
  },
};

export const dropChosen: Act = {
  path: '/held/drop',
  may: 'act',
  says: (form) => ({ what: 'drop held alerts', subject: subjectOf(form), detail: form.get('why') ?? '' }),
  async run(ask, form) {
    const keys = chosen(form);
    const dropped = await drop(ask, keys, reasonIn(form));
    return told(ask, {
      back: backTo(form),
      done: dropped,
      of: keys.length,
      what: ['was dropped for good', 'were dropped for good'],
    });
  },
};

export const retryAll: Act = {
  path: '/held/:cause/retry',
  may: 'act',
  says: (_form, { cause }) => ({ what: 'retry all held alerts of a cause', subject: cause ?? '' }),
  async run(ask) {
    let asked = 0;
    let done = 0;
    for await (const keys of allOfCause(ask)) {
      asked += keys.length;
      done += (await put(ask, keys)).length;
    }
    return told(ask, { back: '/held', done, of: asked, what: AGAIN });
  },
};

export const dropAll: Act = {
  path: '/held/:cause/drop',
  may: 'act',
  says: (form, { cause }) => ({
    what: 'drop all held alerts of a cause',
    subject: cause ?? '',
    detail: form.get('why') ?? '',
  }),
  async run(ask, form) {
    const why = reasonIn(form);
    let asked = 0;
    let done = 0;
    for await (const keys of allOfCause(ask)) {
      asked += keys.length;
      done += await drop(ask, keys, why);
    }
    return told(ask, { back: '/held', done, of: asked, what: ['was dropped for good', 'were dropped for good'] });
  },
};

/** The keys of a cause, some at a time; those that stay held are passed by. */
async function* allOfCause({ parts, params }: Ask): AsyncGenerator<readonly DedupKey[]> {
  const { catalogue } = parts.atWork().ledger;
  const cause = await causeNamed(catalogue, params.cause ?? '');
  if (!cause) throw new CannotDo('Nothing is held for this cause any more: it was retried or dropped meanwhile.');
  let after: CataloguePlace | undefined;
  for (let read = 0; read < MOST_AT_ONCE; read += AT_ONCE) {
    const { alerts, next } = await catalogue.heldFor({ cause, most: AT_ONCE, ...(after ? { after } : {}) });
    if (alerts.length > 0) yield alerts.map(({ key }) => key);
    if (!next) return;
    after = next;
  }
}

async function put({ parts }: Ask, keys: readonly DedupKey[]): Promise<readonly DedupKey[]> {
  const { casewire, engine } = parts.atWork();
  const back = await casewire.retryHeld(keys);
  engine.takeUp([...new Set(back.map(tenantOfKey))]);
  return back;
}

async function drop({ parts }: Ask, keys: readonly DedupKey[], why: string): Promise<number> {
  const { casewire } = parts.atWork();
  let dropped = 0;
  for (const key of keys) if (await casewire.dropHeld(key, why)) dropped += 1;
  return dropped;
}

const AGAIN = ['is tried again', 'are tried again'] as const;

function retried(
  ask: Ask,
  { keys, put: back, back: to }: { keys: readonly DedupKey[]; put: readonly DedupKey[]; back: string },
): Done {
  return told(ask, { back: to, done: back.length, of: keys.length, what: AGAIN });
}

function told(
  { parts }: Ask,
  { back, done, of, what }: { back: string; done: number; of: number; what: readonly [string, string] },
): Done {
  parts.standings.forget();
  parts.live.changed(['overview', 'alerts', 'held', 'tenants']);
  const left = of - done;
  const rest =
    left === 0
      ? ''
      : `${done === 0 ? '' : ' '}${count(left, 'alert')} ${left === 1 ? 'was' : 'were'} not held any more, or cannot be read yet: somebody else was quicker, or a retry is of no use before an update.`;
  const says = done === 0 ? '' : `${count(done, 'alert')} ${done === 1 ? what[0] : what[1]}.`;
  return { to: back, says: `${says}${rest}` || 'Nothing was held any more.', mood: done === 0 ? 'bad' : 'good' };
}

function chosen(form: URLSearchParams): readonly DedupKey[] {
  const keys = [...new Set(form.getAll('key'))] as DedupKey[];
  if (keys.length === 0) throw new CannotDo('No alert was chosen; tick those that are meant.');
  return keys;
}

function reasonIn(form: URLSearchParams): string {
  const why = clean(form.get('why') ?? '').trim();
  if (why === '')
    throw new CannotDo(
      'A reason is needed to drop an alert: it is kept with it, for those who ask later. Nothing was dropped.',
    );
  return why.slice(0, MOST_WHY);
}

function subjectOf(form: URLSearchParams): string {
  const keys = form.getAll('key');
  return keys.length <= 3 ? keys.join(', ') : `${keys.slice(0, 3).join(', ')} and ${keys.length - 3} more`;
}

/** The list that the form stands in, as long as it is one. */
function backTo(form: URLSearchParams): string {
  const alert = form.get('alert');
  if (alert) return alert;
  return '/held';
}
