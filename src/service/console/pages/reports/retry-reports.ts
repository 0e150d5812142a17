import { type Act, CannotDo } from '../../page.ts';
import { count } from '../parts/words.ts';

/** Has every report that did not arrive delivered within the next minute, instead of when it is due again. */
export const retryReports: Act = {
  path: '/reports/retry',
  may: 'act',
  says: () => ({ what: 'deliver reports that did not arrive' }),
  async run({ parts, now }) {
    const { ledger, config } = parts.atWork();
    if (!config.reports.deliver)
      throw new CannotDo('No reports are delivered: reports.deliver is not in the configuration.');
    const again = await ledger.deliveries.retry(now);
    if (again === 0) throw new CannotDo('Every report arrived by now: there is none to deliver again.');
    parts.standings.forget();
    parts.live.changed(['overview', 'reports']);
    return {
      to: '/reports',
      says: `${count(again, 'report')} ${again === 1 ? 'is' : 'are'} delivered within a minute; this page says whether ${again === 1 ? 'it' : 'they'} arrived.`,
    };
  },
};
