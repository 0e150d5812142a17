import type { Answers } from './answers.ts';
import { askAbuseIpDb } from './questions/ask-abuseipdb.ts';
import { askSite } from './questions/ask-site.ts';
import { askTenants } from './questions/ask-tenants.ts';
import { askTicket } from './questions/ask-ticket.ts';
import type { Interview } from './questions/interview-parts.ts';

/**
 * Asks for all that a configuration needs, and connects as it goes.
 * @throws UsageError when an answer is missing or cannot be and nobody can give another; EdgeFailure when a service
 * cannot be asked and nobody can change that; Cancelled when a person ends it.
 */
export async function interview(parts: Interview): Promise<Answers> {
  const { site, survey, close } = await askSite(parts);
  try {
    const ticket = await askTicket(parts, survey);
    const tenants = await askTenants(parts, { jira: site, ticket });
    const abuseipdb = await askAbuseIpDb(parts, { jira: site, ticket, tenants });
    return { jira: site, ticket, tenants, ...(abuseipdb ? { abuseipdb } : {}) };
  } finally {
    await close();
  }
}
