import type { OpenIntent, SiteId } from '../../domain/ticket.ts';
import { Admission } from '../../http/admission.ts';
import type { IssueKeeper } from '../issue-keeper.ts';
import type { IssueMover } from '../issue-mover.ts';
import type { IssueWatch } from '../issue-watch.ts';
import type { RouteNeeds, RouteProblem, Tracker } from '../tracker.ts';
import { checkSite } from './check-site.ts';
import { Create } from './create/create.ts';
import type { BodyDialect } from './create/issue-body.ts';
import { RouteMetadataCache } from './create/route-metadata.ts';
import { examineRoute } from './examine.ts';
import { IssueFinder, type IssueReads } from './find/find-issues.ts';
import { JiraWatch, type WatchReads } from './find/watch-issues.ts';
import { JiraClient, type JiraParts, type JiraWire } from './jira-client.ts';
import { transitionWarnings } from './keep/check-transition.ts';
import { jiraKeeper } from './keep/keep-issues.ts';
import { jiraMover } from './keep/move-issues.ts';
import { People, type PeopleWire } from './people.ts';

/** All that the two editions do differently. */
export interface JiraDialect {
  edition: 'cloud' | 'datacenter';
  wire: JiraWire;
  people: PeopleWire;
  reads: IssueReads;
  body: Omit<BodyDialect, 'user'>;
  /** Query of a create. */
  createQuery: string;
  watch: WatchReads;
}

/** All ports on one site: they share its credentials, its metadata and its patience. */
export interface JiraPorts extends Tracker {
  readonly keeper: IssueKeeper;
  readonly watch: IssueWatch;
  readonly mover: IssueMover;
}

/** The ports on a Jira site, whichever edition speaks through `dialect`. */
export function jiraTracker(parts: JiraParts, dialect: JiraDialect): JiraPorts {
  const admission = new Admission(parts.clock);
  const client = new JiraClient(parts, dialect.wire, admission);
  const routes = new RouteMetadataCache(client);
  const people = new People(client, dialect.people);
  const finder = new IssueFinder(client, dialect.reads);
  const nobody: BodyDialect = { ...dialect.body, user: () => undefined };
  const examine = async (needs: RouteNeeds) => [
    ...(await examineRoute(client, routes, { needs, dialect: nobody })),
    ...(await assigneeWarnings(people, needs)),
    ...(await transitionWarnings(client, needs)),
  ];
  const hasLabels = async ({ route }: OpenIntent) => {
    const { route: found } = await routes.load(route);
    return 'says' in found || found.fields.some(({ id }) => id === 'labels');
  };
  return {
    site: parts.site.site as SiteId,
    check: (needs) => checkSite(client, dialect.edition, { needs, examine }),
    examine,
    turn: (tenant, patienceMs) => admission.turn(tenant, patienceMs),
    create: (draft) => new Create({ client, routes, people, dialect }, draft).send(),
    lookFor: (intents) => finder.lookFor(intents, hasLabels),
    findExisting: (ask) => finder.findExisting(ask),
    keeper: jiraKeeper({ client, routes, richText: dialect.body.description }),
    watch: new JiraWatch(client, dialect.watch),
    mover: jiraMover({ client, people, dialect }),
  };
}

/** An assignee is not worth a ticket: one who is not found is told, and left out. */
async function assigneeWarnings(people: People, { assignee }: RouteNeeds): Promise<readonly RouteProblem[]> {
  if (assignee === undefined || (await people.find([assignee])).size > 0) return [];
  return [
    {
      level: 'warning',
      says: `no Jira user is found by "${assignee}", or more than one; issues are not assigned`,
      mend: 'name one by address or id, and give this account the permission to browse users',
    },
  ];
}
