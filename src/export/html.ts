/**
 * One page without script and without anything to load: the text of each document as it is, entities highlighted with their
 * labels beside them, labels of tokens under the words. NUL, which no page can hold, is shown as U+FFFD.
 */
import type { AnnotatedDocument } from '../text/document.js';
import { escaped } from './escaped.js';
import type { OutputKind, OutputOptions } from './format.js';
import { classesOf, type StyleOf, stylesOf } from './html-colors.js';
import { nested } from './html-nesting.js';
import { css } from './html-style.js';

export const html: OutputKind = {
  summary: 'a page to look at, with highlighted entities; it needs no other file',
  endings: ['.html', '.htm'],
  open(options) {
    const styleOf = stylesOf(options.labels);
    return {
      ending: '.html',
      head: headOf(options, styleOf),
      between: '\n',
      tail: '\n</body>\n</html>\n',
      write: (document) => sectionOf(document, options, styleOf),
    };
  },
};

function headOf({ labels = [] }: OutputOptions, styleOf: StyleOf): string {
  const items = labels.map(
    (label) => `<li><i class="${classesOf(styleOf(label))}"></i>${escaped(label)}</li>`,
  );
  const legend =
    items.length > 0 ? `<ul class="legend" aria-label="Labels">\n${items.join('\n')}\n</ul>\n` : '';
  return `<!doctype html>
<html>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Annotated documents</title>
<style>${css}</style>
</head>
<body>
${legend}`;
}

/** What a document's text has labels on: a stretch with its label and score. */
interface Stretch {
  readonly label: string;
  readonly start: number;
  readonly end: number;
  readonly score?: number;
}

function sectionOf(document: AnnotatedDocument, { label, scheme }: OutputOptions, styleOf: StyleOf): string {
  const { id, text, entities } = document;
  const content =
    scheme === 'none'
      ? elements(text, labelledTokens(document, label), 'span', 'token ', styleOf)
      : elements(text, entities, 'mark', '', styleOf);
  const anchor = encodeURIComponent(id.replace(/\p{Cs}/gu, '\uFFFD'));
  return `<section id="${anchor}">
<h2><a href="#${anchor}">${escaped(id)}</a></h2>
<div class="text" dir="auto">${content}</div>
</section>`;
}

/** The text with an element around each stretch. */
function elements(
  text: string,
  stretches: readonly Stretch[],
  tag: string,
  classes: string,
  styleOf: StyleOf,
): string {
  const parts: string[] = [];
  const ends: number[] = [];
  let at = 0;
  const copyTo = (to: number) => {
    parts.push(escaped(text.slice(at, to)));
    at = to;
  };
  const closeUpTo = (limit: number) => {
    while (ends.length > 0 && ends[ends.length - 1] <= limit) {
      copyTo(ends.pop() as number);
      parts.push(`</${tag}>`);
    }
  };
  for (const { of, start, end, isLast } of nested(stretches)) {
    closeUpTo(start);
    copyTo(start);
    const all = `${classes}${classesOf(styleOf(of.label))}${isLast ? '' : ' open'}`;
    parts.push(`<${tag} class="${all}" data-label="${escaped(of.label)}"${titleOf(of)}>`);
    ends.push(end);
  }
  closeUpTo(text.length);
  copyTo(text.length);
  return parts.join('');
}

function labelledTokens({ sentences }: AnnotatedDocument, column: string): Stretch[] {
  return sentences.flatMap(({ tokens, columns, scores }) =>
    tokens.map(({ start, end }, t) => ({
      label: columns?.[column]?.[t] ?? '',
      start,
      end,
      score: scores?.[t],
    })),
  );
}

const titleOf = ({ label, score }: Stretch): string =>
  score === undefined ? '' : ` title="${escaped(label)}, probability ${score}"`;
