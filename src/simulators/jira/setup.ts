import { CATEGORY_OPTIONS } from './category-options.ts';

/** The types of field that the simulated Jira knows; the words are the suffixes of Jira's own custom field types. */
export type FieldType =
  | 'textfield'
  | 'textarea'
  | 'url'
  | 'select'
  | 'radiobuttons'
  | 'multiselect'
  | 'multicheckboxes'
  | 'labels'
  | 'float'
  | 'datepicker'
  | 'datetime'
  | 'userpicker'
  | 'multiuserpicker'
  | 'cascadingselect'
  | 'summary'
  | 'priority'
  | 'components';

export interface FieldSetup {
  /** `customfield_10107`, or a system field's own id. */
  id: string;
  name: string;
  type: FieldType;
  /** The choices of a select; a cascading select's have children. */
  options?: readonly (string | { value: string; children: readonly string[] })[];
}

export interface IssueTypeSetup {
  name: string;
  id?: string;
  /** Ids of the fields on the create screen besides project and issue type. */
  screen: readonly string[];
  /** Ids of those that must be filled; the summary always must. */
  required?: readonly string[];
}

export interface ProjectSetup {
  key: string;
  name: string;
  issueTypes: readonly IssueTypeSetup[];
  components?: readonly string[];
}

export interface JiraSetup {
  /** Custom fields; several may share one name. */
  fields: readonly FieldSetup[];
  projects: readonly ProjectSetup[];
  /** From the highest down. */
  priorities?: readonly string[];
}

export const PRIORITIES = ['Highest', 'High', 'Medium', 'Low', 'Lowest'] as const;

/** Fields that every site has. */
export const SYSTEM_FIELDS: readonly FieldSetup[] = [
  { id: 'summary', name: 'Summary', type: 'summary' },
  { id: 'description', name: 'Description', type: 'textarea' },
  { id: 'environment', name: 'Environment', type: 'textarea' },
  { id: 'priority', name: 'Priority', type: 'priority' },
  { id: 'labels', name: 'Labels', type: 'labels' },
  { id: 'components', name: 'Components', type: 'components' },
  { id: 'assignee', name: 'Assignee', type: 'userpicker' },
  { id: 'reporter', name: 'Reporter', type: 'userpicker' },
  { id: 'duedate', name: 'Due date', type: 'datepicker' },
];

const USUAL = ['summary', 'description', 'priority', 'labels', 'components', 'assignee', 'duedate'];

/**
 * A help desk as a SOC has one: project SOC with the issue types `IT Help` and `Task`, a second project FAB, one custom
 * field of every type, and two fields that share the name `Team`.
 */
export const DEFAULT_SETUP: JiraSetup = {
  fields: [
    { id: 'customfield_10107', name: 'Alert URI', type: 'url' },
    { id: 'customfield_10108', name: 'Affected User', type: 'textfield' },
    { id: 'customfield_10109', name: 'IP Report', type: 'textarea' },
    { id: 'customfield_10110', name: 'Alert title', type: 'textfield' },
    { id: 'customfield_10111', name: 'Alert description', type: 'textarea' },
    { id: 'customfield_10112', name: 'Alert IPs', type: 'textfield' },
    { id: 'customfield_10120', name: 'Customer', type: 'select', options: ['contoso', 'fabrikam', 'northwind'] },
    { id: 'customfield_10121', name: 'Surfaces', type: 'multiselect', options: ['Mail', 'Files', 'Identity'] },
    { id: 'customfield_10122', name: 'Tags', type: 'labels' },
    { id: 'customfield_10123', name: 'Abuse score', type: 'float' },
    { id: 'customfield_10124', name: 'Raised on', type: 'datepicker' },
    { id: 'customfield_10125', name: 'Raised at', type: 'datetime' },
    { id: 'customfield_10126', name: 'Analyst', type: 'userpicker' },
    {
      id: 'customfield_10127',
      name: 'Category',
      type: 'cascadingselect',
      options: [
        { value: 'Intrusion', children: ['Account', 'Application'] },
        { value: 'Fraud', children: ['Phishing'] },
      ],
    },
    { id: 'customfield_10128', name: 'Incident category', type: 'cascadingselect', options: CATEGORY_OPTIONS },
    { id: 'customfield_10129', name: 'Techniques', type: 'labels' },
    { id: 'customfield_10130', name: 'Team', type: 'textfield' },
    { id: 'customfield_10131', name: 'Team', type: 'textfield' },
    { id: 'customfield_10132', name: 'Off screen', type: 'textfield' },
  ],
  projects: [
    {
      key: 'SOC',
      name: 'Security Operations',
      components: ['Cloud', 'Endpoint'],
      issueTypes: [
        {
          name: 'IT Help',
          screen: [
            ...USUAL,
            ...[
              '07',
              '08',
              '09',
              '10',
              '11',
              '12',
              '20',
              '21',
              '22',
              '23',
              '24',
              '25',
              '26',
              '27',
              '28',
              '29',
              '30',
              '31',
            ].map((number) => `customfield_101${number}`),
          ],
        },
        { name: 'Task', screen: USUAL },
      ],
    },
    { key: 'FAB', name: 'Fabrikam', issueTypes: [{ name: 'IT Help', screen: [...USUAL, 'customfield_10107'] }] },
  ],
};
