import { SIZES } from '../../../reports/palette.ts';

/** Forms and buttons; targets are at least 24 px high (WCAG 2.2 §2.5.8). */
export const FORM_STYLES = `
button,.button,input,select,textarea{font:inherit;font-size:${SIZES.body}rem;line-height:1.4;color:var(--ink);background:var(--panel);border:1px solid var(--edge);border-radius:4px;padding:.35rem .7rem;max-width:100%}
input[type=checkbox],input[type=radio]{width:1.15rem;height:1.15rem;padding:0;margin:.15rem;accent-color:var(--accent);vertical-align:middle}
textarea{width:100%;min-height:5rem}
button,.button{display:inline-block;cursor:pointer;text-decoration:none;font-weight:600}
button:hover,.button:hover{background:var(--sunken)}
button.first,.button.first{background:var(--accent);border-color:var(--accent);color:var(--on-accent)}
button.grave{border-color:var(--bad);color:var(--bad)}
button.small,.account button{font-size:${SIZES.small}rem;padding:.15rem .5rem}
.button.off{color:var(--quiet);border-color:var(--line);cursor:default;font-weight:400}
form{margin:.5rem 0}
.account form{margin:0}
label{font-size:${SIZES.small}rem;color:var(--quiet)}
.filters{background:var(--panel);border:1px solid var(--line);border-radius:4px;padding:.75rem 1rem}
.row{display:flex;flex-wrap:wrap;align-items:end;gap:.6rem .9rem}
.row label{display:grid;gap:.15rem;flex:0 1 11rem;min-width:0}
.row label:has([type=search]){flex:1 1 16rem}
.row input,.row select{width:100%}
.filters details{margin-top:.6rem}
.filters details .row{margin-top:.5rem}
.acts{display:flex;flex-wrap:wrap;align-items:flex-start;gap:.6rem 1rem;margin:.6rem 0}
.acts form{margin:0}
.acts>details{flex:1 1 14rem;min-width:0}
.acts>details>summary{display:inline-block;padding:.35rem .2rem;color:var(--bad);font-weight:600}
.acts details[open]{background:var(--bad-ground);border-radius:4px;padding:.25rem .75rem .6rem}
.acts details label{display:block;color:var(--ink)}
.acts details input{width:min(28rem,100%)}
`;
