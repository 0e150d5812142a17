/** Services of Microsoft Defender whose alerts Microsoft Graph lists, by the words of the configuration. */
export const GRAPH_SERVICES = ['defender-cloud-apps', 'app-governance', 'entra-id-protection', 'defender-xdr'] as const;
export type GraphService = (typeof GRAPH_SERVICES)[number];

/** Read where a tenant names none: app governance is a part of Defender for Cloud Apps that Graph lists by a name of its own. */
export const USUAL_SERVICES: readonly GraphService[] = ['defender-cloud-apps', 'app-governance'];
