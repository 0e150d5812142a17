import type { CheckLine } from '../../domain/check.ts';
import { isEdgeFailure } from '../../domain/failure.ts';
import { MINUTE_MS, sayDuration } from '../../domain/time.ts';
import type { RouteNeeds, RouteProblem } from '../tracker.ts';
import type { JiraClient } from './jira-client.ts';
import { permissionsIn } from './permissions.ts';

export interface SiteCheck {
  needs: readonly RouteNeeds[];
  examine(needs: RouteNeeds): Promise<readonly RouteProblem[]>;
}

/** Permissions without which no issue can be made, and those that later steps of an issue's life ask for. */
const NEEDED = ['BROWSE_PROJECTS', 'CREATE_ISSUES'];
const USEFUL = ['EDIT_ISSUES', 'ADD_COMMENTS', 'TRANSITION_ISSUES', 'LINK_ISSUES'];

/** A clock that is off by more than this makes lost creates be given up too early or too late. */
const MOST_SKEW_MS = MINUTE_MS;

/** Looks at a site and its routes as a run would use them; one line per finding, troubles included. */
export async function checkSite(
  client: JiraClient,
  edition: 'cloud' | 'datacenter',
  { needs, examine }: SiteCheck,
): Promise<readonly CheckLine[]> {
  const subject = `jira ${client.parts.site.site}`;
  const lines: CheckLine[] = [];
  const step = async (work: () => Promise<void>) => {
    try {
      await work();
      return true;
    } catch (error) {
      if (!isEdgeFailure(error)) throw error;
      lines.push({
        subject,
        level: 'error',
        says: error.message,
        ...(error.details.mend ? { mend: error.details.mend } : {}),
      });
      return false;
    }
  };
  const known = await step(async () => {
    // What an earlier run learnt of the account says nothing of its credentials now.
    const { says } = await client.account.ask();
    lines.push({ subject, level: 'ok', says: `signed in as ${says}` });
  });
  if (!known) return lines;
  await step(async () => void lines.push(...(await serverLines(client, { subject, edition }))));
  for (const project of new Set(needs.map(({ route }) => route.project)))
    await step(async () => void lines.push(...(await permissionLines(client, { subject, project }))));
  for (const need of distinct(needs))
    await step(async () => {
      const problems = await examine(need);
      const { project, issueType } = need.route;
      lines.push(...problems.map((problem): CheckLine => ({ subject, ...problem })));
      if (!problems.some(({ level }) => level === 'error'))
        lines.push({
          subject,
          level: 'ok',
          says: `${project} / ${issueType}: ${need.fields.length} mapped fields fit the create screen`,
        });
    });
  return lines;
}

async function serverLines(
  client: JiraClient,
  { subject, edition }: { subject: string; edition: string },
): Promise<CheckLine[]> {
  const info = await client.read<{ deploymentType?: string; version?: string; serverTime?: string }>('/serverInfo');
  const lines: CheckLine[] = [];
  const { deploymentType, version, serverTime } = info ?? {};
  const isCloud = deploymentType?.toLowerCase() === 'cloud';
  if (deploymentType !== undefined && isCloud !== (edition === 'cloud'))
    lines.push({
      subject,
      level: 'error',
      says: `this site says it is ${deploymentType}, the configuration says ${edition}`,
      mend: `set edition: ${isCloud ? 'cloud' : 'datacenter'}`,
    });
  else
    lines.push({ subject, level: 'ok', says: `Jira ${deploymentType ?? edition} ${version ?? '(version not told)'}` });
  const skew = serverTime === undefined ? Number.NaN : Date.parse(serverTime) - client.parts.clock.now();
  if (Math.abs(skew) > MOST_SKEW_MS)
    lines.push({
      subject,
      level: 'warning',
      says: `this machine's clock and Jira's differ by ${sayDuration(Math.abs(skew))}`,
      mend: 'set this machine by NTP',
    });
  return lines;
}

async function permissionLines(
  client: JiraClient,
  { subject, project }: { subject: string; project: string },
): Promise<CheckLine[]> {
  const held = await permissionsIn(client, project, [...NEEDED, ...USEFUL]);
  if (!held)
    return [
      {
        subject,
        level: 'error',
        says: `project ${project} does not exist or cannot be seen by this account`,
        mend: 'check the project key, and give the account Browse Projects there',
      },
    ];
  const lacks = (level: 'error' | 'warning', names: readonly string[]): CheckLine[] => {
    const missing = names.filter((name) => !held.has(name));
    if (missing.length === 0) return [];
    const says = `in project ${project} this account lacks ${missing.join(', ')}`;
    return [
      { subject, level, says, mend: 'add the account to a role that has it in the permission scheme of the project' },
    ];
  };
  return [...lacks('error', NEEDED), ...lacks('warning', USEFUL)];
}

/** Routes that several tenants share are looked at once. */
function distinct(needs: readonly RouteNeeds[]): readonly RouteNeeds[] {
  return [...new Map(needs.map((need) => [JSON.stringify(need), need])).values()];
}
