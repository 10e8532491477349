import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { formats, sentences, tinyFiles, workspace } from '../support/workspace.js';

const space = workspace();
const check = (...args: string[]) => {
  const { status, stdout, stderr } = space.run(['corpus', 'check', ...args]);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return stdout;
};

describe('tagger corpus check of a pipeline', () => {
  it('prints sizes, labels, repeats and inconsistencies of all splits', () => {
    const lines = check('tiny').split('\n');
    expect(lines[0]).toBe('bakers: column ner, spans in BIO → BIOES, 2 labels');
    expect(lines).toContainEqual(expect.stringMatching(/^split +sentences +tokens +forms +new tokens /));
    expect(lines).toContainEqual(expect.stringMatching(/^train +24 +\d+ /));
    expect(lines).toContainEqual(
      expect.stringMatching(/^longest sentence: train \d+ tokens \(train\.txt:\d+\), /),
    );
    expect(lines).toContainEqual(expect.stringMatching(/^PER +18 +6 +6 +\d+\.\d % +\d+\.\d %$/));
    expect(lines).toContainEqual(expect.stringMatching(/^sentences that train has too: dev \d+ /));
  });

  it('--json has the same figures', () => {
    const found = JSON.parse(check('tiny', '--json'));
    expect(found).toMatchObject({ corpus: 'bakers', column: 'ner', notation: 'BIO', ofSpans: true });
    expect(found.sizes).toMatchObject({
      train: { sentences: 24 },
      dev: { sentences: 8 },
      test: { sentences: 8 },
    });
    const tokens = sentences(24).flat();
    expect(found.sizes.train.tokens).toBe(tokens.length);
    const spans = tokens.filter(({ ner }) => ner.startsWith('B-')).length;
    const counts = found.labels.map((label: { counts: { train: number } }) => label.counts.train);
    expect(counts.reduce((sum: number, count: number) => sum + count)).toBe(spans);
  });

  it('--set changes the column', () => {
    const found = JSON.parse(
      check('tiny', '--set', 'corpus.label=pos', '--set', 'corpus.scheme=none', '--json'),
    );
    expect(found).toMatchObject({ column: 'pos', notation: 'none', ofSpans: false });
  });

  it('finds nothing amiss in the bundled news', () => {
    const found = JSON.parse(check(resolve('pipelines/conll.yaml'), '--json'));
    expect(found.sizes).toMatchObject({
      train: { sentences: 848 },
      dev: { sentences: 421 },
      test: { sentences: 425 },
    });
    expect(found.duplicates).toMatchObject({
      train: { sentences: 0 },
      dev: { sentences: 0 },
      test: { sentences: 0 },
    });
    expect(found.leakage).toMatchObject({ dev: { sentences: 2 }, test: { sentences: 0 } });
    expect(found.warnings).toEqual([]);
  });
});

it('finds planted leakage, duplicates and inconsistency, and warns of them with exit code 0', () => {
  const planted = (i: number) => [
    { word: 'Omsk', pos: 'X', ner: i < 12 ? 'B-LOC' : 'O' },
    { word: `${i}`, pos: 'X', ner: 'O' },
  ];
  const train = Array.from({ length: 15 }, (_, i) => planted(i));
  const own = [{ word: 'Rome', pos: 'X', ner: 'B-LOX' }];
  space.write('bad/train.txt', formats.conll([...train, train[0]]));
  space.write('bad/dev.txt', formats.conll([own, train[4]]));
  space.write('bad/test.txt', formats.conll([train[0], train[1], train[2], train[3]]));
  space.write('bad/bad.yaml', tinyFiles()['tiny.yaml']);
  const { duplicates, leakage, inconsistencies, warnings } = JSON.parse(check('bad/bad.yaml', '--json'));
  expect(duplicates.train).toEqual({ sentences: 1, share: 1 / 16, examples: [{ sentence: 16, sameAs: 1 }] });
  expect(leakage.dev).toEqual({ sentences: 1, share: 0.5, examples: [{ sentence: 2, sameAs: 5 }] });
  expect(leakage.test).toMatchObject({ sentences: 4, share: 1, examples: [{}, {}, {}] });
  expect(inconsistencies.asWritten.most).toEqual([{ form: 'Omsk', labels: { LOC: 13 }, unlabelled: 3 }]);
  const text = check('bad/bad.yaml');
  expect(text).toContain('\n  for example dev 2 = train 5\n');
  expect(text).toContain('\n  Omsk: LOC 13, unlabelled 3\n');
  expect(text.endsWith(warnings.map((warning: string) => `warning: ${warning}\n`).join(''))).toBe(true);
  expect(warnings).toEqual([
    expect.stringMatching(/^50\.0 % of the sentences of dev are in train too/),
    expect.stringMatching(/^100\.0 % of the sentences of test are in train too/),
    expect.stringMatching(/^not in train, .* LOX \(1 in dev; LOC\?\)/),
    expect.stringMatching(/^100\.0 % of the LOC in train /),
  ]);
});

describe('tagger corpus check of a file', () => {
  it('reports it as train', () => {
    const { sizes, leakage } = JSON.parse(check('dev.txt', '--columns', 'word,pos,ner', '--json'));
    expect(Object.keys(sizes)).toEqual(['train']);
    expect(leakage).toEqual({});
    const text = check('dev.txt', '--format', 'conll', '--columns', 'word,pos,_', '--scheme', 'none');
    expect(text).toMatch(/^dev\.txt: column pos, labels of single tokens, 7 labels\n/);
  });

  it('knows CoNLL-U by its ending', () => {
    space.write('dev.conllu', formats.conllu(sentences(8, 1)));
    expect(check('dev.conllu')).toMatch(/^dev\.conllu: column upos, labels of single tokens, /);
  });

  it.each([
    ['a file of unknown format', ['dev.txt'], /^error E_USAGE: dev\.txt: the format /],
    ['no columns', ['dev.txt', '--format', 'conll'], /^error E_USAGE: --columns: missing/],
    ['options of files with a pipeline', ['tiny.yaml', '--label', 'pos'], /^error E_USAGE: --label: /],
    ['--set with a file', ['dev.txt', '--format', 'brown', '--set', 'seed=1'], /^error E_USAGE: --set: /],
    [
      'a ragged file',
      ['dev.txt', '--columns', 'word,ner'],
      /^error E_CORPUS_FORMAT: dev\.txt:1:\d+: ragged row/,
    ],
    ['a file that is not there', ['none.conllu'], /^error E_FILE_MISSING: none\.conllu: /],
    ['a pipeline that is not there', ['tinny'], /^error E_FILE_MISSING: no pipeline tinny\n/],
  ])('%s ends with exit code 2', (_, args, message) => {
    const { status, stdout, stderr } = space.run(['corpus', 'check', ...args]);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(message);
  });
});
