import type { ConsoleAuth, ServiceConfig } from '../config.ts';
import { isLoopback } from '../loopback.ts';
import type { Problems } from '../problems.ts';
import type { Loose } from '../shape/schema.ts';
import type { ServiceSettings } from '../shape/service-schema.ts';

type Settings = Loose<ServiceSettings>;

/** Makes what `service:` says. As long as nobody signs in, it listens for this machine alone. */
export function toService(settings: Settings, problems: Problems): ServiceConfig {
  const { publicUrl, webhookSecret, silenceAfter } = settings;
  const { host = '127.0.0.1', port = 0 } = settings.listen ?? {};
  if (!isLoopback(host)) checkReach(host, settings, problems);
  const auth = settings.auth && toAuth(settings.auth, settings, problems);
  return {
    listen: { host, port },
    ...(publicUrl === undefined ? {} : { publicUrl }),
    ...(auth === undefined ? {} : { auth }),
    ...(webhookSecret === undefined ? {} : { webhookSecret }),
    silenceAfterMs: silenceAfter ?? 0,
  };
}

/** What listening beyond this machine takes. */
function checkReach(host: string, settings: Settings, problems: Problems): void {
  if (!('auth' in settings))
    problems.add({
      key: 'service.listen',
      says: `${host} is reached from other machines, for which people have to sign in; auth is missing`,
      mend: 'give service.auth, or write 127.0.0.1, and put your TLS proxy on this machine in front of it',
    });
  else if (!('publicUrl' in settings))
    problems.add({
      key: 'service.publicUrl',
      says: `is missing: where people come back to after the sign-in cannot be told from ${host}`,
      mend: 'give the https address that people type, such as https://casewire.acme.example',
    });
}

/** Entra's addresses that stand for all organisations; whoever has an account anywhere could sign in. */
const ANYBODYS = /^https:\/\/login\.[^/]+\/(common|organizations|consumers)(\/|$)/i;

function toAuth(auth: NonNullable<Settings['auth']>, settings: Settings, problems: Problems): ConsoleAuth | undefined {
  const { issuer, clientId, clientSecret, viewers = [], operators = [] } = auth;
  const refuse = (key: string, says: string, mend: string) => problems.add({ key: `service.${key}`, says, mend });
  if (issuer !== undefined && ANYBODYS.test(issuer))
    refuse('auth.issuer', 'lets accounts of every organisation sign in', 'write your tenant id in its place');
  if (auth.viewers?.length === 0 && auth.operators?.length === 0)
    refuse('auth', 'lets nobody in', 'name groups or roles under viewers, operators or both');
  const { publicUrl } = settings;
  if (publicUrl !== undefined && URL.parse(publicUrl)?.pathname !== '/')
    refuse('publicUrl', 'has a path, and the console needs a host name of its own', 'leave the path out');
  if (issuer === undefined || clientId === undefined || clientSecret === undefined) return undefined;
  return { issuer, clientId, clientSecret, viewers: known(viewers), operators: known(operators) };
}

function known(names: readonly (string | undefined)[]): readonly string[] {
  return names.flatMap((name) => name ?? []);
}
