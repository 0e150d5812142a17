/** What Graph knows of an alert besides its record of the REST API. */
export interface GraphState {
  /** How an open alert stands. */
  status: 'new' | 'inProgress';
  determination: string;
  comments: { comment: string; createdByDisplayName: string; createdDateTime: string }[];
}

const STATES = new WeakMap<object, GraphState>();

/** Kept beside the records, which both simulators may serve. */
export function graphState(record: object): GraphState {
  const known = STATES.get(record);
  if (known) return known;
  const fresh: GraphState = { status: 'new', determination: 'unknown', comments: [] };
  STATES.set(record, fresh);
  return fresh;
}
