import { chartStyles } from '../charts/ink.ts';
import { cssVariables, DARK, FONTS, LIGHT, SIZES } from '../palette.ts';

/** Below this width of the window charts are drawn for a narrow column. */
const NARROW_WINDOW = '38rem';

/** A table says once which of its columns are numbers: class `r3` for the third. */
function numbersIn(most: number): string {
  return Array.from({ length: most }, (_, at) => `.r${at + 1} tr>:nth-child(${at + 1})`).join(',');
}

/** The one stylesheet of a report: light, dark and on paper. */
export const REPORT_STYLES = `
:root{color-scheme:light dark;${cssVariables(LIGHT)}}
@media screen and (prefers-color-scheme:dark){:root{${cssVariables(DARK)}}}
@media print{:root{color-scheme:light}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0;background:var(--ground);color:var(--ink);font:${SIZES.body}rem/1.5 ${FONTS.text};overflow-wrap:break-word}
.page{max-width:58rem;margin:0 auto;padding:2.5rem clamp(1rem,4vw,2.5rem) 4rem}
a{color:var(--accent);text-decoration-thickness:1px;text-underline-offset:.15em}
a:hover{text-decoration-thickness:2px}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
code{font:.92em/1.4 ${FONTS.code};overflow-wrap:anywhere;user-select:all;background:var(--sunken);padding:.05em .3em;border-radius:3px}
p{margin:.75rem 0;max-width:44rem}
.title{border-bottom:2px solid var(--ink);padding-bottom:1.25rem;margin-bottom:1.5rem}
.title p{margin:0}
.title .scope{font-size:${SIZES.large}rem;color:var(--accent);font-weight:600}
h1{font-size:clamp(${SIZES.title}rem,5vw,2rem);line-height:1.2;margin:.2rem 0 .75rem;letter-spacing:-.01em}
.title .about{font-size:${SIZES.small}rem;color:var(--quiet);max-width:none}
h2{font-size:${SIZES.title}rem;line-height:1.25;margin:3rem 0 .75rem;padding-top:.6rem;border-top:1px solid var(--line);letter-spacing:-.005em}
main>h2:first-child,.annex>h2:first-child{border:0;margin-top:0;padding-top:0}
h3{font-size:${SIZES.large}rem;line-height:1.3;margin:2rem 0 .5rem}
h4{font-size:${SIZES.body}rem;margin:1.5rem 0 .5rem}
.contents{margin:1.5rem 0 0;font-size:${SIZES.small}rem}
.contents p{margin:0 0 .25rem;color:var(--quiet)}
.contents ol{margin:0;padding:0;list-style:none;columns:13rem;column-gap:2rem}
.contents li{break-inside:avoid}
.contents a{display:inline-block;padding:.2rem 0}
ul{max-width:44rem;padding-left:1.1rem;margin:.75rem 0}
ul li{margin:.3rem 0}
ul li::marker{color:var(--quiet)}
.notice{border-left:4px solid var(--tone);background:var(--tone-ground);padding:.75rem 1rem;margin:1.25rem 0}
.notice p{margin:.15rem 0 0;max-width:48rem}
.notice .what{margin:0;font-weight:600;color:var(--tone)}
.good{--tone:var(--good);--tone-ground:var(--good-ground);--mark:"✓" / "good: "}
.attention{--tone:var(--attention);--tone-ground:var(--attention-ground);--mark:"▲" / "attention: "}
.bad{--tone:var(--bad);--tone-ground:var(--bad-ground);--mark:"■" / "bad: "}
td.good,td.attention,td.bad,th.good,th.attention,th.bad,.value.good,.value.attention,.value.bad{color:var(--tone);font-weight:600}
.what::before,td.good::before,td.attention::before,td.bad::before,th.good::before,th.attention::before,th.bad::before,.value.good::before,.value.attention::before,.value.bad::before{content:var(--mark);font-size:.75em;margin-right:.4em}
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(8rem,1fr));gap:0 1.5rem;margin:1.25rem 0 0}
.figures>div{display:grid;grid-row:span 3;grid-template-rows:subgrid;border-top:1px solid var(--edge);padding:.45rem 0 .6rem}
.figures dt{font-size:${SIZES.small}rem;color:var(--quiet)}
.figures dd{margin:0}
.figures .value{font-size:1.4rem;line-height:1.4;font-weight:600;font-variant-numeric:tabular-nums;letter-spacing:-.01em}
.figures .value.long{font-size:${SIZES.large}rem;line-height:1.75}
.figures .note{font-size:${SIZES.small}rem;line-height:1.4;color:var(--quiet)}
figure{margin:1.75rem 0 0}
figcaption{margin:0 0 .6rem;font-size:${SIZES.small}rem;color:var(--quiet)}
figcaption b,caption b{color:var(--ink);font-size:${SIZES.body}rem;font-weight:600}
figcaption b{margin-right:.5em}
${chartStyles()}
.narrow{display:none}
@media screen and (max-width:${NARROW_WINDOW}){.wide{display:none}.narrow{display:block}}
.scroll{position:relative;overflow-x:auto;margin:1.75rem 0 0}
table{border-collapse:collapse;width:100%;font-size:.875rem;line-height:1.4;font-variant-numeric:tabular-nums}
.many{min-width:36rem}
.few{max-width:38rem}
caption{text-align:left;padding:0 0 .4rem;color:var(--quiet)}
th,td{text-align:left;vertical-align:top;padding:.4rem 1.25rem .4rem 0;font-weight:400;overflow-wrap:anywhere;min-width:3.5rem}
th:last-child,td:last-child{padding-right:0}
thead th{font-size:${SIZES.small}rem;color:var(--quiet);border-bottom:1px solid var(--ink);vertical-align:bottom;overflow-wrap:normal}
tbody tr{border-bottom:1px solid var(--line)}
${numbersIn(12)}{text-align:right}
.trace{font-size:.75rem;line-height:1.45;color:var(--quiet);margin:.5rem 0 0;max-width:none}
.trace code{color:var(--ink)}
.empty{margin-top:1.75rem}
.empty span{color:var(--quiet)}
.timeline{list-style:none;margin:.75rem 0 0;padding:0;font-size:.875rem}
.timeline li{display:grid;grid-template-columns:9.5rem 1fr;gap:0 1.25rem;position:relative;padding:.2rem 0}
.timeline .at{color:var(--quiet);font-variant-numeric:tabular-nums}
.timeline .step{border-left:2px solid var(--line);padding:0 0 .35rem 1rem;position:relative}
.timeline .step::before{content:"";position:absolute;left:-5px;top:.45em;width:8px;height:8px;border-radius:50%;background:var(--accent)}
@media (max-width:30rem){.timeline li{grid-template-columns:1fr}}
.annex{margin-top:4rem;border-top:2px solid var(--ink);font-size:.875rem}
.annex h2{font-size:${SIZES.large}rem;border:0;margin-top:1.5rem}
.annex ul{max-width:52rem}
.end{margin-top:3rem;font-size:${SIZES.small}rem;color:var(--quiet)}
@page{margin:16mm 14mm 18mm;@bottom-right{content:"Page " counter(page) " of " counter(pages);font:8pt ${FONTS.text};color:${LIGHT.quiet}}}
@media print{
html{font-size:12.5px}
body{background:none}
.page{max-width:none;padding:0}
.contents{display:none}
.scroll{overflow:visible}
.many{min-width:0}
th,td{padding-top:.22rem;padding-bottom:.22rem}
h2,h3,h4,figcaption,caption{break-after:avoid}
h2{margin-top:1.75rem}
tr,figure,.notice,.figures>div,.timeline li{break-inside:avoid}
thead{display:table-header-group}
.trace{break-before:avoid}
.annex{break-before:page;margin-top:0}
a{color:inherit}
}
`;
