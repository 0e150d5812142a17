import type { AlertId, Verdict } from '../../domain/alert.ts';
import type { ClosingVerdict } from '../../domain/link.ts';
import type { AlertWrite } from '../alert-keeper.ts';

const VERDICTS: Readonly<Record<Verdict, string>> = {
  true_positive: 'true positive',
  false_positive: 'false positive',
  benign: 'benign',
  unspecified: 'without a verdict',
};

export function unknownAlert(service: string, id: AlertId): AlertWrite {
  return { outcome: 'refused', why: `${service} no longer knows alert ${id}` };
}

/** Its state is not known, so nothing is written. */
export function unreadable(service: string, id: AlertId): AlertWrite {
  return { outcome: 'not-sent', why: `what ${service} shows of alert ${id} cannot be read` };
}

/** Somebody closed it since it was last seen open; their verdict stands until both sides have been read again. */
export function closedOtherwise(id: AlertId, found: Verdict, wished: ClosingVerdict): AlertWrite {
  const why = `alert ${id} was closed meanwhile (${VERDICTS[found]}, not ${VERDICTS[wished]}); it is left as it is`;
  return { outcome: 'unknown', why };
}
