import { isEdgeFailure } from '../../../domain/failure.ts';
import type { SiteSurvey } from '../../../tracker/site-survey.ts';
import { UsageError } from '../../usage-error.ts';
import type { Answers, SecretPlace, SiteAnswer } from '../answers.ts';
import { editionOf, type InitFlags } from '../init-flags.ts';
import { refuseUrl, toSiteUrl } from './check-answer.ts';
import type { Interview } from './interview-parts.ts';
import { sayFailure, sayRefusals } from './say-fault.ts';

export interface SiteFound {
  site: SiteAnswer;
  survey: SiteSurvey;
  close(): Promise<void>;
}

/** Asks which Jira it is until its credentials sign in. */
export async function askSite(parts: Interview): Promise<SiteFound> {
  const { asker, secrets } = parts;
  for (let { flags } = parts, before: SiteAnswer | undefined, known = false; ; flags = {}) {
    // Where only the credentials were refused, only they are asked for again.
    const { edition, url } = known && before ? before : await askAddress({ ...parts, flags }, before);
    const site = { edition, url, auth: await askSignIn({ ...parts, flags }, edition, before) };
    const opened = await open(parts, site);
    try {
      if (typeof opened === 'string') throw new UsageError(opened);
      asker.say('good', `Signed in to ${site.url} as ${await opened.survey.signIn()}`);
      return { site, ...opened };
    } catch (error) {
      if (typeof opened !== 'string') await opened.close();
      if (!asker.canAnswer) throw error;
      asker.say('bad', error instanceof UsageError ? error.message : sayFailure(error));
      secrets.forget(secretOf(site.auth));
      before = site;
      known = isEdgeFailure(error) && error.kind === 'unauthorised';
    }
  }
}

/** The loader judges the answers, so that none is taken here that the file could not hold. */
async function open(parts: Interview, site: SiteAnswer): Promise<Omit<SiteFound, 'site'> | string> {
  const loaded = await parts.load(onlySite(site));
  if ('problems' in loaded) return sayRefusals(loaded.problems);
  const [found] = loaded.config.sites;
  if (!found) return 'no site was understood';
  return parts.openSurvey(found);
}

async function askAddress(
  { flags, asker }: Interview,
  before: SiteAnswer | undefined,
): Promise<Pick<SiteAnswer, 'edition' | 'url'>> {
  const url = toSiteUrl(
    flags.jiraUrl ??
      (await asker.text({
        flag: '--jira-url',
        question: 'Where is your Jira?',
        placeholder: 'https://acme.atlassian.net or https://jira.acme.example/jira',
        initial: before?.url,
        refuse: (typed) => refuseUrl(toSiteUrl(typed)),
      })),
  );
  const edition =
    flags.edition ??
    editionOf(url) ??
    (await asker.choose({
      flag: '--edition',
      question: 'Which Jira is it?',
      choices: [
        { value: 'datacenter' as const, label: 'Data Center (or Server)', hint: 'your own machines' },
        { value: 'cloud' as const, label: 'Cloud', hint: 'hosted by Atlassian' },
      ],
      initial: before?.edition,
    }));
  return { edition, url };
}

async function askSignIn(
  { flags, asker, secrets }: Interview,
  edition: SiteAnswer['edition'],
  before: SiteAnswer | undefined,
): Promise<SiteAnswer['auth']> {
  const secret = (question: string, variable: string): Promise<SecretPlace> | SecretPlace =>
    flags.jiraSecretFrom === undefined
      ? secrets.ask(asker, { flag: '--jira-secret-from', question, variable })
      : secrets.placeOf('--jira-secret-from', flags.jiraSecretFrom);
  if (edition === 'cloud') {
    const email = flags.email ?? (await asker.text({ flag: '--email', ...MAIL, initial: emailOf(before) }));
    return { kind: 'email-token', email, token: await secret(API_TOKEN, 'JIRA_TOKEN') };
  }
  const username = flags.username ?? (await askUsername({ asker, flags }));
  if (username === undefined)
    return { kind: 'personal-access-token', token: await secret('Personal access token', 'JIRA_TOKEN') };
  const password = await secret(`Password of ${username}`, 'JIRA_PASSWORD');
  return { kind: 'password', username, password };
}

const MAIL = { question: 'Mail address of the account that raises the issues', placeholder: 'soc@example.com' };

/** Made at id.atlassian.com, Security, API tokens. */
const API_TOKEN = 'API token of this account';

/** Data Center is signed in to by a token, unless a user's name is given. */
async function askUsername({
  asker,
  flags,
}: {
  asker: Interview['asker'];
  flags: InitFlags;
}): Promise<string | undefined> {
  if (flags.jiraSecretFrom !== undefined) return undefined;
  const byToken = await asker.confirm({
    flag: '--jira-secret-from',
    question: 'Sign in by a personal access token? (No: by user name and password)',
    initial: true,
  });
  return byToken ? undefined : asker.text({ flag: '--username', question: 'User name of the account' });
}

function emailOf(site: SiteAnswer | undefined): string | undefined {
  return site?.auth.kind === 'email-token' ? site.auth.email : undefined;
}

function secretOf(auth: SiteAnswer['auth']): SecretPlace {
  return auth.kind === 'password' ? auth.password : auth.token;
}

/** A whole configuration around one site, for the loader; the rest of it is never used. */
function onlySite(jira: SiteAnswer): Answers {
  const token = secretOf(jira.auth);
  return {
    jira,
    ticket: {
      project: 'X',
      projectName: '',
      issueType: 'X',
      issueTypeName: '',
      priority: {},
      fields: [],
      unmapped: [],
    },
    tenants: [{ name: 'x', source: 'defender-cloud-apps', url: 'https://x.example', auth: { kind: 'token', token } }],
  };
}
