/** What every output must do: offsets that give the text of each entity, and nothing lost on the way back. */
import { parseString } from 'fast-csv';
import { describe, expect, it } from 'vitest';
import { conll } from '../../src/corpus/conll.js';
import { conllu } from '../../src/corpus/conllu.js';
import { openPairs, openRecords, type RecordStandoffName } from '../../src/corpus/standoff/index.js';
import { type OutputName, type OutputOptions, outputs } from '../../src/export/index.js';
import type { AnnotatedDocument, Entity, Sentence } from '../../src/text/document.js';
import { type OffsetUnit, offsetUnits } from '../../src/text/offsets.js';
import { decodeSpans, type SpanScheme } from '../../src/text/schemes.js';
import { randomOf } from '../conformance/standoff-text.js';
import { range, seed } from '../support/arrays.js';
import { contentOf, stretchesOf } from './html-content.js';
import { annotatedDocument, column, labelledDocument, labels } from './random-documents.js';

const settings: OutputOptions = { label: column, scheme: 'bioes', predicted: true, labels };

/** Documents of some seeds, and the file that they become; those of two files a document as such. */
function written(name: OutputName, options: Partial<OutputOptions>, documents: readonly AnnotatedDocument[]) {
  const output = outputs[name].open({ ...settings, ...options });
  if ('files' in output) return { text: '', files: documents.map((document) => output.files(document)) };
  const parts = documents.map((document) => output.write(document)).filter((part) => part !== undefined);
  return { text: output.head + parts.join(output.between) + output.tail, files: [] };
}

const documentsOf = (from: number, make = annotatedDocument, count = 8) =>
  range(1, count).map((i) => make(randomOf(1000 * seed + 100 * from + i), `d${i}`));

type Stretches = readonly Pick<Entity, 'label' | 'start' | 'end' | 'text'>[];
/** The stretches of each document that was written, by its id, with offsets as they stand in the file. */
type Reader = (
  written: { text: string; files: readonly ReadonlyMap<string, string>[] },
  name: OutputName,
  unit: OffsetUnit,
  documents: readonly AnnotatedDocument[],
) => Promise<ReadonlyMap<string, Stretches>>;

const plain = ({ label, start, end, text }: Entity) => ({ label, start, end, text });

/** A text by code points or by code units. */
const pieces = { codepoint: (text: string) => [...text], utf16: (text: string) => text.split('') };

const records: Reader = async ({ text }, name, unit) => {
  const { documents } = openRecords(name as RecordStandoffName, { unit }).read({ name: 'a', text });
  return new Map(documents.map(({ id, entities = [] }) => [id, entities.map(plain)]));
};

const pairs: Reader = async ({ files }, _, unit) =>
  new Map(
    files.map((file, i) => {
      const [text, beside] = [file.get('.txt') ?? '', file.get('.ann') ?? ''];
      const { documents } = openPairs('brat', { unit }).read({ name: `d${i + 1}.txt`, text, beside });
      return [`d${i + 1}`, (documents[0].entities ?? []).map(plain)];
    }),
  );

const rows =
  (delimiter: string): Reader =>
  async ({ text }, _, unit, documents) => {
    const found = new Map<string, Stretches>(documents.map(({ id }) => [id, []]));
    for await (const row of parseString(text, { headers: true, delimiter, strictColumnHandling: true })) {
      const { id, label, text: content } = row;
      const source = pieces[unit](documents.find((document) => document.id === id)?.text ?? '');
      const [from, to] = [Number(row.start), Number(row.end)];
      expect(source.slice(from, to).join('')).toBe(content);
      const start = source.slice(0, from).join('').length;
      const stretch = { label, start, end: start + content.length, text: content };
      found.set(id, [...(found.get(id) ?? []), stretch]);
    }
    return found;
  };

const page: Reader = async ({ text }, _, __, documents) =>
  new Map(documents.map(({ id }, i) => [id, stretchesOf(text, i)]));

/** Every output with offsets or places in a text; the others are of columns. */
const readers: Readonly<Partial<Record<OutputName, Reader>>> = {
  jsonl: records,
  csv: rows(','),
  tsv: rows('\t'),
  html: page,
  doccano: records,
  'label-studio': records,
  prodigy: records,
  spacy: records,
  brat: pairs,
};

describe.each(Object.keys(readers) as OutputName[])('%s', (name) => {
  const read = readers[name] as Reader;

  it.each(offsetUnits)(`has every entity at its place, in %s, seed ${seed}`, async (unit) => {
    for (let from = 1; from <= 20; from++) {
      const documents = documentsOf(from);
      const found = await read(written(name, { unit }, documents), name, unit, documents);
      for (const { id, entities, text } of documents) {
        const stretches = found.get(id);
        expect(stretches, `${from} ${id}`).toEqual(entities.map(plain));
        expect(stretches?.every(({ start, end, text: own }) => text.slice(start, end) === own)).toBe(true);
      }
    }
  });
});

it('every output has its reader here', () => {
  expect([...Object.keys(readers), 'conll', 'conllu'].sort()).toEqual(Object.keys(outputs).sort());
});

describe('columns', () => {
  const schemes: readonly SpanScheme[] = ['bio', 'iob1', 'bioes'];

  const wordsOf = (sentences: readonly Sentence[]) =>
    sentences.map(({ tokens }) => tokens.map(({ text }) => text));

  /** One list for all documents: CoNLL does not tell them apart. */
  const expected = (documents: readonly AnnotatedDocument[], name = column) => {
    const sentences = documents.flatMap((document) => document.sentences);
    const tags = sentences.map(({ columns }) => columns?.[name] ?? []);
    return { words: wordsOf(sentences), tags };
  };

  it.each(schemes)(`of CoNLL have words and spans in %s, seed ${seed}`, (tags) => {
    for (let from = 1; from <= 20; from++) {
      const documents = documentsOf(from);
      const { text } = written('conll', { tags }, documents);
      const format = conll.open({ columns: ['word', 'tag'], separator: 'space', comments: false });
      const sentences = format.read({ name: 'a', text }).documents.flatMap((document) => document.sentences);
      const whole = expected(documents);
      expect(wordsOf(sentences)).toEqual(whole.words);
      expect(sentences.map(({ columns }) => decodeSpans(columns?.tag ?? [], tags))).toEqual(
        whole.tags.map((each) => decodeSpans(each, 'bioes')),
      );
    }
  });

  it.each(schemes)(`of CoNLL-U have words, spans in %s and documents, seed ${seed}`, (tags) => {
    for (let from = 1; from <= 20; from++) {
      const documents = documentsOf(from).filter(({ sentences }) => sentences.length > 0);
      const read = conllu.open({}).read({ name: 'a', text: written('conllu', { tags }, documents).text });
      expect(read.documents.map(({ id }) => id)).toEqual(documents.map(({ id }) => id));
      read.documents.forEach(({ sentences, text }, d) => {
        const whole = expected([documents[d]]);
        expect(wordsOf(sentences)).toEqual(whole.words);
        const found = sentences.map(({ columns }) => (columns?.misc ?? []).map(tagIn));
        expect(found.map((each) => decodeSpans(each, tags))).toEqual(
          whole.tags.map((each) => decodeSpans(each, 'bioes')),
        );
        // White space is one space there, and stands between the same words.
        expect(text.replaceAll(' ', '')).toBe(whole.words.flat().join(''));
        expect(spacesIn({ text, sentences })).toEqual(spacesIn(documents[d]));
      });
    }
  });

  const tagIn = (misc: string) => /(?:^|\|)NER=([^|]*)/.exec(misc)?.[1] ?? 'O';

  const spacesIn = ({ sentences }: Pick<AnnotatedDocument, 'text' | 'sentences'>) => {
    const tokens = sentences.flatMap((sentence) => sentence.tokens);
    return tokens.slice(1).map(({ start }, i) => start > tokens[i].end);
  };

  it('have labels of tokens where the format has a column for them', () => {
    const upos = ['NOUN', 'VERB'];
    const document = labelledDocument(randomOf(seed), 'd1', upos);
    const sentences = document.sentences.map(({ tokens, columns }) => ({
      tokens,
      columns: { upos: columns?.[column] ?? [] },
    }));
    const options = { label: 'upos', scheme: 'none' } as const;
    const { text } = written('conllu', options, [{ ...document, sentences }]);
    const [read] = conllu.open({}).read({ name: 'a', text }).documents;
    expect(read.sentences.map(({ columns }) => columns?.upos)).toEqual(expected([document]).tags);
  });
});

describe('labels of tokens', () => {
  it.each(['csv', 'html'] as const)(`are in %s with every token, seed ${seed}`, async (name) => {
    const documents = documentsOf(50, (random, id) => labelledDocument(random, id));
    const found = await readers[name]?.(
      written(name, { scheme: 'none' }, documents),
      name,
      'utf16',
      documents,
    );
    for (const { id, sentences } of documents) {
      const tokens = sentences.flatMap(({ tokens, columns }) =>
        tokens.map(({ start, end, text }, t) => ({ label: columns?.[column][t], start, end, text })),
      );
      expect(found?.get(id)).toEqual(tokens);
    }
  });
});

describe('what a format cannot hold is told', () => {
  const token = (text: string, start = 0) => ({ text, start, end: start + text.length });
  const documentOf = (words: readonly string[], tags: readonly string[]): AnnotatedDocument => {
    const text = words.join('');
    const tokens = words.map((word, i) => token(word, words.slice(0, i).join('').length));
    return { id: 'x', text, sentences: [{ tokens, columns: { [column]: tags } }], entities: [] };
  };

  it.each<[OutputName, string, readonly string[]]>([
    ['conll', 'a word with a space', ['New York']],
    ['conll', 'a word with a line end', ['New\nYork']],
    ['conll', 'a word that would begin a document', ['-DOCSTART-', 'x']],
    ['conllu', 'a word with a tab', ['New\tYork']],
    ['conllu', 'a word with a line end', ['New\nYork']],
  ])('%s: %s', (name, _, words) => {
    const write = () =>
      written(name, {}, [
        documentOf(
          words,
          words.map(() => 'O'),
        ),
      ]);
    expect(write).toThrow(expect.objectContaining({ code: 'E_DOCUMENT' }));
  });

  it.each(['conll', 'conllu'] as const)('%s: an entity that is no run of tokens of one sentence', (name) => {
    const [one, two] = [documentOf(['ab', 'cd'], ['O', 'O']), documentOf(['ef'], ['O'])];
    const sentences = [...one.sentences, { ...two.sentences[0], tokens: [token('ef', 4)] }];
    const base = { id: 'x', text: 'abcdef', sentences };
    for (const [start, end] of [
      [1, 4],
      [0, 3],
      [2, 6],
    ]) {
      const entities = [{ label: 'PER', start, end, text: base.text.slice(start, end) }];
      const write = () => written(name, {}, [{ ...base, entities }]);
      expect(write, `${start} ${end}`).toThrow(expect.objectContaining({ code: 'E_DOCUMENT' }));
    }
  });
});

describe('CoNLL-U', () => {
  const document = (id: string): AnnotatedDocument => {
    const words: [string, number][] = [
      ['Rain', 0],
      ['fell', 5],
      ['.', 9],
    ];
    const tokens = words.map(([text, start]) => ({ text, start, end: start + text.length }));
    return {
      id,
      text: 'Rain fell.',
      sentences: [{ tokens, columns: { ner: ['O', 'O', 'O'] } }],
      entities: [],
    };
  };

  it('has the text of each sentence, as its words and spaces make it', () => {
    const { text } = written('conllu', {}, [document('a')]);
    expect(text.split('\n').slice(0, 2)).toEqual(['# newdoc id = a', '# text = Rain fell.']);
  });

  it('keeps a line end in an id from ending the line', () => {
    const { text } = written('conllu', {}, [document('a\nb\r\nc')]);
    const [read] = conllu.open({}).read({ name: 'x', text }).documents;
    expect(read.id).toBe('a b c');
  });
});

describe('JSON lines', () => {
  it(`hold a document as it was, seed ${seed}`, () => {
    for (const unit of offsetUnits) {
      const documents = documentsOf(70).concat(annotatedDocument(randomOf(seed), 'lone', true));
      const { text } = written('jsonl', { unit }, documents);
      const read = openRecords('jsonl', { unit, label: column }).read({ name: 'a', text }).documents;
      read.forEach(({ id, text, entities, sentences, fields }, d) => {
        const whole = documents[d];
        expect({ id, text, entities, fields }).toEqual({
          id: whole.id,
          text: whole.text,
          entities: whole.entities,
          fields: whole.fields,
        });
        // Sentences are not told apart in the file.
        const tokens = (of: readonly Sentence[]) => of.flatMap((sentence) => sentence.tokens);
        const values = (of: readonly Sentence[]) =>
          of.flatMap(({ columns, scores }) => [columns?.[column], scores].flat());
        expect(tokens(sentences)).toEqual(tokens(whole.sentences));
        expect(values(sentences).sort()).toEqual(values(whole.sentences).sort());
      });
    }
  });
});

it('the content of a page is the text of the document', () => {
  for (let from = 1; from <= 20; from++) {
    const documents = documentsOf(from);
    const { text } = written('html', {}, documents);
    // NUL is shown as U+FFFD: HTML has no way to write it.
    const contents = documents.map((_, i) => contentOf(text, i));
    expect(contents).toEqual(documents.map((document) => document.text.replaceAll('\0', '\uFFFD')));
  }
});
