/** Why a webhook call is not taken, with the HTTP status that says so: Jira Cloud sends again on 408, 5xx and no other of these. */
export const HINT_REFUSALS = {
  'wrong-method': 405,
  'no-secret': 401,
  unsigned: 401,
  'wrong-signature': 401,
  'not-json': 415,
  'too-large': 413,
  'too-slow': 408,
  unreadable: 400,
  stale: 400,
  busy: 503,
  'not-stored': 503,
} as const;

export type HintRefusal = keyof typeof HINT_REFUSALS;
