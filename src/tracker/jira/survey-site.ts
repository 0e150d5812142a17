import { EdgeFailure } from '../../domain/failure.ts';
import { Admission } from '../../http/admission.ts';
import type { CreateScreen, SiteSurvey, SurveyedField, SurveyedOption, SurveyedProject } from '../site-survey.ts';
import { readCreateFields, readIssueTypes } from './create/create-meta.ts';
import { type FieldMeta, type FieldOption, kindOf, nameOf } from './create/issue-fields.ts';
import { fieldsNamed } from './examine.ts';
import { JiraClient, type JiraParts, type JiraWire } from './jira-client.ts';

export interface SurveyDialect {
  edition: 'cloud' | 'datacenter';
  wire: JiraWire;
  projects: ProjectSearch;
}

/** Projects whose key or name holds a text. */
export type ProjectSearch = (
  client: JiraClient,
  text: string,
) => Promise<{ projects: readonly SurveyedProject[]; more: boolean }>;

/** What every ticket fills, and what Jira fills itself. */
const FILLED = new Set(['summary', 'description', 'project', 'issuetype', 'labels', 'reporter', 'priority']);

/** The survey of a Jira site, whichever edition speaks through `dialect`. */
export function jiraSurvey(parts: JiraParts, dialect: SurveyDialect): SiteSurvey {
  const client = new JiraClient(parts, dialect.wire, new Admission(parts.clock));
  return {
    async signIn() {
      const { says } = await client.account.ask().catch((error: unknown) => {
        throw explained(error, dialect.edition);
      });
      await refuseOtherEdition(client, dialect.edition);
      return says;
    },
    projects: (text) => dialect.projects(client, text.trim()),
    async issueTypes(project) {
      const types = await readIssueTypes(client, project);
      if (!types || types.length === 0) return undefined;
      // A sub-task needs a parent, which no ticket has.
      return types.flatMap((type) =>
        type.id === undefined || type.subtask ? [] : [{ id: type.id, name: nameOf(type) }],
      );
    },
    createScreen: async (project, typeId) => toScreen(await readCreateFields(client, project, typeId)),
  };
}

async function refuseOtherEdition(client: JiraClient, edition: SurveyDialect['edition']): Promise<void> {
  const info = await client.read<{ deploymentType?: string }>('/serverInfo');
  const told = info?.deploymentType;
  if (told === undefined || (told.toLowerCase() === 'cloud') === (edition === 'cloud')) return;
  const right = told.toLowerCase() === 'cloud' ? 'cloud' : 'datacenter';
  throw new EdgeFailure('refused', `Jira at ${client.parts.site.url} says that it is ${told}, not ${edition}`, {
    mend: `choose the edition ${right}`,
  });
}

/** What is answered 404 has no such API: another edition, or a context path left out. */
function explained(error: unknown, edition: SurveyDialect['edition']): unknown {
  if (!(error instanceof EdgeFailure) || error.details.status !== 404) return error;
  return new EdgeFailure('refused', error.message, {
    ...error.details,
    mend: `check the url, its context path included, and whether this is Jira of edition ${edition}`,
  });
}

function toScreen(metas: readonly FieldMeta[]): CreateScreen {
  const priority = metas.find(({ id }) => id === 'priority');
  return {
    fields: metas.filter(({ id }) => !FILLED.has(id)).map((meta) => toField(meta, metas)),
    priorities: (priority?.allowedValues ?? []).filter(({ disabled }) => !disabled).flatMap(toOption),
  };
}

function toField(meta: FieldMeta, screen: readonly FieldMeta[]): SurveyedField {
  const { id, name, required, hasDefaultValue, allowedValues } = meta;
  const kind = kindOf(meta);
  return {
    id,
    name,
    key: fieldsNamed(screen, name).length === 1 ? name : id,
    kind,
    required: required && !hasDefaultValue,
    ...(allowedValues ? { options: optionsOf(allowedValues, kind === 'cascading-select') } : {}),
  };
}

function optionsOf(values: readonly FieldOption[], cascading: boolean): SurveyedOption[] {
  const open = values.filter(({ disabled }) => !disabled);
  if (!cascading) return open.flatMap(toOption);
  return open.flatMap((parent) => [
    ...toOption(parent),
    ...(parent.children ?? []).flatMap(toOption).map(({ id, name }) => ({
      id: `${parent.id ?? nameOf(parent)} > ${id}`,
      name: `${nameOf(parent)} > ${name}`,
    })),
  ]);
}

function toOption(option: FieldOption): SurveyedOption[] {
  const name = nameOf(option);
  return name === '' ? [] : [{ id: option.id ?? name, name }];
}
