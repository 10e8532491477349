/** `tagger evaluate --predictions`: another system's output, scored as a model is and compared with it. */
import { beforeAll, describe, expect, it } from 'vitest';
import { formats, type Row, sentences, workspace } from '../support/workspace.js';

const space = workspace();
const columns = ['--columns', 'word,pos,ner'];
const gold = sentences(8, 2);

beforeAll(() => {
  const train = ['train', 'tiny', '--quiet', '--epochs', '8', '-o', 'm'];
  expect(space.run(train).status).toBe(0);
});

/** Rows of `test.txt` with other tags. */
function predictionsOf(change: (row: Row, token: number, sentence: number) => Partial<Row>): string {
  const rows = gold.map((sentence, s) => sentence.map((row, t) => ({ ...row, ...change(row, t, s) })));
  return formats.conll(rows);
}

function evaluate(...args: string[]) {
  return space.run(['evaluate', ...args]);
}

function scoresOf(...args: string[]) {
  const { status, stdout, stderr } = evaluate(...args, '--json');
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return JSON.parse(stdout);
}

describe('tagger evaluate FILE --predictions', () => {
  it('scores the annotation itself as perfect', () => {
    const scores = scoresOf('test.txt', ...columns, '--predictions', 'test.txt');
    expect(scores).toMatchObject({ f1: 100, accuracy: 100, sentences: 8, strict: { f1: 100 } });
    expect(scores.tokens).toBe(gold.flat().length);
    expect(scores).not.toHaveProperty('known');
  });

  it('prints the table of the conlleval script', () => {
    space.write(
      'half.txt',
      predictionsOf(({ ner }) => ({ ner: ner.endsWith('LOC') ? 'O' : ner })),
    );
    const { status, stdout } = evaluate('test.txt', ...columns, '--predictions', 'half.txt');
    expect(status).toBe(0);
    expect(stdout).toMatch(/^processed \d+ tokens with \d+ phrases; found: \d+ phrases; correct: \d+\.\n/);
    expect(stdout).toMatch(/\n {14}LOC: precision: {3}0\.00%; recall: {3}0\.00%; FB1: {3}0\.00 {2}0\n/);
    expect(stdout).toMatch(/\n {14}PER: precision: 100\.00%; recall: 100\.00%; FB1: 100\.00 {2}\d+\n/);
  });

  it('reads other columns, in one file with the annotation or in another format, and other schemes', () => {
    const bioes = (i: number, sentence: Row[]) => {
      const { ner } = sentence[i];
      const isLast = !sentence[i + 1]?.ner.startsWith('I-');
      if (!isLast || ner === 'O') return ner;
      return ner.replace(/^B/, 'S').replace(/^I/, 'E');
    };
    const both = gold.map((sentence) =>
      sentence.map(({ word, ner }, i) => `${word}\t${ner}\t${bioes(i, sentence)}\n`).join(''),
    );
    space.write('both.tsv', both.join('\n'));
    const shown = ['--predictions', 'both.tsv', '--predictions-columns', 'word,_,ner'];
    const scores = scoresOf('both.tsv', '--columns', 'word,ner,_', ...shown);
    expect(scores).toMatchObject({ f1: 100, accuracy: 100, strict: { f1: 100 } });

    space.write('pos.conllu', formats.conllu(gold));
    expect(scoresOf('test.txt', ...columns, '--label', 'pos', '--predictions', 'pos.conllu')).toMatchObject({
      accuracy: 100,
      f1: 100,
    });
  });

  it('takes the sentences of the annotated file where the format of the other has none', () => {
    const convert = ['convert', 'test.txt', '--from', 'conll', ...columns, '-o', 'test.jsonl'];
    expect(space.run(convert)).toMatchObject({ status: 0, stderr: '' });
    const perfect = { f1: 100, accuracy: 100 };
    const ofColumns = scoresOf('test.txt', ...columns, '--predictions', 'test.jsonl');
    expect(ofColumns).toMatchObject({ ...perfect, sentences: 8 });
    const [columnsOf, tokens] = [['--predictions-columns', 'word,_,ner'], gold.flat().length];
    const ofTexts = scoresOf('test.jsonl', '--predictions', 'test.txt', ...columnsOf);
    expect(ofTexts).toMatchObject({ ...perfect, tokens });

    space.write('short.conll', formats.conll(gold.slice(0, 7)));
    const { status, stderr } = evaluate('test.jsonl', '--predictions', 'short.conll', ...columnsOf);
    expect(status).toBe(2);
    expect(stderr).toContain('words of the annotated file are missing here\n');
    expect(stderr).toContain(`found: the end of the file; in all ${tokens - gold[7].length} words in `);
  });

  it('counts broken spans as the conlleval script does, and not strictly', () => {
    space.write(
      'broken.txt',
      predictionsOf(({ ner }, t, s) => (s === 0 && t === 0 ? { ner: 'I-PER' } : { ner })),
    );
    expect(gold[0][0].ner).toBe('B-PER');
    const scores = scoresOf('test.txt', ...columns, '--predictions', 'broken.txt');
    expect(scores.f1).toBe(100);
    expect(scores.strict.f1).toBeLessThan(100);
    expect(scores.accuracy).toBeLessThan(100);
  });

  it('counts words without a tag as errors and says how many there are', () => {
    space.write(
      'some.txt',
      predictionsOf((_, t, s) => (s < 2 && t < 2 ? { ner: '_' } : {})),
    );
    const { status, stdout, stderr } = evaluate(
      'test.txt',
      ...columns,
      '--predictions',
      'some.txt',
      '--json',
    );
    expect(status).toBe(0);
    expect(stderr).toBe(
      'warning: 4 words have no tag (_) in some.txt: errors, where the annotation has one\n',
    );
    const { tokens } = scoresOf('test.txt', ...columns, '--predictions', 'test.txt');
    expect(JSON.parse(stdout).accuracy).toBeCloseTo((100 * (tokens - 4)) / tokens, 9);
    space.write(
      'none.txt',
      predictionsOf(() => ({ ner: '_' })),
    );
    const none = evaluate('test.txt', ...columns, '--predictions', 'none.txt', '--json');
    expect(JSON.parse(none.stdout)).toMatchObject({ accuracy: 0, f1: 0 });
  });
});

describe('tagger evaluate MODEL FILE --predictions', () => {
  it('finds a model not different from itself', () => {
    const annotate = ['annotate', 'm', 'test.txt', '--from', 'conll', '--columns', 'word,pos,ner'];
    expect(space.run([...annotate, '--to', 'conll', '-o', 'own.conll'])).toMatchObject({ status: 0 });
    const shown = ['--predictions', 'own.conll', '--predictions-columns', 'word,ner'];
    const { model, predictions, significance } = scoresOf('m', 'test.txt', ...shown);
    expect(predictions).toEqual(model);
    expect(model).toEqual(scoresOf('m', 'test.txt'));
    expect(significance).toMatchObject({
      difference: { value: 0, low: 0, high: 0 },
      p: { bootstrap: 1, randomisation: 1 },
      isDifferent: false,
      resamples: 10_000,
    });
    const { stdout } = evaluate('m', 'test.txt', ...shown);
    const table = evaluate('m', 'test.txt').stdout;
    expect(stdout).toBe(
      `m\n${table}\nown.conll\n${table}\nF1, model − predictions: 0.00, 95 % interval 0.00 to 0.00\np 1.0000 by paired bootstrap, 1.0000 by approximate randomisation; 10000 resamples, seed 1\nnot different\n`,
    );
  });

  it('finds it different from a system that tags nothing', () => {
    space.write(
      'nothing.txt',
      predictionsOf(() => ({ ner: 'O' })),
    );
    const { model, predictions, significance } = scoresOf('m', 'test.txt', '--predictions', 'nothing.txt');
    expect(predictions.f1).toBe(0);
    expect(predictions.known.tokens).toBe(model.known.tokens);
    expect(significance.difference.value).toBeCloseTo(model.f1, 9);
    expect(significance.difference.low).toBeGreaterThan(0);
    expect(significance.isDifferent).toBe(true);
    expect(evaluate('m', 'test.txt', '--predictions', 'nothing.txt').stdout).toMatch(/\ndifferent\n$/);
  });
});

describe('predictions are refused', () => {
  const whole = predictionsOf(() => ({}));
  const words = gold.flat().length;
  const size = (n: number, of = 8) => `${n} words in ${of} sentences`;

  it.each([
    [
      'with a sentence that was cut',
      whole.replace('. PUNCT O\n', ''),
      `bad.txt:6:14: words of the annotated file are missing here
  expected: "." (test.txt:7:9)
  found: the end of the sentence; in all ${size(words - 1)}, where the annotated file has ${size(words)}
  try: write every word, with the tag _ where the system gave none`,
    ],
    [
      'that end early',
      `${whole.split('\n\n')[0]}\n`,
      `bad.txt:7:9: words of the annotated file are missing here
  expected: "The" (test.txt:9:9)
  found: the end of the file; in all ${size(7, 1)}, where the annotated file has ${size(words)}
  try: write every word`,
    ],
    [
      'with another word',
      whole.replace('Clara', 'Klara'),
      `bad.txt:1:13: the annotated file has another word here
  expected: "Clara" (test.txt:1:13)
  found: "Klara"; in all`,
    ],
    [
      'with the same words in other sentences',
      whole.replace('bakery', '\nbakery'),
      `bad.txt:3:7: the annotated file has another word here
  expected: "bakery" (test.txt:4:13)
  found: the end of the sentence; in all ${size(words, 9)}, where the annotated file has ${size(words)}
  try: the same words in the same sentences`,
    ],
    [
      'with a sentence too many',
      `${whole}\nRain NOUN O\n`,
      `: the annotated file has another word here
  expected: the end of the file (test.txt:`,
    ],
    [
      'with a tag that is none',
      whole.replace('B-PER', 'PER'),
      `bad.txt:1:13: "PER" is no tag
  expected: O, a label after B-, I-, E- or S-, or _ for a word without a tag
  found: "PER"`,
    ],
    ['with a ragged row', whole.replace(' B-PER', ''), 'bad.txt:1:12: ragged row\n'],
  ])('%s', (_, text, message) => {
    space.write('bad.txt', text);
    const { status, stdout, stderr } = evaluate('test.txt', ...columns, '--predictions', 'bad.txt');
    expect(stderr).toContain(message);
    expect(stderr.startsWith('error E_CORPUS_FORMAT: ')).toBe(true);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  });

  it.each([
    ['that are not there', ['test.txt', ...columns, '--predictions', 'no.txt'], 'E_FILE_MISSING: no.txt'],
    [
      'by another name than their column has',
      ['test.txt', ...columns, '--label', 'pos', '--predictions', 'test.txt', '--predictions-columns', 'w,x'],
      'E_USAGE: --predictions-columns: one column is `word`',
    ],
    ['where there are none, and no model', ['test.txt'], 'E_USAGE: there is nothing to score'],
    [
      'for what only a model has',
      ['test.txt', ...columns, '--predictions', 'test.txt', '--calibration'],
      'E_USAGE: --calibration: predictions in a file have no scores',
    ],
    ['with a model and nothing annotated', ['m', '--predictions', 'test.txt'], 'E_USAGE: m: this is a model'],
    [
      'where only their columns are named',
      ['m', 'test.txt', '--predictions-columns', 'word,ner'],
      'E_USAGE: --predictions-columns: there are no predictions',
    ],
    ['of an unknown format', ['test.txt', '--predictions', 'test.txt'], 'E_USAGE: test.txt: the format of'],
  ])('%s', (_, args, message) => {
    const { status, stdout, stderr } = evaluate(...args);
    expect(stderr).toContain(`error ${message}`);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  });
});
