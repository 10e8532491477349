/**
 * The look of the page. Everything is made of ink, paper and the colour of a label, so that the dark page and the printed one
 * only change these. Labels are written by CSS: the text that is copied from the page is that of the document.
 */
import { colors, lines } from './html-colors.js';

/** Of paper and ink, light and dark; how much of a label's colour is in its background and in the letters of its name. */
export const page = {
  light: { paper: '#fdfdfb', ink: '#1c1d1f', quiet: '#62656b' },
  dark: { paper: '#17181b', ink: '#e4e5e7', quiet: '#9a9da3' },
  background: 20,
  name: 38,
};

const theme = ({ paper, ink, quiet }: typeof page.light) => `--paper:${paper};--ink:${ink};--quiet:${quiet}`;

export const css = `
:root { color-scheme: light dark; ${theme(page.light)} }
@media (prefers-color-scheme: dark) { :root { ${theme(page.dark)} } }
body { margin: 0 auto; padding: 2rem 1.25rem 6rem; max-width: 44rem; background: var(--paper); color: var(--ink);
  font: 1.0625rem/1.85 ui-serif, Charter, Georgia, "Noto Serif", serif; }
h2, .legend, mark::after, .token::after { font-family: ui-sans-serif, system-ui, "Segoe UI", "Noto Sans", sans-serif; }
.legend { display: flex; flex-wrap: wrap; gap: .35rem 1.1rem; margin: 0 0 2.5rem; padding: 0 0 1rem; list-style: none;
  border-bottom: 1px solid color-mix(in srgb, var(--ink) 14%, transparent); font-size: .8125rem; line-height: 1.5; }
.legend i { display: inline-block; width: 1.3em; height: .95em; margin-inline-end: .45em; vertical-align: -.1em; }
section { margin: 0 0 3rem; content-visibility: auto; contain-intrinsic-size: auto 12rem; }
h2 { margin: 0 0 .35rem; font-size: .8125rem; font-weight: 600; line-height: 1.5; overflow-wrap: anywhere; }
h2 a { color: var(--quiet); text-decoration: none; }
h2 a:hover, h2 a:focus-visible { color: var(--ink); text-decoration: underline; }
section:target h2 a { color: var(--ink); }
.text { white-space: pre-wrap; overflow-wrap: anywhere; tab-size: 4; }
mark, .legend i { background: color-mix(in srgb, var(--c) ${page.background}%, var(--paper)); color: inherit; border-bottom: 2px var(--c); }
mark { padding: .1em .2em .05em; border-radius: .2em .2em 0 0; -webkit-box-decoration-break: clone; box-decoration-break: clone; }
mark::after, .token::after { content: attr(data-label); color: color-mix(in srgb, var(--c) ${page.name}%, var(--ink));
  font-size: .625rem; font-weight: 600; letter-spacing: .04em; }
mark::after { margin-inline-start: .5em; vertical-align: .12em; unicode-bidi: isolate; white-space: nowrap; }
mark.open { border-end-end-radius: 0; padding-inline-end: 0; }
mark.open::after { content: none; }
.token { display: inline-block; line-height: 1.3; margin-block: .15em; white-space: pre-wrap; text-align: center; vertical-align: top; }
.token::after { display: block; font-weight: 500; border-top: 2px var(--c); }
${colors.map((color, i) => `.c${i} { --c: ${color} }`).join('\n')}
${lines.map((line, i) => `mark.l${i}, i.l${i} { border-bottom-style: ${line} } .token.l${i}::after { border-top-style: ${line} }`).join('\n')}
@media print { :root { ${theme(page.light)}; --paper: #fff } body { max-width: none; padding: 0; font-size: 11pt }
  section { content-visibility: visible } h2 { break-after: avoid } mark, .token { break-inside: avoid }
  mark, .legend i { -webkit-print-color-adjust: exact; print-color-adjust: exact } }
`;
