/** A project in which tickets may be made. */
export interface SurveyedProject {
  key: string;
  name: string;
}

export interface SurveyedIssueType {
  id: string;
  name: string;
}

/** A field of the create screen that is not already filled by every ticket. */
export interface SurveyedField {
  id: string;
  name: string;
  /** What the configuration calls it: its name where that alone finds it on the screen, else its id. */
  key: string;
  /** What its values look like, in the words of the configuration's manual: `text`, `textarea`, `url`, `select` … */
  kind: string;
  /** Whether no ticket can be made without it. */
  required: boolean;
  /** The values it takes, where it takes only some; a cascading select's as `parent > child`. */
  options?: readonly SurveyedOption[];
}

export interface SurveyedOption {
  id: string;
  name: string;
}

export interface CreateScreen {
  fields: readonly SurveyedField[];
  /** From the highest down; empty where a ticket's priority cannot be set. */
  priorities: readonly SurveyedOption[];
}

/** What a site tells somebody who has no configuration for it yet. */
export interface SiteSurvey {
  /**
   * Who the credentials belong to, in words.
   * @throws EdgeFailure when the site does not know them, or is not of the edition it is asked as.
   */
  signIn(): Promise<string>;
  /**
   * Projects whose key or name holds the text (any, for an empty text), in order of their keys; `more` when there are
   * further ones. @throws EdgeFailure when the site cannot be asked.
   */
  projects(text: string): Promise<{ projects: readonly SurveyedProject[]; more: boolean }>;
  /** Issue types that tickets may have; `undefined` when the project is absent or hidden. @throws EdgeFailure as above. */
  issueTypes(project: string): Promise<readonly SurveyedIssueType[] | undefined>;
  /** @throws EdgeFailure as above. */
  createScreen(project: string, issueTypeId: string): Promise<CreateScreen>;
}
