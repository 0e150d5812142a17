import type { CategoryPath } from '../../domain/category.ts';

/**
 * One kind of alert and what it is taken for. A row is found by `ids`, else by `titles`, else by `marks`; of two rows
 * that match in the same way the upper one counts.
 */
export interface CategoryRow {
  name: string;
  category: CategoryPath;
  /** ATT&CK ids, tactics and techniques. What the record itself names counts instead. */
  attack: string;
  /** Set where the issue begins as a weak spot to mend, not as an incident to look into. */
  phase?: 'Preparation';
  /** Stable ids: alert types with or without `MCAS_` in front, `idValue`s, action types; Graph's detector and policy ids. */
  ids?: readonly string[];
  /** Titles of the alert or names of its policy, in small letters, without "(by user)" and "(preview)"; `*` is any text. */
  titles?: readonly string[];
  /** What the record says besides: see `marksOf`. Only rows for what has no title of Microsoft's. */
  marks?: readonly string[];
}

const ACCOUNT = 'intrusions/unprivileged-account-compromise';
const ADMIN = 'intrusions/privileged-account-compromise';
const LOGIN = 'intrusion-attempts/login-attempts';
const ACCESS = 'information-content-security/unauthorised-access-to-information';
const CHANGE = 'information-content-security/unauthorised-modification-of-information';
const LEAK = 'information-content-security/leak-of-confidential-information';
const RESOURCES = 'fraud/unauthorised-use-of-resources';
const PHISHING = 'fraud/phishing';
const WEAK = 'vulnerable/vulnerable-system';
const OPEN = 'other/undetermined';

/**
 * The table of categories. Where it comes from:
 * - names of the detections and their tactics: "Investigate anomaly detection alerts" (Microsoft, June 2026), with the
 *   older names of its text of January 2025; policy names and action types: "Behaviors" (Microsoft, 2026);
 * - renames: "Anomaly detection policies" (Microsoft, 2026), table of the dynamic model, and message MC1402307;
 * - templates of policies: "Policy template reference" (Microsoft, January 2025);
 * - alert type ids: "Monitor alerts" (Microsoft, February 2021) and the list of alerts of the Azure Sentinel connector
 *   (Microsoft, April 2021); `idValue`s: records that integrations published, 2020 to 2026;
 * - app governance with its technique ids: "Investigate app governance threat detection alerts" (Microsoft, January 2025);
 * - sign-in risks: "What are risk detections?" (Microsoft Entra ID Protection, 2025);
 * - technique ids: Microsoft's where it names one, RSIT's own map to ATT&CK, Elastic's detection rules, and our judgement.
 *
 * Activity, access and session policies have no row of their own: their meaning is in the names that customers give
 * them, so one that no title matches is uncategorised until a rule says what it is.
 */
export const CATEGORY_ROWS: readonly CategoryRow[] = [
  // Telemetry that fails: nothing happened, but nothing would be seen either.
  {
    name: 'System alert (connector, log collector, SIEM agent)',
    category: 'availability/misconfiguration',
    attack: '',
    phase: 'Preparation',
    ids: [
      'ALERT_MANAGEMENT_DISCONNECTED_API',
      'ALERT_MANAGEMENT_LOG_COLLECTOR_LOW_RATE',
      'ALERT_MANAGEMENT_LOG_COLLECTOR_CONSTANTLY_FAILED_PARSING',
      'ALERT_MANAGEMENT_DLP_CONNECTOR_ERROR',
      'ALERT_MANAGEMENT_DISCONNECTED_SIEM',
      'ALERT_MANAGEMENT_NOTIFICATIONS_SIEM',
      'ALERT_DISCOVERY_TRAFFIC_LOG_EXCEEDED_LIMIT',
      'SYSTEM_ALERT',
    ],
    titles: [
      'system alert*',
      'app connector error',
      'cloud discovery automatic log upload error',
      'cloud discovery log-processing error',
      'icap connector error',
      'siem agent error',
      'siem agent notifications',
      '*log collector*',
    ],
  },

  // Sign-ins and accounts.
  {
    name: 'Impossible travel',
    category: ACCOUNT,
    attack: 'TA0001 T1078 T1078.004',
    ids: ['ALERT_ANUBIS_DETECTION_VELOCITY', '15859716', 'ImpossibleTravelActivity'],
    titles: ['impossible travel', 'impossible travel activity', 'atypical travel'],
  },
  {
    name: 'Activity from infrequent country',
    category: ACCOUNT,
    attack: 'TA0001 T1078.004',
    ids: ['ALERT_ANUBIS_DETECTION_NEW_COUNTRY', 'ActivityFromInfrequentCountry'],
    titles: ['activity from infrequent country', 'activity from infrequent country/region'],
  },
  {
    name: 'Activity from anonymous or Tor addresses',
    category: ACCOUNT,
    attack: 'TA0001 T1078.004 T1090.003',
    ids: ['ALERT_ANUBIS_DETECTION_RISKY_IP_ANONYMOUS'],
    titles: [
      'activity from anonymous ip address',
      'activity from anonymous ip addresses',
      'activity from a tor ip address',
      'anonymous proxy activity',
      'anonymous ip address',
    ],
  },
  {
    name: 'Activity from suspicious addresses',
    category: ACCOUNT,
    attack: 'TA0001 T1078.004',
    titles: [
      'activity from suspicious ip address',
      'activity from suspicious ip addresses',
      'successful logon from a suspicious ip address',
      'log on from a risky ip address',
      'malicious ip address',
      'malware linked ip address',
      'verified threat actor ip',
    ],
  },
  {
    name: 'Activity from a password-spray address',
    category: ACCOUNT,
    attack: 'TA0006 TA0001 T1110.003 T1078.004',
    titles: ['activity from a password-spray associated ip address'],
  },
  {
    name: 'Leaked credentials',
    category: LEAK,
    attack: 'TA0043 TA0001 T1589.001 T1078',
    ids: ['ALERT_COMPROMISED_ACCOUNT'],
    titles: ['leaked credentials', 'compromised account'],
  },
  {
    name: 'Stolen session or token',
    category: ACCOUNT,
    attack: 'TA0006 TA0008 T1539 T1550.001',
    titles: [
      'anomalous token',
      'token issuer anomaly',
      'attacker in the middle',
      'possible attempt to access primary refresh token*',
    ],
  },
  {
    name: 'Password spray',
    category: LOGIN,
    attack: 'TA0006 T1110.003',
    titles: ['password spray', '*password spray*', '*password-spray*'],
  },
  {
    name: 'Failed sign-ins',
    category: LOGIN,
    attack: 'TA0006 T1110',
    ids: ['ALERT_ANUBIS_DETECTION_REPEATED_ACTIVITY_FAILED_LOGIN', 'MultipleFailedLoginAttempts'],
    titles: [
      'multiple failed login attempts',
      'multiple failed sign-in attempts',
      'multiple failed user sign-in attempts to an app',
      'multiple failed user log on attempts to an app',
      '*brute force*',
      '*brute-force*',
      '*failed log*in*',
      '*failed log*on*',
      '*failed sign*in*',
    ],
  },
  {
    name: 'Risky sign-in',
    category: ACCOUNT,
    attack: 'TA0001 T1078.004',
    titles: [
      'risky sign-in*',
      'unfamiliar sign-in properties',
      'suspicious browser',
      'anomalous user activity',
      'user reported suspicious activity',
      'additional risk detected',
      'admin confirmed user compromised',
      'microsoft entra threat intelligence',
    ],
    marks: ['type:15795457'],
  },
  {
    name: 'Activity by a departed user',
    category: ACCOUNT,
    attack: 'TA0003 T1078',
    titles: ['activity performed by terminated user', 'activity by a deprovisioned user'],
  },
  {
    name: 'Unusual administrative activity',
    category: ADMIN,
    attack: 'TA0004 T1098 T1078.004',
    ids: ['15859721', 'SuspiciousAdministrativeActivity'],
    titles: ['unusual administrative activity', 'suspicious administrative activity'],
  },
  {
    name: 'New administrator',
    category: ADMIN,
    attack: 'TA0003 TA0004 T1098.003',
    ids: ['ALERT_ADMIN_USER'],
    titles: ['new admin user'],
  },
  {
    name: 'Administrator from an unexpected place',
    category: ADMIN,
    attack: 'TA0001 T1078.004',
    ids: ['ALERT_NEW_ADMIN_LOCATION'],
    titles: [
      'unexpected admin location',
      'new admin location',
      'administrative activity from a non-corporate ip address',
    ],
  },
  {
    name: 'New location',
    category: OPEN,
    attack: 'TA0001 T1078.004',
    ids: ['ALERT_GEOLOCATION_NEW_COUNTRY'],
    titles: ['new location', 'new country'],
  },
  {
    name: 'Unusual impersonated activity',
    category: ACCOUNT,
    attack: 'TA0009 T1114.002',
    ids: ['SuspiciousImpersonatedActivity'],
    titles: ['unusual impersonated activity', 'suspicious impersonated activity'],
  },
  {
    name: 'Honeytoken activity',
    category: 'information-gathering/scanning',
    attack: 'TA0007 T1087 T1087.002',
    ids: ['15795464'],
    titles: ['honeytoken activity', 'honeytoken*'],
  },
  {
    name: 'Inactive account',
    category: WEAK,
    attack: '',
    phase: 'Preparation',
    ids: ['ALERT_ZOMBIE_USER'],
    titles: ['inactive account'],
  },

  // Mailboxes.
  {
    name: 'Suspicious inbox manipulation rule',
    category: ACCOUNT,
    attack: 'TA0003 TA0005 T1564.008 T1137.005',
    ids: ['ALERT_ANUBIS_DETECTION_INBOX_HIDING'],
    titles: [
      'suspicious inbox manipulation rule',
      'suspicious inbox manipulation rules',
      'suspicious inbox manipulation*',
    ],
  },
  {
    name: 'Suspicious mail forwarding',
    category: LEAK,
    attack: 'TA0009 TA0010 T1114.003',
    titles: ['suspicious inbox forwarding', 'suspicious email forwarding rule created by third-party app'],
  },
  {
    name: 'Suspicious email deletion',
    category: ACCOUNT,
    attack: 'TA0003 TA0005 T1070.008',
    titles: ['suspicious email deletion activity'],
  },

  // Files and reports.
  {
    name: 'Ransomware',
    category: CHANGE,
    attack: 'TA0040 T1486',
    ids: ['ALERT_ANUBIS_DETECTION_RANSOMWARE'],
    titles: [
      'ransomware activity',
      'potential ransomware activity',
      'ransomware payment instruction file uploaded to *',
      '*ransomware*',
    ],
    marks: ['category:ransomware'],
  },
  {
    name: 'Malware',
    category: 'malicious-code/infected-system',
    attack: 'TA0002 TA0008 T1204.002 T1080',
    titles: ['malware detection', 'malware detected*', '*malware*'],
    marks: ['category:malware'],
  },
  {
    name: 'Mass download',
    category: ACCESS,
    attack: 'TA0009 TA0010 T1530 T1213.002',
    ids: ['ALERT_ANUBIS_DETECTION_REPEATED_ACTIVITY_DOWNLOAD', 'MassDownload'],
    titles: [
      'mass download',
      'mass download by a single user',
      'unusual file download',
      'mass access to sensitive files',
    ],
  },
  {
    name: 'Suspicious file access',
    category: ACCESS,
    attack: 'TA0009 TA0008 T1213.002',
    titles: [
      'unusual file access',
      'suspicious file access activity',
      'suspicious file access indicative of lateral movement',
      'suspicious file access from untrusted isp and user agent with malicious ip indicator',
      'suspicious file access*',
    ],
  },
  {
    name: 'Mass share',
    category: LEAK,
    attack: 'TA0010 T1567',
    ids: ['MassShare'],
    titles: ['mass share', 'unusual file share activity'],
  },
  {
    name: 'Mass delete',
    category: CHANGE,
    attack: 'TA0040 T1485',
    ids: ['ALERT_ANUBIS_DETECTION_REPEATED_ACTIVITY_DELETE', 'MassDelete'],
    titles: ['mass delete', 'unusual file deletion activity'],
  },
  {
    name: 'Suspicious Power BI report sharing',
    category: LEAK,
    attack: 'TA0009 T1213',
    ids: ['MultiplePowerBiReportSharingActivities', 'SuspiciousPowerBiReportSharing'],
    titles: ['multiple power bi report sharing activities', 'suspicious power bi report sharing'],
  },
  {
    name: 'Data exfiltration to unsanctioned apps',
    category: LEAK,
    attack: 'TA0010 T1567.002',
    ids: ['ALERT_EXFILTRATION_DISCOVERY_ANOMALY_DETECTION'],
    titles: [
      'data exfiltration to unsanctioned apps',
      'data exfiltration to an app that is not sanctioned',
      'anomalous exfiltration*',
    ],
  },
  {
    name: 'Use of a personal account',
    category: LEAK,
    attack: 'TA0010 T1567',
    ids: ['ALERT_PERSONAL_USER_SAGE'],
    titles: ['use of personal account', 'file shared with personal email addresses'],
  },
  {
    name: 'Storage open to everyone',
    category: 'vulnerable/information-disclosure',
    attack: 'TA0009 T1530',
    phase: 'Preparation',
    titles: ['publicly accessible s3 buckets*'],
  },
  {
    name: 'File policy (content, sharing)',
    category: LEAK,
    attack: 'TA0010 T1567',
    titles: [
      'externally shared source code',
      'file containing p* detected in the cloud*',
      'file shared with unauthorized domain',
      'shared digital certificates*',
    ],
    marks: ['type:ALERT_CABINET_EVENT_MATCH_FILE', 'type:ALERT_FILE_MATCH', 'type:15728642', 'policy:FILE'],
  },

  // Cloud resources.
  {
    name: 'Multiple storage or virtual machine deletions',
    category: 'availability/sabotage',
    attack: 'TA0040 TA0005 T1485 T1578.003',
    ids: ['MultipleDeleteVmActivities'],
    titles: ['multiple storage deletion activities', 'multiple delete vm activities'],
  },
  {
    name: 'Multiple virtual machine creations',
    category: RESOURCES,
    attack: 'TA0040 TA0005 T1496 T1578.002',
    ids: ['MultipleVmCreationActivities'],
    titles: [
      'multiple vm creation activities',
      'entra line-of-business app initiating an anomalous spike in virtual machine creation',
      'oauth app with high scope privileges in microsoft graph was observed initiating vm creation',
      'oauth app with high scope privileges in microsoft graph was observed initiating virtual machine creation',
    ],
  },
  {
    name: 'Suspicious creation in a cloud region',
    category: RESOURCES,
    attack: 'TA0005 T1535',
    ids: ['ALERT_ANUBIS_DETECTION_UNCOMMON_CLOUD_REGION'],
    titles: ['suspicious creation activity for cloud region', 'unusual region for cloud resource'],
  },
  {
    name: 'Suspicious change of CloudTrail logging',
    category: ADMIN,
    attack: 'TA0005 T1562.008',
    titles: ['suspicious change of cloudtrail logging service'],
  },

  // Apps with consent.
  {
    name: 'Unusual addition of credentials to an OAuth app',
    category: ADMIN,
    attack: 'TA0003 TA0004 T1098.001',
    ids: ['UnusualAdditionOfCredentialsToAnOauthApp'],
    titles: ['unusual addition of credentials to an oauth app'],
  },
  {
    name: 'Unusual ISP for an OAuth app',
    category: ACCOUNT,
    attack: 'TA0006 TA0008 T1550.001',
    titles: ['unusual isp for an oauth app', 'oauth application activity from an unknown isp'],
  },
  {
    name: 'Misleading OAuth app',
    category: 'fraud/masquerade',
    attack: 'TA0001 TA0005 T1036.005 T1528',
    ids: [
      'ALERT_CABINET_APP_PERMISSION_ANOMALY_MISLEADING_APP_NAME',
      'ALERT_CABINET_APP_PERMISSION_ANOMALY_MISLEADING_PUBLISHER_NAME',
      'ALERT_CABINET_APP_PERMISSION_ANOMALY_SUSPICIOUS_APP_NAME',
    ],
    titles: [
      'misleading oauth app name',
      'misleading publisher name for an oauth app',
      'suspicious oauth app name',
      'app impersonating a microsoft logo',
      'app is associated with a typosquatted domain',
    ],
  },
  {
    name: 'Malicious OAuth app consent',
    category: PHISHING,
    attack: 'TA0001 TA0006 T1566 T1528',
    ids: ['ALERT_CABINET_APP_PERMISSION_ANOMALY_MALICIOUS_OAUTH_APP_CONSENT'],
    titles: ['malicious oauth app consent', 'suspicious oauth app consent'],
  },
  {
    name: 'Suspicious OAuth app file download',
    category: ACCESS,
    attack: 'TA0009 T1530',
    ids: ['SuspiciousOauthAppFileDownloadActivities'],
    titles: ['suspicious oauth app file download activities'],
  },
  {
    name: 'Non-secure redirect URL of an OAuth app',
    category: WEAK,
    attack: '',
    phase: 'Preparation',
    ids: ['ALERT_CABINET_APP_PERMISSION_ANOMALY_NON_SECURE_REDIRECT_URL'],
    titles: ['non-secure redirect url*'],
  },
  {
    name: 'App governance: consent and phishing apps',
    category: PHISHING,
    attack: 'TA0001 T1566',
    titles: [
      'app redirects to phishing url by exploiting oauth redirection vulnerability',
      'oauth app with suspicious reply url',
      'app created recently has low consent rate',
      'app with bad url reputation',
      'encoded app name with suspicious consent scopes',
      'oauth app with read scopes has suspicious reply url',
      'app with unusual display name and unusual tld in reply domain',
      'new app with mail permissions having low consent pattern',
      'new app with low consent rate accessing numerous emails',
      'suspicious app with mail permissions sending numerous emails',
      'suspicious oauth app used to send numerous emails',
      'app metadata associated with known phishing campaign',
    ],
  },
  {
    name: 'App governance: many revoked consents',
    category: PHISHING,
    attack: 'TA0001 TA0003 T1566 T1098',
    titles: ['app created recently has a high volume of revoked consents'],
  },
  {
    name: 'App governance: unusual calls after new credentials',
    category: ACCOUNT,
    attack: 'TA0003 TA0009 T1098.001 T1114',
    titles: [
      'app made anomalous graph calls to exchange workload post certificate update or addition of new credentials',
    ],
  },
  {
    name: 'App governance: unusual place or calls after a certificate update',
    category: ACCOUNT,
    attack: 'TA0003 T1098',
    titles: [
      'app accessed from unusual location post certificate update',
      '*made anomalous graph calls post certificate update*',
    ],
  },
  {
    name: 'App governance: inbox rule by a suspicious app',
    category: ACCOUNT,
    attack: 'TA0003 TA0009 T1137.005 T1114',
    titles: ['app with suspicious oauth scope*inbox rule*'],
  },
  {
    name: 'App governance: suspicious app in Exchange',
    category: ACCOUNT,
    attack: 'TA0003 TA0004 T1078',
    titles: [
      'oauth app with suspicious metadata has exchange permission',
      '*previously flagged suspicious app*',
      'suspicious oauth app email activity through graph api',
      'suspicious oauth app email activity through ews api',
    ],
  },
  {
    name: 'App governance: failed reads of key vaults, dormant app on Azure',
    category: ACCOUNT,
    attack: 'TA0006 TA0008 T1078.004',
    titles: [
      'application initiating multiple failed keyvault read activity with no success',
      'dormant oauth app predominantly using ms graph or ews recently seen to be accessing arm workloads',
      'dormant oauth app predominantly using ms graph or exchange web services recently seen to be accessing arm workloads',
    ],
  },
  {
    name: 'App governance: enumeration of drives and users',
    category: 'information-gathering/scanning',
    attack: 'TA0007 T1087',
    titles: [
      'app performed drive enumeration',
      'suspicious enumeration activities performed using microsoft graph powershell',
      'recently created multitenant application enumerates users information frequently',
    ],
  },
  {
    name: 'App governance: unusual user agent',
    category: LEAK,
    attack: 'TA0010 T1567',
    titles: ['oauth app using unusual user agent'],
  },
  {
    name: 'App governance: mail read with an unusual user agent',
    category: LEAK,
    attack: 'TA0009 TA0010 T1114 T1567',
    titles: ['app with an unusual user agent accessed email data through *'],
  },
  {
    name: 'App governance: mail collected',
    category: ACCESS,
    attack: 'TA0009 T1114',
    titles: [
      'app made unusual email search activities*',
      'app made anomalous graph calls to read e*mail',
      'app metadata associated with suspicious mail-related activity',
      'app with ews application permissions accessing numerous emails',
    ],
  },
  {
    name: 'App governance: mail collected, with an inbox rule',
    category: ACCESS,
    attack: 'TA0003 TA0009 T1137 T1114',
    titles: [
      'app creates inbox rule and made unusual email searches',
      'app made high volume of importance mail read and created inbox rule',
    ],
  },
  {
    name: 'App governance: files collected',
    category: ACCESS,
    attack: 'TA0003 TA0009 T1137 T1213',
    titles: [
      'app made onedrive* search activities and created inbox rule',
      'app made numerous searches and edits in onedrive',
    ],
  },
  {
    name: 'App governance: files read after new credentials',
    category: ACCESS,
    attack: 'TA0003 TA0009 T1098.001 T1213.002',
    titles: [
      'anomalous onedrive activity by app that just updated or added new credentials',
      'anomalous sharepoint activity by app that just updated or added new credentials',
    ],
  },
  {
    name: 'App governance: unused or privileged app newly active',
    category: ACCESS,
    attack: 'TA0009 T1530',
    titles: ['unused app newly accessing apis', 'privileged app performed unusual activities in teams'],
  },
  {
    name: 'OAuth app policy',
    category: WEAK,
    attack: 'TA0006 T1528',
    phase: 'Preparation',
    marks: ['type:ALERT_CABINET_APP_PERMISSION'],
  },

  // Apps in use without being known.
  {
    name: 'Suspicious cloud use',
    category: OPEN,
    attack: 'TA0010 T1567',
    ids: ['ALERT_DISCOVERY_ANOMALY_DETECTION'],
    titles: ['suspicious cloud use'],
  },
  {
    name: 'Security breach of a discovered app',
    category: LEAK,
    attack: 'TA0001 T1199',
    phase: 'Preparation',
    ids: ['ALERT_MANAGEMENT_DISCOVERY_BREACHED_APP'],
    titles: ['discovered app security breach*'],
  },
  {
    name: 'New app discovered',
    category: OPEN,
    attack: '',
    phase: 'Preparation',
    ids: ['ALERT_CABINET_DISCOVERY_NEW_SERVICE'],
    titles: [
      '*app compliance check',
      'new cloud storage app',
      'new code hosting app',
      'new collaboration app',
      'new crm app',
      'new hr management app',
      'new human-resource management app',
      'new online meeting app',
      'new sales app',
      'new vendor management app',
      'new high volume app',
      'new high upload volume app',
      'new popular app',
      'new risky app',
      'new app discovered',
    ],
    marks: ['story:4'],
  },

  // What does not say enough by itself.
  {
    name: 'Suspicious activity',
    category: OPEN,
    attack: '',
    ids: ['ALERT_SUSPICIOUS_ACTIVITY'],
    titles: ['suspicious activity'],
  },
  {
    name: 'Investigation priority score increase',
    category: OPEN,
    attack: '',
    ids: ['ALERT_UEBA_INVESTIGATION_PRIORITY_INCREASE'],
    titles: ['investigation priority score increase'],
  },
  {
    name: 'Field policy',
    category: OPEN,
    attack: '',
    marks: ['type:ALERT_CABINET_EVENT_MATCH_OBJECT'],
  },
];
