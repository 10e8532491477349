import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { offsetFormats } from '../../src/corpus/by-offset.js';
import { corpusSchema } from '../../src/corpus/description.js';
import { formats } from '../../src/corpus/index.js';
import { type LoadOptions, loadCorpus, readCorpusFile } from '../../src/corpus/load.js';
import type { StandoffName } from '../../src/corpus/standoff/index.js';
import type { Document } from '../../src/text/document.js';
import { documentMakerOf } from '../../src/text/options.js';
import { folderWith } from './files.js';
import { annotated, offsetFiles } from './offset-files.js';

const names = Object.keys(formats).filter((name) => name in offsetFormats) as StandoffName[];
const make = documentMakerOf({ kind: 'whitespace', sentences: { kind: 'lines' } });

const describeCorpus = (format: string, more: object = {}) =>
  corpusSchema.parse({ name: 'tiny', format, files: { train: 'train*', dev: 'dev*' }, ...more });

async function load(
  format: string,
  files: Record<string, string>,
  more: object = {},
  options: LoadOptions = { make },
) {
  const folder = await folderWith(files);
  const corpus = loadCorpus(describeCorpus(format, more), { folders: [folder], ...options });
  return { folder, corpus };
}

const both = (format: StandoffName, documents: readonly Document[]) => ({
  ...offsetFiles(format, 'train', documents),
  ...offsetFiles(format, 'dev', [annotated('[Oslo](LOC) .', 'x')]),
});

/** A document of each split in lines of JSON. */
const lines = (...records: object[]) => ({
  'train.jsonl': records.map((record) => `${JSON.stringify(record)}\n`).join(''),
  'dev.jsonl': '{"text":"x","entities":[]}\n',
});

describe.each(names)('a corpus in %s', (format) => {
  it('has the tags of its entities, whatever their characters', async () => {
    const documents = [
      annotated('👩‍🚀 [Zoë Ng](PER) 😂 in  [Port\u00A0Elena](LOC) .\r\nRain .', 'a'),
      annotated('[לינדבי](LOC) e\u0301 [中字 😂](ORG)', 'b'),
    ];
    const { corpus, folder } = await load(format, both(format, documents));
    const { splits, ...rest } = await corpus;
    expect(rest).toEqual({
      name: 'tiny',
      folder,
      label: 'ner',
      scheme: 'bioes',
      notation: 'BIOES',
      misaligned: [],
      warnings: [],
    });
    expect(splits.train.sentences).toEqual([
      {
        tokens: ['👩‍🚀', 'Zoë', 'Ng', '😂', 'in', 'Port', 'Elena', '.'],
        tags: ['O', 'B-PER', 'E-PER', 'O', 'O', 'B-LOC', 'E-LOC', 'O'],
      },
      { tokens: ['Rain', '.'], tags: ['O', 'O'] },
      { tokens: ['לינדבי', 'e\u0301', '中字', '😂'], tags: ['S-LOC', 'O', 'B-ORG', 'E-ORG'] },
    ]);
    expect(splits.dev.sentences).toEqual([{ tokens: ['Oslo', '.'], tags: ['S-LOC', 'O'] }]);
  });

  const documents = [annotated('[Zoë](PER) sails .', 'a'), annotated('to Port-[Elena Bay](LOC) .', 'b')];

  it('is refused where an entity begins inside a token, with the record and the edges of its tokens', async () => {
    const { corpus, folder } = await load(format, both(format, documents));
    const { code, problems } = await corpus.catch((error) => error);
    expect([code, problems]).toEqual([
      'E_CORPUS_FORMAT',
      [
        expect.objectContaining({
          message: 'entity LOC begins or ends inside a token',
          expected: '"Port-Elena Bay" 3–17, or "Bay" 14–17',
          found: '"Elena Bay" 8–17',
        }),
      ],
    ]);
    const { file, line, record } = problems[0].place;
    expect(file.startsWith(join(folder, 'train'))).toBe(true);
    expect(line ?? record ?? file).toSatisfy((found: unknown) => found === 2 || /b|2/.test(String(found)));
  });

  it.each([
    ['expand', 'expanded', ['O', 'B-LOC', 'E-LOC', 'O']],
    ['contract', 'contracted', ['O', 'O', 'S-LOC', 'O']],
    ['drop', 'dropped', ['O', 'O', 'O', 'O']],
  ])('under %s has a warning and a record of what was %s', async (align, outcome, tags) => {
    const { corpus } = await load(format, both(format, documents), { align });
    const { splits, misaligned, warnings } = await corpus;
    expect(splits.train.sentences[1].tags).toEqual(tags);
    expect(misaligned).toMatchObject([{ entity: { text: 'Elena Bay', start: 8 }, outcome }]);
    expect(warnings).toEqual([
      expect.stringMatching(`^1 entity in .* 1 ${outcome}; tagger corpus check lists them$`),
    ]);
  });

  it('is read to its end where misaligned entities are to be listed', async () => {
    const { corpus } = await load(format, both(format, documents), {}, { make, listsMisaligned: true });
    const { misaligned, warnings } = await corpus;
    expect([misaligned.length, misaligned[0].outcome, warnings]).toEqual([1, 'refused', []]);
  });
});

describe('a text', () => {
  it('is cut as the caller says, else by the usual tokenizer', async () => {
    const files = lines({ text: 'Zoë sails. So what?', entities: [] });
    const words = async (options: LoadOptions) => {
      const { corpus } = await load('jsonl', files, {}, options);
      return (await corpus).splits.train.sentences.map(({ tokens }) => tokens.join(' '));
    };
    expect(await words({})).toEqual(['Zoë sails .', 'So what ?']);
    expect(await words({ make })).toEqual(['Zoë sails. So what?']);
  });

  it('without entities or labels is no example of a text without names: it is refused', async () => {
    const { corpus, folder } = await load(
      'jsonl',
      lines({ id: 'r', text: 'Zoë' }, { text: 'b', entities: [] }),
    );
    await expect(corpus).rejects.toMatchObject({
      code: 'E_CORPUS_FORMAT',
      problems: [
        {
          message: 'the record is not annotated',
          place: { file: join(folder, 'train.jsonl'), line: 1, record: 'r' },
        },
      ],
    });
  });

  it('with no token at all leaves its split empty, which is refused', async () => {
    const { corpus } = await load('jsonl', lines({ text: ' ', entities: [] }));
    await expect(corpus).rejects.toMatchObject({
      code: 'E_CORPUS_FORMAT',
      problems: [{ message: 'split train of corpus tiny has no sentence' }],
    });
  });
});

describe('tokens of a record', () => {
  const text = 'so-so. Zoë';
  const tokens = [
    { start: 0, end: 2 },
    { start: 2, end: 6 },
    { start: 7, end: 10 },
  ];

  it('win over the tokenizer, which only says where sentences end', async () => {
    const entities = [{ start: 7, end: 10, label: 'PER' }];
    const { corpus } = await load('jsonl', lines({ text, tokens, entities }), {}, {});
    const { splits } = await corpus;
    expect(splits.train.sentences).toEqual([
      { tokens: ['so', '-so.'], tags: ['O', 'O'] },
      { tokens: ['Zoë'], tags: ['S-PER'] },
    ]);
  });

  it('may have labels of their own instead of entities', async () => {
    const labels = ['ADV', 'ADV', 'PROPN'];
    const labelled = tokens.map((token, i) => ({ ...token, label: labels[i] }));
    for (const record of [
      { text, tokens: labelled, entities: [] },
      { text, tokens: labelled },
    ]) {
      const dev = { 'dev.jsonl': JSON.stringify(record) };
      const { corpus } = await load('jsonl', { ...lines(record), ...dev }, {}, {});
      const { splits, scheme } = await corpus;
      expect([scheme, splits.train.sentences.map(({ tags }) => tags)]).toEqual([
        'none',
        [['ADV', 'ADV'], ['PROPN']],
      ]);
    }
  });
});

it('an entity across a sentence that the splitter ended makes the two one, and training hears of it', async () => {
  const document = annotated('to [Port\nElena](LOC) .\nRain !');
  const { corpus } = await load('jsonl', both('jsonl', [document]));
  const { splits, warnings } = await corpus;
  expect(splits.train.sentences.map(({ tokens }) => tokens.join(' '))).toEqual(['to Port Elena .', 'Rain !']);
  expect(warnings).toEqual([expect.stringContaining('1 kept')]);
});

it('offsets count what the description says', async () => {
  const record = { text: '😂 Zoë', entities: [{ start: 2, end: 5, label: 'PER' }] };
  const { corpus } = await load('jsonl', lines(record), { offsets: 'codepoint' });
  expect((await corpus).splits.train.sentences[0].tags).toEqual(['O', 'S-PER']);
});

describe('a corpus of pairs of files', () => {
  const documents = ['a', 'b', 'c', 'd'].map((id) => annotated(`[Zoë](PER) saw ${id} .`, id));
  const files = offsetFiles('brat', 'p', documents);

  it.each(['p*.txt', 'p*.ann', 'p*'])('may name either of the two, or both: %s', async (pattern) => {
    const { corpus } = await load('brat', files, { files: { train: pattern, dev: 'p-a*' } });
    const { splits } = await corpus;
    expect(splits.train.sentences.map(({ tokens }) => tokens[2])).toEqual(['a', 'b', 'c', 'd']);
    expect(splits.dev.sentences).toEqual([
      { tokens: ['Zoë', 'saw', 'a', '.'], tags: ['S-PER', 'O', 'O', 'O'] },
    ]);
  });

  it('is dealt out to folds by pairs', async () => {
    const split = { files: 'p*', folds: 4, dev: 2 };
    const { corpus } = await load('brat', files, { files: undefined, split });
    const words = Object.values((await corpus).splits).map((split) =>
      split?.sentences.map(({ tokens }) => tokens[2]),
    );
    expect(words.slice(0, 2)).toEqual([['a', 'c', 'd'], ['b']]);
  });

  it('lacks a file where one of a pair is missing', async () => {
    const { 'p-b.ann': _, ...others } = files;
    const { corpus, folder } = await load('brat', others, { files: { train: 'p*', dev: 'p-a*' } });
    await expect(corpus).rejects.toMatchObject({
      code: 'E_FILE_MISSING',
      problems: [{ place: { file: join(folder, 'p-b.ann') } }],
    });
  });

  it('has changed if either of two files has', async () => {
    const sha256 = createHash('sha256').update('other').digest('hex');
    for (const name of ['p-a.txt', 'p-a.ann']) {
      const { corpus, folder } = await load('brat', files, {
        files: { train: 'p*', dev: 'p-a*' },
        sha256: { [name]: sha256 },
      });
      expect((await corpus).warnings).toEqual([expect.stringContaining(join(folder, name))]);
    }
  });

  it('says what it leaves out', async () => {
    const more = { 'p-a.ann': `${files['p-a.ann']}#1\tNote T1\tsure?\n#2\tNote T1\tquite\n` };
    const { corpus, folder } = await load(
      'brat',
      { ...files, ...more },
      { files: { train: 'p*', dev: 'p-b*' } },
    );
    expect((await corpus).warnings).toEqual([
      expect.stringMatching(/^2 × .* are left out of corpus tiny, first at .*p-a\.ann:2/),
    ]);
    const one = await readCorpusFile(join(folder, 'p-a.ann'), describeCorpus('brat'), { make });
    expect(one.warnings).toHaveLength(1);
    expect(one.split.sentences).toHaveLength(1);
  });
});
