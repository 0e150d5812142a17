/**
 * How one kind of evidence is read. A field is named by its path: `a.b` goes into an object, and through every member
 * of a list on its way.
 */
export interface EvidenceKind {
  /** Among what it is filed as related to the alert, by which fields it is known and called, the best first. */
  entity?: { type: string; id: readonly string[]; label: readonly string[] };
  /** Where it holds a user account (`userAccount`: names, object id, SID). */
  accounts?: readonly string[];
  /** Where it holds the user principal name or mail address of a user, each with the same display name. */
  mailboxes?: readonly string[];
  /** Where it holds IP addresses. */
  ips?: readonly string[];
  /** Where it holds the two-letter code of a country. */
  countries?: readonly string[];
}

const FILE = (path: string) => ({
  type: 'file',
  id: [`${path}.sha256`, `${path}.sha1`, `${path}.md5`, `${path}.fileName`],
  label: [`${path}.fileName`],
});
const NAMED = (type: string, id: readonly string[], label: readonly string[] = ['name', 'displayName']) => ({
  entity: { type, id, label },
});
const IP = ['ipAddress'];

/**
 * Every kind of evidence that Microsoft Graph documents for an alert, without the ending `Evidence` (Graph v1.0,
 * "alertEvidence resource type" and its derived types, May 2026, with `aiAgent` of beta). A device's own interfaces are
 * left out: they hold private and link-local addresses.
 */
export const EVIDENCE_KINDS: Readonly<Record<string, EvidenceKind>> = {
  user: { accounts: ['userAccount'], ips: ['userAccount.resourceAccessEvents.ipAddress'] },
  mailbox: { accounts: ['userAccount'], mailboxes: ['primaryAddress', 'upn'] },
  mailboxConfiguration: {
    ...NAMED('mailboxConfiguration', ['configurationId'], ['configurationType']),
    mailboxes: ['mailboxPrimaryAddress', 'upn'],
  },
  cloudLogonSession: {
    ...NAMED('cloudLogonSession', ['sessionId'], ['userAgent', 'browser']),
    accounts: ['account.userAccount'],
  },
  cloudLogonRequest: NAMED('cloudLogonRequest', ['requestId'], []),
  hostLogonSession: {
    ...NAMED('hostLogonSession', ['sessionId'], []),
    accounts: ['account.userAccount'],
    ips: ['host.lastExternalIpAddress', 'host.lastIpAddress'],
  },
  process: {
    entity: {
      type: 'process',
      id: ['processCommandLine', 'imageFile.sha256', 'imageFile.fileName'],
      label: ['imageFile.fileName'],
    },
    accounts: ['userAccount'],
  },
  ip: { ips: IP, countries: ['countryLetterCode'] },
  networkConnection: {
    ips: ['sourceAddress.ipAddress', 'destinationAddress.ipAddress'],
    countries: ['sourceAddress.countryLetterCode', 'destinationAddress.countryLetterCode'],
  },
  dns: {
    ...NAMED('domainName', ['domainName']),
    ips: ['ipAddresses.ipAddress', 'dnsServerIp.ipAddress', 'hostIpAddress.ipAddress'],
  },
  nic: { ...NAMED('networkInterface', ['macAddress']), ips: ['ipAddress.ipAddress'] },
  device: {
    ...NAMED('device', ['azureAdDeviceId', 'mdeDeviceId', 'deviceDnsName', 'hostName'], ['hostName', 'deviceDnsName']),
    accounts: ['loggedOnUsers'],
    ips: ['lastExternalIpAddress', 'lastIpAddress'],
  },
  ioTDevice: {
    ...NAMED('device', ['deviceId', 'macAddress', 'deviceName'], ['deviceName', 'ioTHub.displayName']),
    ips: ['ipAddress.ipAddress', 'nics.ipAddress.ipAddress'],
  },
  aiAgent: NAMED('aiAgent', ['agentId', 'agentName'], ['agentName']),
  cloudApplication: NAMED('service', ['appId', 'saasAppId', 'displayName'], ['displayName', 'instanceName']),
  oauthApplication: NAMED('oauthApplication', ['appId', 'objectId', 'displayName'], ['displayName']),
  servicePrincipal: NAMED(
    'servicePrincipal',
    ['servicePrincipalObjectId', 'appId', 'servicePrincipalName'],
    ['servicePrincipalName'],
  ),
  securityGroup: NAMED('groupTag', ['securityGroupId', 'sid', 'displayName'], ['displayName', 'friendlyName']),
  activeDirectoryDomain: NAMED('activeDirectoryDomain', ['activeDirectoryDomainName']),
  file: { entity: FILE('fileDetails') },
  fileHash: NAMED('fileHash', ['value'], ['algorithm']),
  url: NAMED('url', ['url']),
  malware: NAMED('malware', ['name'], ['name', 'category']),
  registryKey: NAMED('registryKey', ['registryKey'], []),
  registryValue: NAMED('registryValue', ['registryKey'], ['registryValueName']),
  analyzedMessage: {
    ...NAMED('message', ['networkMessageId', 'internetMessageId'], ['subject']),
    mailboxes: ['recipientEmailAddress'],
    ips: ['senderIp'],
  },
  submissionMail: {
    ...NAMED('message', ['networkMessageId', 'submissionId'], ['subject']),
    mailboxes: ['recipient'],
    ips: ['senderIp'],
  },
  mailCluster: NAMED('mailCluster', ['query', 'urn'], ['clusterBy']),
  teamsMessage: {
    ...NAMED('message', ['messageId', 'threadId'], ['subject']),
    mailboxes: ['recipients'],
    ips: ['senderIP'],
  },
  amazonResource: NAMED('cloudResource', ['amazonResourceId'], ['resourceName', 'resourceType']),
  azureResource: NAMED('cloudResource', ['resourceId'], ['resourceName', 'resourceType']),
  googleCloudResource: NAMED('cloudResource', ['fullResourceName'], ['resourceName', 'resourceType']),
  blob: NAMED('blob', ['url', 'name']),
  blobContainer: NAMED('blobContainer', ['url', 'name']),
  sasToken: { ...NAMED('sasToken', ['signatureHash'], []), ips: ['allowedIpAddresses'] },
  container: NAMED('container', ['containerId', 'name']),
  containerImage: NAMED('containerImage', ['imageId', 'digestImage.imageId']),
  containerRegistry: NAMED('containerRegistry', ['registry'], []),
  kubernetesCluster: NAMED('kubernetesCluster', ['name']),
  kubernetesController: NAMED('kubernetesController', ['name'], ['name', 'type']),
  kubernetesNamespace: NAMED('kubernetesNamespace', ['name']),
  kubernetesPod: { ...NAMED('kubernetesPod', ['name']), ips: ['podIp.ipAddress'] },
  kubernetesSecret: NAMED('kubernetesSecret', ['name']),
  kubernetesService: {
    ...NAMED('kubernetesService', ['name']),
    ips: ['clusterIP.ipAddress', 'externalIPs.ipAddress'],
  },
  kubernetesServiceAccount: NAMED('kubernetesServiceAccount', ['name']),
  gitHubOrganization: NAMED('gitHubOrganization', ['orgId', 'login'], ['displayName', 'login']),
  gitHubRepo: NAMED('gitHubRepo', ['repoId', 'login'], ['login']),
  gitHubUser: {
    ...NAMED('gitHubUser', ['userId', 'login'], ['login', 'name']),
    mailboxes: ['email'],
  },
};

/** Where a kind that nobody has documented yet may hold what matters most; its own name stands for the rest. */
export const UNKNOWN_KIND: Required<Pick<EvidenceKind, 'accounts' | 'mailboxes' | 'ips'>> = {
  accounts: ['userAccount', 'account.userAccount'],
  mailboxes: ['primaryAddress', 'upn', 'userPrincipalName'],
  ips: ['ipAddress', 'ipAddress.ipAddress', 'senderIp', 'sourceAddress.ipAddress'],
};
