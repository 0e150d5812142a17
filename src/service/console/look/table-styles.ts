import { SIZES } from '../../../reports/palette.ts';

/** Tables; on a narrow window each row of a list is a card, its cells named by `data-name`. */
export const TABLE_STYLES = `
.scroll{position:relative;overflow-x:auto;margin:.75rem 0}
table{border-collapse:collapse;width:100%;font-size:.875rem;line-height:1.4;font-variant-numeric:tabular-nums}
caption{text-align:left;padding:0 0 .4rem;color:var(--quiet)}
th,td{text-align:left;vertical-align:baseline;padding:.45rem 1rem .45rem 0;font-weight:400;min-width:3rem}
tbody th,td .user,.says{overflow-wrap:anywhere}
td[data-name=Issue]{white-space:nowrap}
th:last-child,td:last-child{padding-right:0}
thead th{font-size:${SIZES.small}rem;color:var(--quiet);border-bottom:1px solid var(--edge);vertical-align:bottom;overflow-wrap:normal;white-space:nowrap}
tbody tr{border-bottom:1px solid var(--line)}
tbody th{font-weight:600}
tbody th .quiet{font-weight:400}
.links{display:flex;flex-wrap:wrap;gap:.25rem 1.1rem}
tbody th a{display:inline-block;padding:.1rem 0}
.list tbody tr:hover,.list tbody tr:focus-within{background:var(--sunken)}
th.n,td.n{text-align:right}
td.choose,th:has(.choose-all){width:2.25rem;min-width:2.25rem;padding-left:.25rem}
.says{color:var(--quiet)}
.pager{display:flex;justify-content:space-between;gap:1rem;margin:1rem 0}
@media (max-width:46rem){
.list thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.list,.list tbody,.list tr,.list th,.list td{display:block;width:auto;min-width:0}
.list tbody tr{display:flex;flex-direction:column;border:1px solid var(--line);border-radius:4px;background:var(--panel);padding:.5rem .75rem;margin:0 0 .6rem}
.list th,.list td{padding:.15rem 0;text-align:left}
.list th.n,.list td.n{text-align:left}
.list td[data-name]{display:grid;grid-template-columns:7rem minmax(0,1fr);gap:.75rem;justify-items:start}
.list td[data-name]::before{content:attr(data-name);color:var(--quiet);font-size:${SIZES.small}rem}
.list tbody th{order:-1}
.list td.choose{order:-2;width:auto;padding:.15rem 0}
}
`;
