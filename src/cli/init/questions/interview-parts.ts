import type { SiteAddress } from '../../../assembly/survey.ts';
import type { Config, ConfigProblem } from '../../../config/config.ts';
import type { CheckLine } from '../../../domain/check.ts';
import type { SiteSurvey } from '../../../tracker/site-survey.ts';
import type { Answers } from '../answers.ts';
import type { InitFlags } from '../init-flags.ts';
import type { Secrets } from '../secrets.ts';
import type { Asker } from './asker.ts';

/** What the questions need of the world. */
export interface Interview {
  flags: InitFlags;
  asker: Asker;
  secrets: Secrets;
  /** Reads answers as the configuration that they will be. */
  load(answers: Answers): Promise<{ config: Config } | { problems: readonly ConfigProblem[] }>;
  openSurvey(site: SiteAddress): { survey: SiteSurvey; close(): Promise<void> };
  /** Tries what a configuration names, as `check` does. */
  check(config: Config): Promise<readonly CheckLine[]>;
}
