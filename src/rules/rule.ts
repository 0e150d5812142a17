/** What alerts may have in common to share an issue. */
export const GROUP_BY = ['tenant', 'user', 'ip', 'type', 'title', 'severity', 'category'] as const;
export type GroupBy = (typeof GROUP_BY)[number];

/** What a rule says of an alert that its expression matches; a key left out says nothing. */
export interface RuleThen {
  /** Priority name or id. */
  priority?: string;
  /** Steps up the ladder of priorities, down when negative; see `raisedPriority`. */
  raisePriorityBy?: number;
  /** Besides the ticket's own and those of other rules. */
  labels?: readonly string[];
  /** RSIT `class/type`. */
  category?: string;
  /** Project key or id. */
  project?: string;
  /** Issue type name or id. */
  issueType?: string;
  /** Whom Jira finds by this address, name or id. */
  assignee?: string;
  /** Component names or ids. */
  components?: readonly string[];
  /** Field name or id → Liquid template text, checked at load. */
  fields?: Readonly<Record<string, string>>;
  /** No ticket, for this reason. */
  suppress?: string;
  group?: { by: readonly GroupBy[]; withinMs: number; whenDone: 'raise' | 'reopen' };
}

/** One rule of the configuration: checked at load, kept as data, so that a changed rule changes the policy's fingerprint. */
export interface Rule {
  name: string;
  /** A CEL expression over `alert`, `tenant` and `now`. */
  when: string;
  then: RuleThen;
}
