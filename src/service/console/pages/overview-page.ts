import { html } from 'hono/html';
import type { Page } from '../page.ts';

/** Whether all is well, tenant by tenant. */
export const overviewPage: Page = {
  path: '/',
  here: 'overview',
  async show({ parts }) {
    const { tenants } = parts.atWork().config;
    return { title: 'Overview', body: html`<ul>${tenants.map(({ tenant }) => html`<li>${tenant}</li>`)}</ul>` };
  },
};
