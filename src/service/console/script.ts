/** What the script adds to pages that work without it. */
export const SCRIPT = '';
