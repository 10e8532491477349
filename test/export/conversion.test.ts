/** Every corpus format to every output that can be read back: what both can hold stays as it is. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { corpusSchema } from '../../src/corpus/description.js';
import { type CorpusDocuments, readDocuments } from '../../src/corpus/documents.js';
import { formats } from '../../src/corpus/index.js';
import { pairKinds, recordKinds, type StandoffName } from '../../src/corpus/standoff/index.js';
import { type OutputName, outputs } from '../../src/export/index.js';
import { writeDocuments } from '../../src/export/write-documents.js';
import type { AnnotatedDocument, Document } from '../../src/text/document.js';
import { documentMakerOf } from '../../src/text/options.js';
import { randomOf, textOf } from '../conformance/standoff-text.js';
import { folderWith } from '../corpus/files.js';
import { annotated, offsetFiles } from '../corpus/offset-files.js';
import { seed } from '../support/arrays.js';

const make = documentMakerOf({ kind: 'whitespace', sentences: { kind: 'lines' } });

/** With what outputs write, where they can be read as corpora: the labels of CoNLL-U stand in MISC, which is no column of labels. */
const columns = ['word', 'ner'];
const options: Readonly<Record<string, object>> = { conll: { columns, separator: 'space' } };
const texts = [...Object.keys(recordKinds), ...Object.keys(pairKinds)] as StandoffName[];
const targets = Object.keys(outputs).filter(
  (name): name is OutputName & keyof typeof formats => name in formats,
);

type Files = Record<string, string>;

async function read(format: string, files: Files, asAnnotated: boolean): Promise<CorpusDocuments> {
  const folder = await folderWith(files);
  const value = { format, ...options[format], files: { train: '_', dev: '_' } };
  const description = corpusSchema.parse(value);
  const paths = Object.keys(files).map((name) => join(folder, name));
  return readDocuments(paths, description, { ...description, make, asAnnotated });
}

function write(format: OutputName, { documents, label, scheme }: CorpusDocuments): Files {
  const kind = outputs[format].open({ label, scheme, predicted: false });
  const contents = writeDocuments(kind, documents);
  if ('files' in kind) {
    const files = contents.flatMap(({ content }, i) =>
      [...(content as ReadonlyMap<string, string>)].map(([ending, text]) => [`${i}${ending}`, text]),
    );
    return Object.fromEntries(files);
  }
  const { ending, head, between, tail } = kind;
  return { [`x${ending}`]: head + contents.map(({ content }) => content).join(between) + tail };
}

const convert = async (files: Files, from: string, to: OutputName): Promise<Files> =>
  write(to, await read(from, files, !outputs[to].needsTokens));

const marked = ({ text, entities }: AnnotatedDocument) => ({
  text,
  entities: entities.map(({ label, start, end, text }) => ({ label, start, end, text })),
});

/** Words and tags of all sentences; of CoNLL-U the words alone. */
async function rows(format: string, files: Files) {
  const { documents, label } = await read(format, files, false);
  return documents.flatMap(({ sentences }) =>
    sentences.map(({ tokens, columns }) => {
      const words = tokens.map(({ text }) => text);
      return format === 'conllu' ? { words } : { words, tags: columns?.[label] };
    }),
  );
}

/** In the order of their ids, in which files of pairs are read. */
const documents: readonly Document[] = [
  annotated('👩‍🚀 [Zoë Ng](PER) 😂  saw [Re\u0301ne\u0301](PER) .\r\nRain fell .', 'd1'),
  annotated('[לינדבי](LOC)  is \u202bfar\u202c , [中字 😂](x_y) 10\u00a0km', 'd2'),
  annotated('No name here .', 'd3'),
];

describe.each(texts)('from %s', (from) => {
  it.each(texts)('to %s texts and entities stay what they are', async (to) => {
    const files = await convert(offsetFiles(from, 'a', documents), from, to);
    const found = (await read(to, files, true)).documents;
    expect(found.map(marked)).toEqual(documents.map((document) => marked({ entities: [], ...document })));
    for (const { text, entities } of found) {
      for (const entity of entities) expect(text.slice(entity.start, entity.end)).toBe(entity.text);
    }
  });

  it.each(targets)('to %s and back words and tags stay what they are', async (to) => {
    const files = offsetFiles(from, 'a', documents);
    const expected = (await rows(from, files)).map(({ words, tags }) =>
      to === 'conllu' ? { words } : { words, tags },
    );
    const there = await convert(files, from, to);
    expect(await rows(to, there)).toEqual(expected);
    if (to !== 'conllu') expect(await rows(from, await convert(there, to, from))).toEqual(expected);
  });

  it('to any other, an entity that begins inside a token stays', async () => {
    const files = offsetFiles(from, 'a', [annotated('Port-[Elena Bay](LOC) .', 'd')]);
    for (const to of texts) {
      const [document] = (await read(to, await convert(files, from, to), true)).documents;
      expect(document.entities, to).toEqual([{ label: 'LOC', start: 5, end: 14, text: 'Elena Bay' }]);
    }
  });
});

it('entities that overlap stay, and are refused by the one format that cannot hold them', async () => {
  const entities = ['Elena Bay', 'Bay'].map((text) => ({
    label: 'X',
    start: 14 - text.length,
    end: 14,
    text,
  }));
  const files = offsetFiles('jsonl', 'a', [{ id: 'd', text: 'Port-Elena Bay', sentences: [], entities }]);
  for (const to of texts.filter((name) => name !== 'spacy')) {
    const [document] = (await read(to, await convert(files, 'jsonl', to), true)).documents;
    expect(document.entities, to).toEqual(entities);
  }
  await expect(convert(files, 'jsonl', 'spacy')).rejects.toMatchObject({
    code: 'E_DOCUMENT',
    problems: [{ place: { record: 'd' } }],
  });
});

it(`random texts go through all formats of offsets one after the other (seed ${seed})`, async () => {
  for (let s = seed; s < seed + 40; s++) {
    const random = randomOf(s);
    const given = Array.from({ length: 3 }, (_, i): AnnotatedDocument => {
      const text = textOf(random, { lone: false });
      const cut = make(text).sentences.flatMap(({ tokens }) => tokens);
      const entities = cut
        .filter(() => random.below(3) === 0)
        .map((token) => ({ label: random.pick(['A', 'B']), ...token }));
      return { id: `d${i}`, text, sentences: [], entities };
    });
    let files = offsetFiles('jsonl', 'a', given);
    let from: StandoffName = 'jsonl';
    for (const to of [...texts, 'jsonl' as const]) {
      files = await convert(files, from, to);
      from = to;
    }
    expect((await read(from, files, true)).documents.map(marked), `seed ${s}`).toEqual(given.map(marked));
  }
});

describe('labels of single tokens', () => {
  it('go from columns to JSON lines and back', async () => {
    const brown = { 'a.txt': 'The/at sun/nn rose/vbd ./.\nSo/rb it/pps goes/vbz ./.\n' };
    const expected = await rows('brown', brown);
    const lines = await convert(brown, 'brown', 'jsonl');
    expect(await rows('jsonl', lines)).toEqual(expected);
    expect(await rows('conll', await convert(lines, 'jsonl', 'conll'))).toEqual(expected);
  });
});

it('records that nobody has annotated are converted with a warning, but never to columns of tags', async () => {
  const files = { 'a.jsonl': '{"text":"Zoë sails ."}\n' };
  const { warnings, documents } = await read('jsonl', files, true);
  expect(warnings).toEqual(['1 record is not annotated: it is written as if there were no entities']);
  expect(documents.map(({ entities }) => entities)).toEqual([[]]);
  await expect(read('jsonl', files, false)).rejects.toMatchObject({ code: 'E_CORPUS_FORMAT' });
});
