import { chartStyles } from '../../../reports/charts/ink.ts';
import { cssVariables, DARK, FONTS, LIGHT, SIZES } from '../../../reports/palette.ts';
import { FORM_STYLES } from './form-styles.ts';
import { TABLE_STYLES } from './table-styles.ts';

/** The one stylesheet of all pages: light, dark, from 320 px on, and on paper; its colours are those of the reports. */
export const STYLE = `
:root{color-scheme:light dark;${cssVariables(LIGHT)}}
@media screen and (prefers-color-scheme:dark){:root{${cssVariables(DARK)}}}
@media print{:root{color-scheme:light}}
*,::before,::after{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%;scroll-padding-top:4rem}
body{margin:0;min-height:100vh;display:flex;flex-direction:column;background:var(--ground);color:var(--ink);font:${SIZES.body}rem/1.5 ${FONTS.text};overflow-wrap:break-word}
main{flex:1;width:100%;max-width:90rem;margin:0 auto;padding:1.25rem clamp(.75rem,3vw,2rem) 3rem}
main:focus{outline:none}
a{color:var(--accent);text-decoration-thickness:1px;text-underline-offset:.15em}
a:hover{text-decoration-thickness:2px}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px;border-radius:2px}
h1{font-size:${SIZES.title}rem;line-height:1.25;margin:0 0 1rem;letter-spacing:-.01em;overflow-wrap:anywhere}
h2{font-size:${SIZES.large}rem;line-height:1.3;margin:2rem 0 .6rem}
h3{font-size:${SIZES.body}rem;line-height:1.4;margin:0 0 .35rem}
h3 .quiet{font-weight:400}
p{margin:.5rem 0;max-width:52rem}
ul,ol{margin:.5rem 0;padding-left:1.2rem}
li{margin:.2rem 0}
section{margin:0}
code,pre,kbd{font:.92em/1.45 ${FONTS.code};background:var(--sunken);border-radius:3px}
code{padding:.05em .3em;overflow-wrap:anywhere}
pre{padding:.75rem 1rem;overflow-x:auto;border:1px solid var(--line)}
pre code{background:none;padding:0}
kbd{padding:.1em .4em;border:1px solid var(--edge)}
blockquote{margin:.5rem 0;padding:.1rem 0 .1rem .9rem;border-left:3px solid var(--edge);white-space:pre-line;overflow-wrap:anywhere;max-width:60rem}
summary{cursor:pointer}
time{white-space:nowrap;font-variant-numeric:tabular-nums}
.quiet{color:var(--quiet)}
.hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.skip{position:absolute;left:-99rem;top:0;z-index:3;background:var(--panel);padding:.5rem 1rem}
.skip:focus{left:0}
.good{--tone:var(--good);--tone-ground:var(--good-ground)}
.attention{--tone:var(--attention);--tone-ground:var(--attention-ground)}
.bad{--tone:var(--bad);--tone-ground:var(--bad-ground)}

.top{display:flex;flex-wrap:wrap;align-items:center;gap:0 1.5rem;padding:0 clamp(.75rem,3vw,2rem);background:var(--panel);border-bottom:1px solid var(--line)}
.product{font-weight:700;letter-spacing:-.01em;color:var(--ink);text-decoration:none;padding:.7rem 0}
.top nav{flex:1 1 auto;min-width:0}
.top nav ul{display:flex;flex-wrap:wrap;list-style:none;margin:0;padding:0;gap:0 .1rem}
.top nav li{margin:0}
.top nav a{display:block;padding:.7rem .7rem calc(.7rem - 2px);color:var(--quiet);text-decoration:none;border-bottom:2px solid transparent}
.top nav a:hover{color:var(--ink);border-color:var(--line)}
.top nav a[aria-current]{color:var(--ink);border-color:var(--accent);font-weight:600}
.account{display:flex;flex-wrap:wrap;align-items:center;gap:.25rem .6rem;font-size:${SIZES.small}rem;padding:.4rem 0}
.account>:first-child{max-width:18rem;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.may{color:var(--quiet)}
.foot{border-top:1px solid var(--line);padding:.6rem clamp(.75rem,3vw,2rem);font-size:${SIZES.small}rem;color:var(--quiet)}
.foot p{margin:0;max-width:none}
.keys{display:none}
.scripted .keys{display:inline}

.told,.notice,.verdict{border-left:4px solid var(--tone,var(--edge));background:var(--tone-ground,var(--sunken));padding:.6rem 1rem;margin:0 0 1.25rem;max-width:none}
.told{white-space:pre-line}
.verdict strong,.notice strong{color:var(--tone)}
.notice{margin:1rem 0}
.notice p{margin:.15rem 0}
.card{background:var(--panel);border:1px solid var(--line);border-left:4px solid var(--tone,var(--edge));border-radius:4px;padding:.75rem 1rem;margin:0 0 .75rem}
.card>:last-child{margin-bottom:0}
.mend{display:block;color:var(--quiet);margin:.1rem 0 .3rem}
.mend form{margin:.2rem 0}
.empty{border:1px dashed var(--edge);border-radius:4px;padding:1.5rem 1rem;text-align:center;color:var(--quiet)}
.empty p{margin:.25rem auto}
.empty strong{color:var(--ink)}
.trouble{max-width:44rem;font-size:${SIZES.large}rem}
.trouble form{margin:1rem 0}
.facts{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(11rem,100%),1fr));gap:1rem 1.5rem;margin:1.25rem 0}
.facts.across{grid-template-columns:repeat(auto-fit,minmax(min(11rem,100%),1fr))}
.facts>div{border-top:1px solid var(--edge);padding-top:.35rem;min-width:0}
.facts dt{font-size:${SIZES.small}rem;color:var(--quiet)}
.facts dd{margin:0;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
.chips{display:flex;flex-wrap:wrap;gap:.4rem;list-style:none;margin:.75rem 0;padding:0;font-size:${SIZES.small}rem}
.chips li{margin:0;min-width:0}
.chips a{display:inline-block;padding:.25rem .6rem;border:1px solid var(--edge);border-radius:1rem;color:var(--ink);text-decoration:none;overflow-wrap:anywhere}
.chips a:hover{background:var(--sunken)}
.tag{display:inline-block;padding:.05rem .5rem;border-radius:3px;border:1px solid var(--edge);font-size:${SIZES.small}rem;line-height:1.5;white-space:nowrap}
${['high', 'medium', 'low', 'informational'].map((one) => `.tag.${one}{background:var(--${one});color:var(--on-${one});border-color:var(--${one}-edge)}`).join('\n')}
.standing{color:var(--tone,var(--quiet));font-weight:600;white-space:nowrap}
.standing::before{content:"";display:inline-block;width:.5em;height:.5em;margin-right:.4em;border-radius:50%;background:currentColor;vertical-align:.08em}
.standing.bad::before{border-radius:0}
.user{overflow-wrap:anywhere}
.timeline{list-style:none;margin:.75rem 0;padding:0}
.timeline li{position:relative;border-left:2px solid var(--line);padding:0 0 .9rem 1.1rem;margin:0 0 0 5px}
.timeline li::before{content:"";position:absolute;left:-6px;top:.45em;width:10px;height:10px;border-radius:50%;background:var(--tone,var(--accent))}
figure{margin:1rem 0}
figcaption{font-size:${SIZES.small}rem;color:var(--quiet);margin-top:.4rem}
.drawn{max-width:44rem}
.drawn svg{max-width:100%;height:auto;display:block}
meter{width:6rem;vertical-align:middle}
dialog{color:var(--ink);background:var(--panel);border:1px solid var(--edge);border-radius:6px;padding:1.25rem 1.5rem;max-width:min(30rem,92vw)}
dialog::backdrop{background:rgb(0 0 0 / .45)}
dialog h2{margin-top:0}
dialog dl{display:grid;grid-template-columns:max-content 1fr;gap:.35rem 1rem;margin:0 0 1rem}
dialog dd{margin:0}
${TABLE_STYLES}
${FORM_STYLES}
${chartStyles()}
@media (max-width:40rem){
.top{gap:0 1rem}
.top nav{order:3;flex-basis:100%}
.top nav a{padding:.45rem .55rem}
.account{margin-left:auto}
.account>:first-child{max-width:9rem}
}
@media (forced-colors:active){.tag,.card,.button,button{border:1px solid}.standing::before{background:CanvasText}}
@media print{
html{font-size:12px}
.skip,.top nav,.account form,.filters,.pager,.acts,.keys,button,.button{display:none}
.scroll{overflow:visible}
tr,.card,figure{break-inside:avoid}
thead{display:table-header-group}
h2,h3{break-after:avoid}
a{color:inherit}
}
`;
