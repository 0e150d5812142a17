import { EdgeFailure } from '../../domain/failure.ts';
import type { JiraParts } from '../jira/jira-client.ts';
import { jiraSurvey, type ProjectSearch } from '../jira/survey-site.ts';
import type { SiteSurvey, SurveyedProject } from '../site-survey.ts';
import { datacenterWire } from './jira-datacenter-tracker.ts';

/** The survey of a site of Jira Data Center or Server, REST API v2. */
export function jiraDatacenterSurvey(parts: JiraParts): SiteSurvey {
  return jiraSurvey(parts, { edition: 'datacenter', wire: datacenterWire, projects: searchProjects });
}

/** More than a person looks through; the text narrows them down. */
const MOST = 50;

/** The list comes whole, with every project that the account may browse (Jira Data Center REST API v2, "project"). */
const searchProjects: ProjectSearch = async (client, text) => {
  const all = await client.read<SurveyedProject[]>('/project');
  if (!Array.isArray(all)) throw new EdgeFailure('malformed', 'Jira answered without a list of projects');
  const part = text.toLowerCase();
  const found = all
    .map(({ key, name }) => ({ key, name }))
    .filter(({ key, name }) => key.toLowerCase().includes(part) || name.toLowerCase().includes(part))
    .toSorted((a, b) => (a.key < b.key ? -1 : 1));
  return { projects: found.slice(0, MOST), more: found.length > MOST };
};
