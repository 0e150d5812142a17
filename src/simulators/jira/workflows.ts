import type { SimTransition } from './site.ts';

/** Workflows as projects have them, each by the ways out of its statuses. Without one any status leads to any other. */
export const WORKFLOWS = {
  /** Done asks for a resolution. */
  resolved: {
    'To Do': [{ to: 'In Progress' }, { name: 'Resolve', to: 'Done', requires: ['resolution'] }],
    'In Progress': [{ name: 'Resolve', to: 'Done', requires: ['resolution'] }],
    Done: [{ name: 'Reopen', to: 'To Do' }],
  },
  /** Done asks for a text that nobody but a person can write. */
  explained: {
    'To Do': [{ name: 'Close', to: 'Done', requires: ['customfield_10108'] }],
    Done: [{ to: 'To Do' }],
  },
  /** Done asks for components, of which there may be one alone. */
  sorted: {
    'To Do': [{ name: 'Close', to: 'Done', requires: ['components'], offers: ['resolution'] }],
    Done: [{ to: 'To Do' }],
  },
  /** Done is reached by way of work in progress. */
  stepped: {
    'To Do': [{ name: 'Start work', to: 'In Progress' }],
    'In Progress': [
      { name: 'Give back', to: 'To Do' },
      { to: 'Done', offers: ['resolution'] },
    ],
    Done: [{ to: 'In Progress' }],
  },
  /** No way leads to done, and none back out of it. */
  dead: { 'To Do': [{ to: 'In Progress' }], 'In Progress': [{ to: 'To Do' }], Done: [] },
} as const satisfies Record<string, Record<string, readonly SimTransition[]>>;

export type WorkflowName = keyof typeof WORKFLOWS;
