import type { Answers } from '../answers.ts';
import type { Interview } from './interview-parts.ts';
import { sayFaults, sayRefusals } from './say-fault.ts';

/** Whether addresses are looked up at AbuseIPDB, with a key that was tried. Not asked where nobody can be. */
export async function askAbuseIpDb(
  parts: Interview,
  besides: Omit<Answers, 'abuseipdb'>,
): Promise<Answers['abuseipdb']> {
  const { asker, flags, secrets } = parts;
  const url = flags.abuseipdbUrl === undefined ? {} : { url: flags.abuseipdbUrl };
  if (flags.abuseipdbKeyFrom !== undefined)
    return { key: secrets.placeOf('--abuseipdb-key-from', flags.abuseipdbKeyFrom), ...url };
  const flag = '--abuseipdb-key-from';
  if (!asker.canAnswer) {
    asker.say('plain', `No address will be looked up at AbuseIPDB: no ${flag}`);
    return undefined;
  }
  let again = await asker.confirm({
    flag,
    question: 'Look up IP addresses at AbuseIPDB? (needs a key)',
    initial: true,
  });
  while (again) {
    const key = await secrets.ask(asker, {
      flag,
      question: 'AbuseIPDB API key (abuseipdb.com, Account, API)',
      variable: 'ABUSEIPDB_KEY',
    });
    const fault = await tryKey(parts, { ...besides, abuseipdb: { key, ...url } });
    if (fault === undefined) {
      asker.say('good', 'AbuseIPDB accepts the key');
      return { key, ...url };
    }
    asker.say('bad', fault);
    secrets.forget(key);
    again = await asker.confirm({ flag, question: 'Give another key? (No: do without look-ups)', initial: true });
  }
  return undefined;
}

async function tryKey({ load, check }: Interview, answers: Answers): Promise<string | undefined> {
  const loaded = await load(answers);
  if ('problems' in loaded) return sayRefusals(loaded.problems);
  return sayFaults(await check({ ...loaded.config, sites: [], tenants: [] }));
}
