import { describe, expect, it } from 'vitest';
import { anAlert } from '../../../test/builders.ts';
import { categoryPath, UNCATEGORISED } from '../../domain/category.ts';
import { categoriesOfTable, categoryNamed, classify, isKnownCategory, nearestCategory } from './classify.ts';

const titled = (title: string, record: object = {}) => anAlert({ title, type: title, raw: JSON.stringify(record) });
const pathOf = (title: string, record?: object) => categoryPath(classify(titled(title, record)));
const idsOf = (refs: readonly { id: string }[]) => refs.map(({ id }) => id);

const ACCOUNT = 'intrusions/unprivileged-account-compromise';
const ADMIN = 'intrusions/privileged-account-compromise';
const LOGIN = 'intrusion-attempts/login-attempts';
const LEAK = 'information-content-security/leak-of-confidential-information';
const CHANGE = 'information-content-security/unauthorised-modification-of-information';

/** Detections by the titles that tenants have seen, old ones and new ones. */
const DETECTIONS = `
Activity from anonymous IP address
Activity from anonymous IP addresses
Activity from infrequent country
Activity from suspicious IP addresses
Impossible travel
Impossible travel activity
Misleading OAuth app name
Misleading publisher name for an OAuth app
Multiple storage deletion activities
Multiple VM creation activities
Suspicious creation activity for cloud region
Activity performed by terminated user
Suspicious change of CloudTrail logging service
Suspicious email deletion activity (by user)
Suspicious inbox manipulation rule
Suspicious inbox manipulation rules
Unusual administrative activity (by user)
Suspicious administrative activity
Multiple failed login attempts
Multiple failed sign-in attempts
Unusual addition of credentials to an OAuth app
Unusual ISP for an OAuth app
Multiple Power BI report sharing activities
Suspicious Power BI report sharing
Unusual impersonated activity (by user)
Suspicious impersonated activity
Suspicious inbox forwarding
Unusual file download (by user)
Mass download
Unusual file access (by user)
Unusual file share activity (by user)
Mass share
Multiple delete VM activities
Ransomware activity
Unusual file deletion activity (by user)
Mass delete
Investigation priority score increase
Malware detection
Suspicious OAuth app file download activities
Risky sign-in
Risky sign-in: Unfamiliar sign-in properties
Risky sign-in: Anonymous IP address
Leaked credentials
Unfamiliar sign-in properties
Anonymous IP address
Anomalous Token
Password spray
Honeytoken activity
Activity from a TOR IP address
Anonymous proxy activity
Successful logon from a suspicious IP address
Activity from a password-spray associated IP address
Suspicious email forwarding rule created by third-party app
Suspicious email deletion activity
OAuth application activity from an unknown ISP
Suspicious file access activity (by user)
Suspicious file access indicative of lateral movement
Suspicious file access from untrusted ISP and user agent with malicious IP indicator
Ransomware payment instruction file uploaded to Contoso Drive
Activity by a deprovisioned user (preview)
Collaboration app compliance check
Cloud storage app compliance check
CRM app compliance check
New cloud storage app
New code hosting app
New collaboration app
New CRM app
New HR management app
New online meeting app
New sales app
New vendor management app
New high volume app
New high upload volume app
New popular app
New risky app
Externally shared source code
File containing PCI detected in the cloud
File containing PHI detected in the cloud
File containing private information detected in the cloud
Administrative activity from a non-corporate IP address
Log on from a risky IP address
Mass download by a single user
Multiple failed user sign-in attempts to an app
Potential ransomware activity
File shared with personal email addresses
File shared with unauthorized domain
Shared digital certificates (file extensions)
Publicly accessible S3 buckets (AWS)
System alert: the connector of Contoso Drive has an error
App redirects to phishing URL by exploiting OAuth redirection vulnerability
OAuth App with suspicious Reply URL
App created recently has low consent rate
App with bad URL reputation
Encoded app name with suspicious consent scopes
OAuth App with Read scopes has suspicious Reply URL
App with unusual display name and unusual TLD in Reply domain
New app with mail permissions having low consent pattern
New app with low consent rate accessing numerous emails
Suspicious app with mail permissions sending numerous emails
Suspicious OAuth app used to send numerous emails
App made anomalous Graph calls to Exchange workload post certificate update or addition of new credentials
App with suspicious OAuth scope was flagged high-risk and created Inbox Rule
App accessed from unusual location post certificate update
Contoso Mailer made anomalous Graph calls post certificate update
App created recently has a high volume of revoked consents
App metadata associated with known phishing campaign
Suspicious OAuth app email activity through Graph API
Suspicious OAuth app email activity through EWS API
OAuth app with suspicious metadata has Exchange permission
App impersonating a Microsoft logo
App is associated with a typosquatted domain
Application initiating multiple failed KeyVault read activity with no success
App performed drive enumeration
Suspicious enumeration activities performed using Microsoft Graph PowerShell
Recently created multitenant application enumerates users information frequently
OAuth App using unusual user agent
App with an unusual user agent accessed email data through EWS
Dormant OAuth App predominantly using MS Graph or EWS recently seen to be accessing ARM workloads
App made unusual email search activities
App made anomalous Graph calls to read e-mail
App creates inbox rule and made unusual email searches
App made OneDrive/SharePoint search activities and created inbox rule
App made OneDrive search activities and created inbox rule
App made numerous searches and edits in OneDrive
App made high volume of importance mail read and created inbox rule
Privileged app performed unusual activities in Teams
Anomalous OneDrive activity by app that just updated or added new credentials
Anomalous SharePoint activity by app that just updated or added new credentials
App metadata associated with suspicious mail-related activity
App with EWS application permissions accessing numerous emails
Unused app newly accessing APIs
Entra Line-of-Business app initiating an anomalous spike in virtual machine creation
OAuth app with high scope privileges in Microsoft Graph was observed initiating VM creation
`
  .trim()
  .split('\n');

describe('the category of an alert', () => {
  it.each(DETECTIONS)('is known for "%s"', (title) => {
    expect(pathOf(title)).not.toBe(UNCATEGORISED);
  });

  it('comes from a stable id first, whatever the title says', () => {
    expect(pathOf('Ransomware activity', { idValue: 15859716 })).toBe(ACCOUNT);
    expect(pathOf('Reise', { category: 'MCAS_ALERT_ANUBIS_DETECTION_REPEATED_ACTIVITY_DELETE' })).toBe(CHANGE);
    expect(pathOf('Own name', { detectorId: 'MultipleFailedLoginAttempts' })).toBe(LOGIN);
    expect(pathOf('Malware found no more', { isSystemAlert: true })).toBe('availability/misconfiguration');
  });

  it('comes from the name of the policy where the title is unknown', () => {
    const alert = anAlert({
      title: 'Grace Osei was busy',
      type: 'Unusual file deletion activity (by user)',
      raw: '{}',
    });
    expect(categoryPath(classify(alert))).toBe(CHANGE);
  });

  it('comes from the kind of policy last, so that a known title of a file policy keeps its own', () => {
    const file = { entities: [{ type: 'policyRule', id: 'p1', label: 'x', policyType: 'FILE' }] };
    expect(pathOf('Contracts, shared', file)).toBe(LEAK);
    expect(pathOf('Publicly accessible S3 buckets', file)).toBe('vulnerable/information-disclosure');
  });

  it('is uncategorised where no row matches, as an activity policy with a name of its own', () => {
    const audit = { entities: [{ type: 'policyRule', id: 'p1', label: 'x', policyType: 'AUDIT' }] };
    expect(classify(titled('ACME: door 7', audit))).toEqual({
      rsitClass: 'other',
      rsitType: 'uncategorised',
      tactics: [],
      techniques: [],
      phase: 'Detection and Analysis',
    });
  });

  it.each([
    ['a risk of Entra', 'Risky sign-in: Leaked credentials', LEAK],
    ['an unknown risk', 'Risky sign-in: Something new', ACCOUNT],
    ['any case', 'ACTIVITY FROM A TOR IP ADDRESS', ACCOUNT],
  ])('sees through %s in a title', (_, title, path) => {
    expect(pathOf(title, { idValue: 15795457 })).toBe(path);
  });

  it('is a compromise of a privileged account where the record says that the user is an administrator', () => {
    const evidence = [{ title: { template: 'ANUBIS_ADMIN_USER_FEATURE', parameters: {} } }];
    expect(pathOf('Impossible travel activity', { evidence })).toBe(ADMIN);
    expect(pathOf('Impossible travel activity', { stories: [0, 1] })).toBe(ADMIN);
    expect(pathOf('Mass delete', { evidence })).toBe(CHANGE);
  });

  it('is read from records that are odd, deep or no JSON at all', () => {
    const deep = '['.repeat(200_000);
    for (const raw of ['', 'null', '[]', '"x"', deep, `{"idValue":{},"stories":7,"entities":[null],"intent":"x"}`])
      expect(categoryPath(classify(anAlert({ raw })))).toBe(ACCOUNT);
    expect(pathOf(`${'failed log '.repeat(50_000)}x`)).toBe(UNCATEGORISED);
  });

  it('is what a rule names, with what the table knows besides', () => {
    const named = categoryNamed(LOGIN);
    const category = classify(titled('Impossible travel activity'), named);
    expect(categoryPath(category)).toBe(LOGIN);
    expect(idsOf(category.techniques)).toEqual(['T1078', 'T1078.004']);
  });
});

describe('the tactics and techniques of an alert', () => {
  it('come from the table where the record names none', () => {
    const { tactics, techniques } = classify(titled('Mass delete'));
    expect(tactics).toEqual([{ id: 'TA0040', name: 'Impact' }]);
    expect(techniques).toEqual([{ id: 'T1485', name: 'Data Destruction' }]);
  });

  it("are the record's own where it names them: Graph's techniques and category", () => {
    const record = { mitreTechniques: ['T1087', 'T1087.002', 'nonsense', 7], category: 'LateralMovement' };
    const { tactics, techniques } = classify(titled('Mass delete', record));
    expect(idsOf(tactics)).toEqual(['TA0008']);
    expect(idsOf(techniques)).toEqual(['T1087', 'T1087.002']);
  });

  it("are the record's own where it names them: the intent of the REST API, and ids in the text", () => {
    const alert = anAlert({
      title: 'Odd',
      type: 'Odd',
      description: 'Technique used: Account Discovery (T1087), sub-technique Domain Account (T1087.002), part (T12)',
      raw: JSON.stringify({ intent: [0, 4, 4, 7, 99] }),
    });
    const { tactics, techniques } = classify(alert);
    expect(tactics.map(({ name }) => name)).toEqual(['Privilege Escalation', 'Discovery']);
    expect(idsOf(techniques)).toEqual(['T1087', 'T1087.002']);
  });

  it('keep the id of a technique whose name is not known here', () => {
    expect(classify(titled('x', { mitreTechniques: ['T9999.001'] })).techniques).toEqual([
      { id: 'T9999.001', name: 'T9999.001' },
    ]);
  });
});

describe('a category by name', () => {
  it('is known by its path and by the machine tag of RSIT', () => {
    for (const text of [
      LOGIN,
      'intrusion-attempts:brute-force',
      'intrusion-attempts/brute-force',
      ' Intrusion-Attempts/Login-Attempts ',
    ]) {
      expect(isKnownCategory(text)).toBe(true);
      expect(categoryNamed(text)).toMatchObject({ rsitClass: 'intrusion-attempts', rsitType: 'login-attempts' });
    }
  });

  it.each([
    ['intrusion-attempt/login-attempts', LOGIN],
    ['intrusion-attempts/brute-forse', undefined],
    ['login-attemps', LOGIN],
    ['fraud/fishing', 'fraud/phishing'],
    ['ransomware', undefined],
  ])('that is mistyped as %s is unknown, and the nearest is %s', (text, near) => {
    expect(isKnownCategory(text)).toBe(false);
    expect(categoryNamed(text)).toBeUndefined();
    expect(nearestCategory(text)).toBe(near);
  });

  it('is known for all that the table can give', () => {
    const all = categoriesOfTable().map(categoryPath);
    expect(all.filter((path) => !isKnownCategory(path))).toEqual([]);
    expect(all.at(-1)).toBe(UNCATEGORISED);
    expect(all).toContain(ADMIN);
  });
});
