import type { ServiceConfig } from './config.ts';
import { isLoopback } from './loopback.ts';
import type { Problems } from './problems.ts';
import type { Loose } from './schema.ts';
import type { ServiceSettings } from './service-schema.ts';

/** Makes what `service:` says. As long as nobody signs in, it listens for this machine alone. */
export function toService(settings: Loose<ServiceSettings>, problems: Problems): ServiceConfig {
  const { publicUrl, webhookSecret, silenceAfter } = settings;
  const { host = '127.0.0.1', port = 0 } = settings.listen ?? {};
  if (!isLoopback(host))
    problems.add({
      key: 'service.listen',
      says: `${host} is reached from other machines, for which auth is required; auth is not built yet`,
      mend: 'write 127.0.0.1, and put your TLS proxy on this machine in front of it',
    });
  return {
    listen: { host, port },
    ...(publicUrl === undefined ? {} : { publicUrl }),
    ...(webhookSecret === undefined ? {} : { webhookSecret }),
    silenceAfterMs: silenceAfter ?? 0,
  };
}
