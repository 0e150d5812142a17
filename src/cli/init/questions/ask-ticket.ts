import { SEVERITIES, type Severity } from '../../../domain/alert.ts';
import { EdgeFailure } from '../../../domain/failure.ts';
import { nearest } from '../../../domain/nearest.ts';
import type {
  CreateScreen,
  SiteSurvey,
  SurveyedIssueType,
  SurveyedOption,
  SurveyedProject,
} from '../../../tracker/site-survey.ts';
import { UsageError } from '../../usage-error.ts';
import type { TicketAnswer } from '../answers.ts';
import { inTwo } from '../init-flags.ts';
import { nameFor } from '../proposals/name-for.ts';
import { type PriorityBySeverity, proposePriorities } from '../proposals/propose-priorities.ts';
import { askFields } from './ask-fields.ts';
import type { Interview } from './interview-parts.ts';

/** Asks how tickets are made, from what the project really offers. */
export async function askTicket(parts: Interview, survey: SiteSurvey): Promise<TicketAnswer> {
  const { project, types } = await askProject(parts, survey);
  const type = await askIssueType(parts, project, types);
  const screen = await survey.createScreen(project.key, type.id);
  const priority = await askPriorities(parts, screen);
  const { fields, unmapped } = await askFields(parts, screen, `${project.key} / ${type.name}`);
  return {
    project: project.key,
    projectName: project.name,
    issueType: nameFor(type, types),
    issueTypeName: type.name,
    priority,
    fields,
    unmapped,
  };
}

interface ProjectFound {
  project: SurveyedProject;
  types: readonly SurveyedIssueType[];
}

async function askProject({ flags, asker }: Interview, survey: SiteSurvey): Promise<ProjectFound> {
  const given = flags.project;
  if (given !== undefined) {
    const { projects } = await survey.projects(given);
    const project = projects.find(({ key }) => key.toLowerCase() === given.toLowerCase()) ?? { key: given, name: '' };
    const types = await survey.issueTypes(project.key);
    if (types && types.length > 0) return { project, types };
    throw new UsageError(
      `--project ${given}: there is no such project, or this account may not create issues in it`,
      'Check the key, and give the account Browse Projects and Create Issues there.',
    );
  }
  for (;;) {
    const project = await chooseProject(asker, survey);
    const types = await survey.issueTypes(project.key);
    if (types && types.length > 0) return { project, types };
    asker.say(
      'bad',
      `This account may not create issues in ${project.key}: give it Create Issues there, or take another`,
    );
  }
}

const SEARCH = 'search';

async function chooseProject(asker: Interview['asker'], survey: SiteSurvey): Promise<SurveyedProject> {
  for (let text = ''; ; ) {
    const { projects, more } = await survey.projects(text);
    if (projects.length === 0 && text === '')
      throw new EdgeFailure('unauthorised', 'this account sees no project in which it may create issues', {
        mend: 'give it Browse Projects and Create Issues in the project that takes the alerts',
      });
    if (projects.length === 0) asker.say('bad', `No project has "${text}" in its key or name`);
    const choices: { value: SurveyedProject | typeof SEARCH; label: string }[] = projects.map((project) => ({
      value: project,
      label: `${project.key}  ${project.name}`,
    }));
    if (more || text !== '') choices.push({ value: SEARCH, label: 'Search by key or name …' });
    const chosen =
      projects.length === 0
        ? SEARCH
        : await asker.choose({ flag: '--project', question: 'Which project takes the alerts?', choices });
    if (chosen !== SEARCH) return chosen;
    text = await asker.text({ flag: '--project', question: 'What is in its key or name?' });
  }
}

async function askIssueType(
  { flags, asker }: Interview,
  project: SurveyedProject,
  types: readonly SurveyedIssueType[],
): Promise<SurveyedIssueType> {
  const given = flags.issueType;
  if (given === undefined)
    return asker.choose({
      flag: '--issue-type',
      question: `Which type of issue of ${project.key}?`,
      choices: types.map((type) => ({ value: type, label: type.name })),
    });
  const found =
    types.find(({ name, id }) => name === given || id === given) ??
    types.find(({ name }) => name.toLowerCase() === given.toLowerCase());
  if (found) return found;
  throw unknown(`--issue-type ${given}`, given, types);
}

function unknown(flag: string, given: string, options: readonly SurveyedOption[]): UsageError {
  const names = options.map(({ name }) => name);
  const meant = nearest(given, names);
  const few = names.slice(0, 20).join(', ');
  return new UsageError(
    `${flag}: Jira has none of this name`,
    meant === undefined ? `There is: ${few}` : `Did you mean "${meant}"? There is: ${few}`,
  );
}

async function askPriorities({ flags, asker }: Interview, { priorities }: CreateScreen) {
  const written = (by: PriorityBySeverity): TicketAnswer['priority'] =>
    Object.fromEntries(Object.entries(by).map(([severity, option]) => [severity, nameFor(option, priorities)]));
  const proposal = { ...proposePriorities(priorities), ...prioritiesGiven(flags.priority ?? [], priorities) };
  const severities = SEVERITIES.filter((severity) => proposal[severity] !== undefined);
  if (severities.length === 0 || flags.priority !== undefined || !asker.canAnswer) return written(proposal);
  const told = severities.map((severity) => `${severity} → ${proposal[severity]?.name}`).join(', ');
  if (await asker.confirm({ flag: '--priority', question: `Priority by severity: ${told}. Good so?`, initial: true }))
    return written(proposal);
  const chosen: Partial<Record<Severity, SurveyedOption>> = {};
  for (const severity of SEVERITIES) {
    const option = await asker.choose<SurveyedOption | undefined>({
      flag: '--priority',
      question: `Priority of alerts of severity ${severity}`,
      choices: [
        ...priorities.map((priority) => ({ value: priority, label: priority.name })),
        { value: undefined, label: "The project's default" },
      ],
      initial: proposal[severity],
    });
    if (option) chosen[severity] = option;
  }
  return written(chosen);
}

function prioritiesGiven(
  given: readonly string[],
  priorities: readonly SurveyedOption[],
): Partial<Record<Severity, SurveyedOption>> {
  const pairs = given.map((one) => {
    const [severity = '', name = ''] = inTwo(one) ?? [];
    if (!SEVERITIES.includes(severity as Severity))
      throw new UsageError(`--priority ${one}: write SEVERITY=NAME`, `Severities: ${SEVERITIES.join(', ')}`);
    const option = priorities.find((priority) => priority.name.toLowerCase() === name.toLowerCase());
    if (!option) throw unknown(`--priority ${one}`, name, priorities);
    return [severity, option] as const;
  });
  return Object.fromEntries(pairs);
}
