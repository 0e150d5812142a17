import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HandClock } from '../../../test/hand-clock.ts';
import type { ServiceConfig } from '../../config/config.ts';
import { HttpClient } from '../../http/http-client.ts';
import { Meter } from '../../observe/meter.ts';
import { Redactor } from '../../observe/redact.ts';
import { type OidcSim, startOidcSim } from '../../simulators/oidc-sim.ts';
import { checkSignIn } from './check-sign-in.ts';

describe('the check of the sign-in', () => {
  const clock = new HandClock();
  const asked: HttpClient[] = [];
  let provider: OidcSim;

  beforeEach(async () => {
    provider = await startOidcSim({ clock, clientId: 'casewire', clientSecret: 'very-secret', people: [] });
  });
  afterEach(async () => {
    await Promise.all(asked.splice(0).map((http) => http.close()));
    await provider.stop();
  });

  function check(issuer: string, more: Partial<ServiceConfig> = {}) {
    const auth = { issuer, clientId: 'casewire', clientSecret: 'very-secret', viewers: [], operators: ['leads'] };
    const service = { listen: { host: '127.0.0.1', port: 8484 }, silenceAfterMs: 0, auth, ...more };
    return checkSignIn({ service }, (url) => {
      const { origin } = new URL(url);
      const http = new HttpClient({
        service: 'the sign-in',
        origin,
        clock,
        meter: new Meter(),
        redactor: new Redactor(),
        connections: 1,
      });
      asked.push(http);
      return http;
    });
  }

  it('says which redirect address the provider has to know', async () => {
    expect(await check(provider.issuer, { publicUrl: 'https://casewire.contoso.example' })).toEqual([
      {
        subject: 'sign-in',
        level: 'ok',
        says: `${provider.issuer} is there; client casewire has to have the redirect address https://casewire.contoso.example/sign-in/back`,
      },
    ]);
  });

  it('warns of an address for others where nobody signs in', async () => {
    const service = { listen: { host: '127.0.0.1', port: 8484 }, silenceAfterMs: 0 };
    const nobody = () => ({ send: () => Promise.reject(new Error('asked')) });
    expect(
      await checkSignIn({ service: { ...service, publicUrl: 'https://casewire.contoso.example' } }, nobody),
    ).toEqual([
      expect.objectContaining({ subject: 'sign-in', level: 'warning', mend: expect.stringContaining('service.auth') }),
    ]);
  });

  it('finds another issuer than the one that is named', async () => {
    expect(await check(`${provider.issuer}/`)).toMatchObject([
      { level: 'error', says: expect.stringContaining(`says that it is ${provider.issuer}`), mend: expect.any(String) },
    ]);
  });

  it('says when nobody answers there', async () => {
    const { issuer } = provider;
    await provider.stop();
    const [line] = await check(issuer);
    expect(line).toMatchObject({ level: 'error', says: expect.stringContaining('nobody can sign in to the console') });
    expect(JSON.stringify(line)).not.toContain('very-secret');
    await provider.listen();
  });

  it('has nothing to say where nobody signs in', async () => {
    const service = { listen: { host: '127.0.0.1', port: 8484 }, silenceAfterMs: 0 };
    expect(await checkSignIn({ service }, () => ({ send: () => Promise.reject(new Error('asked')) }))).toEqual([]);
  });
});
