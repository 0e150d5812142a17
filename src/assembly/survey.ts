import type { JiraAuth } from '../config/config.ts';
import type { SiteId } from '../domain/ticket.ts';
import type { Clock } from '../domain/time.ts';
import { HttpClient } from '../http/http-client.ts';
import { Meter } from '../observe/meter.ts';
import type { Redactor } from '../observe/redact.ts';
import type { JiraParts } from '../tracker/jira/jira-client.ts';
import { jiraCloudSurvey } from '../tracker/jira-cloud/jira-cloud-survey.ts';
import { jiraDatacenterSurvey } from '../tracker/jira-datacenter/jira-datacenter-survey.ts';
import type { SiteSurvey } from '../tracker/site-survey.ts';

/** A site as a person names it who has no configuration yet. */
export interface SiteAddress {
  edition: 'cloud' | 'datacenter';
  /** No trailing slash. */
  url: string;
  auth: JiraAuth;
}

export interface SurveyParts {
  clock: Clock;
  /** A number in [0, 1), for jitter. */
  random: () => number;
  redactor: Redactor;
}

/** Most connections to the site at once: a person asks one thing after the other. */
const CONNECTIONS = 2;

/** Opens the survey of a site; nothing that the site says outlives it. */
export function openSurvey(
  { edition, url, auth }: SiteAddress,
  { clock, random, redactor }: SurveyParts,
): { survey: SiteSurvey; close(): Promise<void> } {
  const { origin } = new URL(url);
  const http = new HttpClient({
    service: 'Jira',
    origin,
    clock,
    meter: new Meter(),
    redactor,
    connections: CONNECTIONS,
  });
  const parts: JiraParts = {
    site: { site: 'default' as SiteId, url, auth },
    http,
    clock,
    metadata: { load: async () => undefined, store: async () => {} },
    random,
  };
  return {
    survey: edition === 'cloud' ? jiraCloudSurvey(parts) : jiraDatacenterSurvey(parts),
    close: () => http.close(),
  };
}
