/**
 * brat's own files (https://brat.nlplab.org/standoff.html): `x.txt`, and `x.ann` with a line an annotation. An entity is
 * `T1`, a tab, the label and its offsets, a tab, its text. A text stays on its line: brat cuts entities at line breaks and
 * tabs into fragments, `T1\tPlace 0 3;4 8\tNew York`, and so do we; fragments with nothing but white space between them
 * are one entity again. One with other gaps is no stretch of the text and is reported, as is all that is no entity.
 */
import { basename } from 'node:path';
import type { Place, Problem } from '../../core/errors.js';
import { type Offsets, offsetsOf } from '../../text/offsets.js';
import type { Source } from '../format.js';
import { isBlank, linesOf } from '../lines.js';
import { cut, type Fragment, join } from './brat-fragments.js';
import type { Ignored, PairStandoffKind, StandoffEntity, StandoffRecord } from './format.js';
import { excerpt } from './json-records.js';
import { cannotHold, expectWellFormed, stretchesOf } from './write-record.js';

const endings = { text: '.txt', annotation: '.ann' } as const;

export const brat: PairStandoffKind = {
  summary: 'pairs of files of brat, the text in .txt and the annotation in .ann',
  unit: 'codepoint',
  endings,
  normalize: (text) => text.replace(/\s+/g, ' '),
  parse({ text: { name, text }, annotation }, { unit }) {
    const entities: StandoffEntity[] = [];
    const places: Place[] = [];
    const ignored: Ignored[] = [];
    const problems: Problem[] = [];
    const offsets = offsetsOf(text, unit);
    for (const { content, place } of annotationsOf(annotation)) {
      const textBound = textBoundOf(content, offsets);
      const what = textBound ? 'discontinuous entity' : others[content[0]];
      const stretch = textBound && join(text, textBound.fragments);
      if (stretch) {
        const [start, end] = stretch.map(offsets.ofUtf16);
        entities.push({ ...textBound.entity, start, end });
        places.push(place);
      } else if (what) ignored.push({ what, place, found: content });
      else problems.push(noAnnotation(content, place));
    }
    return { record: { id: basename(name, endings.text), text, entities }, places, ignored, problems };
  },
  format(record, settings) {
    expectWellFormed(record, 'brat');
    const offsets = offsetsOf(record.text, settings.unit);
    const stretches = stretchesOf(record, settings) ?? [];
    const lines = stretches.map((entity, i) => `T${i + 1}\t${formatEntity(entity, record, offsets)}\n`);
    return { text: record.text, annotation: lines.join('') };
  },
};

/** What is no entity, by the first character of its id. */
const others: Readonly<Record<string, string>> = {
  R: 'relation',
  '*': 'equivalence',
  E: 'event',
  A: 'attribute',
  M: 'attribute',
  N: 'normalization',
  '#': 'note',
};

function* annotationsOf({ name, text }: Source) {
  for (const line of linesOf(text)) {
    if (isBlank(text, line)) continue;
    const content = text.slice(line.start, line.end);
    const [record] = content.split('\t', 1);
    yield { content, place: { file: name, line: line.number, record } };
  }
}

/** An annotation of one or more fragments of the text, in UTF-16. */
function textBoundOf(content: string, { toUtf16 }: Offsets) {
  const parts = /^T\S*\t(\S+) (\d+ \d+(?:;\d+ \d+)*)(?:\t(.*))?$/s.exec(content);
  if (!parts) return undefined;
  const [, label, places, text] = parts;
  const fragments = places
    .split(';')
    .map((place) => place.split(' ').map(Number).map(toUtf16)) as unknown as Fragment[];
  return { entity: { label, ...(text && { text }) }, fragments };
}

function noAnnotation(content: string, { record: _, ...place }: Place): Problem {
  return {
    message: 'no annotation',
    place: { ...place, column: 1 },
    expected: 'T1, a tab, label start end, a tab, the text; or a line of another kind',
    found: excerpt(content),
  };
}

function formatEntity(
  { label, start, end }: StandoffEntity,
  record: StandoffRecord,
  offsets: Offsets,
): string {
  const fragments = cut(record.text, offsets.toUtf16(start), offsets.toUtf16(end));
  const why = fragments ? 'its label has white space' : 'it begins or ends with a line break or tab';
  if (!fragments || /\s/.test(label)) {
    throw cannotHold(record, { message: `a file of brat cannot hold the entity ${excerpt(label)}: ${why}` });
  }
  const places = fragments.map((fragment) => fragment.map(offsets.ofUtf16).join(' ')).join(';');
  const text = fragments.map(([from, to]) => record.text.slice(from, to)).join(' ');
  return `${label} ${places}\t${text}`;
}
