import { html } from 'hono/html';
import type { Page } from '../page.ts';

/** The configuration at work. */
export const settingsPage: Page = {
  path: '/settings',
  here: 'settings',
  async show({ parts, csrf }) {
    const { file } = parts.atWork().config;
    return {
      title: 'Settings',
      body: html`<p>Read from ${file}</p><form method="post" action="/settings/check">${csrf}<button>Check now</button></form>`,
    };
  },
  acts: [
    {
      path: '/settings/check',
      may: 'look',
      says: () => ({ what: 'check the configuration' }),
      async run({ parts }) {
        const lines = await parts.atWork().casewire.check();
        return { to: '/settings', says: `${lines.length} things were looked at` };
      },
    },
  ],
};
