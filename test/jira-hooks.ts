import { createHmac } from 'node:crypto';
import type { Serving } from './serving.ts';
import type { World } from './world.ts';

export const HOOK_SECRET = 'a-secret-of-thirty-two-characters';

/** Makes a configuration take webhooks that are signed with `HOOK_SECRET`; the file lies in the world's folder. */
export const WITH_HOOKS = `
service:
  listen: 127.0.0.1:0
  publicUrl: https://casewire.acme.example
  webhookSecret: \${file:hook-secret}
`;

let calls = 0;

export interface HookCall {
  body: string;
  identifier: string;
}

/** A call as Jira makes it when something of an issue has changed. */
export function hookCall(world: World, key: string, event = 'jira:issue_updated'): HookCall {
  const issue = world.scene.jira.issues().find((one) => one.key === key);
  if (!issue) throw new Error(`there is no issue ${key}`);
  const self = `${world.scene.jira.url}/rest/api/2/issue/${issue.id}`;
  const body = { timestamp: world.clock.now(), webhookEvent: event, issue: { id: issue.id, key, self, fields: {} } };
  return { body: JSON.stringify(body), identifier: `call-${++calls}` };
}

/** Sends a call to a running service; `secret` signs it, none leaves it unsigned. Answers the status. */
export async function sendHook(
  serving: Serving,
  { body, identifier }: HookCall,
  secret: string | undefined = HOOK_SECRET,
): Promise<number> {
  const [origin] = serving.events.flatMap((event) => (event.event === 'serving' ? [event.listens] : []));
  const headers: Record<string, string> = {
    'content-type': 'application/json; charset=UTF-8',
    'x-atlassian-webhook-identifier': identifier,
  };
  if (secret !== '') headers['x-hub-signature'] = `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
  const answer = await fetch(`${origin}/webhooks/jira`, { method: 'POST', headers, body });
  await answer.text();
  return answer.status;
}
