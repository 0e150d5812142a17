/** Text as HTML text: nothing of it can become markup, in an element or in a quoted attribute. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign);
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** A link, where the address is one that a person may safely follow; else its text alone. */
export function link(url: string, html: string): string {
  if (!/^(https?:\/\/|mailto:)/i.test(url)) return html;
  return `<a href="${escapeHtml(url)}" rel="noreferrer noopener">${html}</a>`;
}

/** A whole page in the look of the simulated Jira. */
export function renderPage({ title, body }: { title: string; body: string }): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<header><span class="mark" aria-hidden="true"></span><b>Simulated Jira</b><span class="faint">on this machine only</span></header>
<main>
${body}
</main>
</body>
</html>
`;
}

const STYLE = `
:root{color-scheme:light dark;--bg:#fff;--raised:#f7f8f9;--text:#172b4d;--faint:#5e6c84;--line:#dfe1e6;--link:#0b57d0;--accent:#0c66e4;
--red:#c9372c;--orange:#b65c02;--green:#216e4e;--info:#e9f2ff;--warning:#fff7d6;--error:#ffeceb;--success:#dcfff1}
@media(prefers-color-scheme:dark){:root{--bg:#1d2125;--raised:#22272b;--text:#d5dce4;--faint:#96a3b2;--line:#38414a;--link:#85b8ff;--accent:#579dff;
--red:#f87168;--orange:#fea362;--green:#7ee2b8;--info:#1c2b41;--warning:#3d2e00;--error:#42221f;--success:#164b35}}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--text);font:15px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
header{display:flex;gap:.6rem;align-items:center;padding:.7rem 1.5rem;border-bottom:1px solid var(--line)}
.mark{width:1.1rem;height:1.1rem;border-radius:.25rem;background:var(--accent)}
main{max-width:74rem;margin:0 auto;padding:1.25rem 1.5rem 4rem}
a{color:var(--link);text-decoration:none}a:hover,a:focus-visible{text-decoration:underline}
h1{font-size:1.55rem;line-height:1.25;margin:.35rem 0 1rem;overflow-wrap:anywhere}h2{font-size:1.15rem;margin:1.6rem 0 .5rem}h3,h4,h5,h6{font-size:1rem;margin:1.2rem 0 .4rem}
p{margin:.5rem 0;overflow-wrap:anywhere}.faint{color:var(--faint)}.crumbs{color:var(--faint);font-size:.9rem}
.issue{display:grid;grid-template-columns:minmax(0,1fr) 20rem;gap:2.5rem}@media(max-width:58rem){.issue{grid-template-columns:minmax(0,1fr)}}
aside{background:var(--raised);border:1px solid var(--line);border-radius:.5rem;padding:.4rem 1rem 1rem;align-self:start}
dl{margin:0}dt{color:var(--faint);font-size:.82rem;margin-top:.8rem}dd{margin:.1rem 0 0;overflow-wrap:anywhere;white-space:pre-wrap}
.lozenge{display:inline-block;padding:.05rem .45rem;border-radius:.25rem;background:var(--line);font-size:.75rem;font-weight:700;text-transform:uppercase;letter-spacing:.02em}
.done{color:var(--green)}.indeterminate{color:var(--link)}
.label{display:inline-block;padding:0 .5rem;margin:.1rem .3rem .1rem 0;border-radius:1rem;background:var(--line);font-size:.85rem}
.priority{white-space:nowrap}.priority::before{content:"";display:inline-block;width:.6rem;height:.6rem;border-radius:50%;margin-right:.4rem;background:var(--faint)}
.p1::before,.p2::before{background:var(--red)}.p3::before{background:var(--orange)}.p4::before,.p5::before{background:var(--accent)}
.scroll{overflow-x:auto}table{border-collapse:collapse;width:100%;margin:.6rem 0}th,td{border:1px solid var(--line);padding:.35rem .6rem;text-align:left;vertical-align:top}
th{background:var(--raised);font-weight:600}td p,th p{margin:.1rem 0}.queue th,.queue td{border-width:0 0 1px}.queue tr:hover td{background:var(--raised)}
code,pre{font:13px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}code{background:var(--raised);border:1px solid var(--line);border-radius:.2rem;padding:0 .25rem;overflow-wrap:anywhere}td p,th p,td code{overflow-wrap:break-word}td code{white-space:nowrap}.queue td:first-child,.queue td:nth-last-child(-n+3){white-space:nowrap}
pre{background:var(--raised);border:1px solid var(--line);border-radius:.35rem;padding:.7rem .9rem;overflow:auto;max-height:30rem;margin:.6rem 0}
.panel{border-radius:.35rem;padding:.3rem .9rem;margin:.7rem 0;background:var(--info)}.panel.warning,.panel.note{background:var(--warning)}.panel.error{background:var(--error)}.panel.success,.panel.tip{background:var(--success)}
blockquote{margin:.6rem 0;padding-left:.9rem;border-left:3px solid var(--line)}summary{cursor:pointer;color:var(--faint)}hr{border:0;border-top:1px solid var(--line)}
.empty{padding:3rem 0;text-align:center;color:var(--faint)}
`;
