import { expect, it } from 'vitest';
import { MailBag } from './mail-words.ts';

const says = { kind: 'daily', period: '2026-11-23', overview: 'THE REPORT', folder: '/srv/reports' };

it('leads from the mail to the console, where it is known where people open it', () => {
  const linked = new MailBag().seal({ ...says, console: 'https://casewire.acme.example' });
  expect(linked.text).toBe('THE REPORT\n\nAll reports: https://casewire.acme.example/reports');
  expect(new MailBag().seal(says).text).toBe('THE REPORT');
});
