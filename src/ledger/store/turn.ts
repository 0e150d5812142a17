/** Lets others on: SQLite answers at once, and with thousands of tenants a page or a poll would wait for all of it. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
