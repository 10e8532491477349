/** The look of the page: ink and paper as on the pages of annotated documents, for the dark and for print too. */
import { page } from '../export/html-style.js';

const theme = ({ paper, ink, quiet }: typeof page.light) => `--paper:${paper};--ink:${ink};--quiet:${quiet}`;

export const css = `
:root { color-scheme: light dark; ${theme(page.light)}; --line: color-mix(in srgb, var(--ink) 16%, transparent) }
@media (prefers-color-scheme: dark) { :root { ${theme(page.dark)} } }
* { box-sizing: border-box }
body { margin: 0 auto; padding: 2rem 1.25rem 5rem; max-width: 80rem; background: var(--paper); color: var(--ink);
  font: 1rem/1.55 ui-sans-serif, system-ui, "Segoe UI", "Noto Sans", sans-serif; overflow-wrap: anywhere }
h1 { margin: 0; font-size: .9375rem; font-weight: 600; color: var(--quiet) }
.verdict { margin: .5rem 0 1rem; font-size: clamp(1.25rem, 3.4vw, 1.75rem); line-height: 1.35; font-weight: 600; text-wrap: pretty }
h2 { margin: 3rem 0 .5rem; font-size: 1.25rem; line-height: 1.3 }
h3 { margin: 1.5rem 0 .4rem; font-size: 1rem }
p { max-width: 52rem } .verdict { max-width: 60rem }
.note { color: var(--quiet); font-size: .875rem }
.scroll { margin: 0 0 1.5rem; overflow-x: auto }
.scroll:focus-visible { outline: 2px solid #56b4e9; outline-offset: 2px }
figure { margin: 0 } figure svg { display: block; min-width: 38rem; max-width: 100%; height: auto }
table { border-collapse: collapse; font-size: .875rem; font-variant-numeric: tabular-nums }
caption { padding: 0 0 .4rem; text-align: start; color: var(--quiet); font-size: .875rem }
th, td { padding: .35rem .6rem; text-align: end; vertical-align: baseline; white-space: nowrap; overflow-wrap: normal; border-bottom: 1px solid var(--line) }
thead th { font-weight: 600; vertical-align: bottom; border-bottom-color: var(--quiet) }
th:first-child { padding-inline-start: 0; text-align: start }
tbody th { min-width: 9rem; max-width: 17rem; font-weight: 600; white-space: normal; overflow-wrap: anywhere }
tbody th small { display: block; color: var(--quiet); font-size: .8125rem; font-weight: 400 }
.labels thead th:not(:first-child) { min-width: 5.75rem; max-width: 9rem; white-space: normal; overflow-wrap: anywhere }
.best { font-weight: 700 }
.text, .examples th { text-align: start; white-space: normal }
.plain td small { display: block; color: var(--quiet) } .plain th, .plain td { padding-inline: .45rem } .plain th:first-child { padding-inline-start: 0 }
.examples td { min-width: 8rem; overflow-wrap: anywhere } .examples td:last-child { min-width: 20rem; line-height: 2.1 }
.examples b, .confusion b { font-size: .75rem; letter-spacing: .02em }
.gold { border-bottom: 2px solid } .predicted { border-top: 2px dashed } .gold, .predicted { padding-block: .12em }
.confusion td { background: color-mix(in srgb, #56b4e9 calc(var(--share, 0) * 45%), var(--paper)) }
.confusion td.right { outline: 2px solid var(--ink); outline-offset: -3px }
details { margin: .75rem 0; border-top: 1px solid var(--line) } summary { padding: .5rem 0; font-weight: 600; cursor: pointer }
@media print { @page { size: A4 landscape; margin: 12mm }
  :root { color-scheme: light; ${theme(page.light)}; --paper: #fff } body { max-width: none; padding: 0; font-size: 9.5pt }
  .scroll { overflow: visible } table { font-size: 7.5pt } th, td { padding: .2rem .35rem } figure svg { min-width: 0 }
  .labels thead th:not(:first-child) { min-width: 0 } .confusion { font-size: 6.5pt } .confusion tbody th { min-width: 0 } .confusion b { font-size: inherit }
  h2, h3, h2 + .note, caption, summary { break-after: avoid } figure, tr { break-inside: avoid }
  details::details-content { content-visibility: visible; block-size: auto }
  .confusion td { -webkit-print-color-adjust: exact; print-color-adjust: exact } }
`;
