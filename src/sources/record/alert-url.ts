/** The record's own link when it is one that people can follow safely, with nothing in it that is no URL. */
export function ownUrl(given: string | undefined): string | undefined {
  if (given === undefined || !/^https?:\/\//i.test(given)) return undefined;
  const url = URL.parse(given);
  return url ? (/^[!-~]+$/.test(given) ? given : url.href) : undefined;
}

/** A link into the portal of today, which files alerts under the id that Graph gives them (Graph, `alertWebUrl`). */
export function portalUrl(graphId: string, entraTenant: string | undefined): string {
  const tenant = entraTenant ? `?tid=${encodeURIComponent(entraTenant.toWellFormed())}` : '';
  return `https://security.microsoft.com/alerts/${encodeURIComponent(graphId.toWellFormed())}${tenant}`;
}
