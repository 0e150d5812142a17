import { EdgeFailure } from '../../domain/failure.ts';
import type { JiraParts } from '../jira/jira-client.ts';
import { jiraSurvey, type ProjectSearch } from '../jira/survey-site.ts';
import type { SiteSurvey, SurveyedProject } from '../site-survey.ts';
import { cloudWire } from './jira-cloud-tracker.ts';

/** The survey of a site of Jira Cloud, REST API v3. */
export function jiraCloudSurvey(parts: JiraParts): SiteSurvey {
  return jiraSurvey(parts, { edition: 'cloud', wire: cloudWire, projects: searchProjects });
}

/** More than a person looks through; the text narrows them down. At most 100 a page (REST API v3, "Get projects paginated"). */
const MOST = 50;

const searchProjects: ProjectSearch = async (client, text) => {
  const query = text === '' ? '' : `&query=${encodeURIComponent(text)}`;
  const page = await client.read<{ values?: SurveyedProject[]; isLast?: boolean; total?: number }>(
    `/project/search?action=create&orderBy=key&maxResults=${MOST}${query}`,
  );
  if (!Array.isArray(page?.values)) throw new EdgeFailure('malformed', 'Jira answered without a list of projects');
  const projects = page.values.map(({ key, name }) => ({ key, name }));
  return { projects, more: page.isLast === false };
};
