/** The look of all pages. */
export const STYLE = '';
