/** Models with every kind of embedding, features of tokens among them, from a corpus to annotations: as a user has them, from `dist`. */
import { readFileSync } from 'node:fs';
import { loadPipeline, type RunOptions, runPipeline, Tagger } from 'tagger';
import { beforeAll, describe, expect, it } from 'vitest';
import { seed } from '../support/arrays.js';
import { sentences, tinyFiles, workspace } from '../support/workspace.js';

const files = tinyFiles();
const kinds = `
  - { kind: word, dim: 6, dropout: 0.1 }
  - { kind: char-cnn, dim: 4, filters: 4 }
  - { kind: char-lstm, dim: 4, units: 3 }
  - { kind: char-gru, dim: 4, units: 3 }
  - { kind: shape, dim: 4 }
  - { kind: affix, length: 2, dim: 4 }
  - { kind: column, column: pos, dim: 4 }
  - { kind: gazetteer, lists: { person: people.txt, place: [places.txt] } }
`;
const pipeline = files['tiny.yaml'].replace(/^embeddings: .*$/m, `embeddings:${kinds}`);
const space = workspace({
  ...files,
  'tiny.yaml': pipeline,
  'people.txt': 'Ada Weller\nClara\nBoris Lund\n',
  'places.txt': 'Port Elena\nLindby\nOakfield Bay\n',
});

async function train(output: string, options: RunOptions = {}, set: readonly string[] = []) {
  const loaded = await loadPipeline('tiny', { cwd: space.folder, set: ['training.epochs=6', ...set] });
  const run = runPipeline(loaded, { output: space.path(output), base: space.folder, workers: 1, ...options });
  let next = await run.next();
  while (!next.done) next = await run.next();
  return next.value;
}

const weightsOf = (model: string) => readFileSync(space.path(`${model}/model.safetensors`));

let tagger: Tagger;
beforeAll(async () => {
  await train('m');
  tagger = await Tagger.load(space.path('m'));
  return () => tagger.close();
});

const rows = sentences(6, 3);
const given = rows.map((sentence) => ({
  tokens: sentence.map(({ word }) => word),
  columns: { pos: sentence.map(({ pos }) => pos) },
}));
const many = {
  tokens: given.map(({ tokens }) => tokens),
  columns: { pos: given.map(({ columns }) => columns.pos) },
};
const column = (message: string) =>
  expect.objectContaining({ code: 'E_COLUMN', problems: [expect.objectContaining({ message })] });
const missing = column('the model reads the column "pos", which the input does not have');

describe(`a model with every kind of embedding, seed ${seed}`, () => {
  it('trains to the same bytes with one worker and with two', async () => {
    await train('two', { workers: 2 });
    expect(weightsOf('two').equals(weightsOf('m'))).toBe(true);
  });

  it('goes on from a checkpoint as if it had not stopped', async () => {
    await train('resumed', { stopAfter: 3 });
    await train('resumed', { resume: true });
    expect(weightsOf('resumed').equals(weightsOf('m'))).toBe(true);
  });

  it('does not go on where the column it reads, or a list, has changed', async () => {
    const change = async (file: string, from: string, to: string) => {
      await train('other', { stopAfter: 2, force: true });
      const old = readFileSync(space.path(file), 'utf8');
      space.write(file, old.replace(from, to));
      await expect(train('other', { resume: true })).rejects.toMatchObject({ code: 'E_RESUME' });
      space.write(file, old);
    };
    await change('train.txt', 'opened VERB', 'opened NOUN');
    await change('people.txt', 'Clara', 'Cleo');
  });

  it('tells which columns it reads', () => expect(tagger.columns).toEqual(['pos']));

  it('needs no list once it is saved, and finds what it learnt', async () => {
    space.write('people.txt', '');
    const { tokens, entities } = tagger.annotate(many);
    expect(tokens.map(({ text }) => text)).toEqual(many.tokens.flat());
    expect(tokens.map(({ tag }) => tag)).toEqual(tagger.tag(given).flat());
    expect(entities.length).toBeGreaterThan(0);
    space.write('people.txt', 'Ada Weller\nClara\nBoris Lund\n');
  });

  it('gives the same for words, for a text with offsets, in a stream, and from the command line', async () => {
    const annotation = tagger.annotate(many, { scores: true });
    const text = many.tokens.map((words) => words.join(' ')).join('\n');
    let at = 0;
    const offsets = many.tokens.map((words) =>
      words.map((word) => {
        const start = text.indexOf(word, at);
        at = start + word.length;
        return { start, end: at };
      }),
    );
    const byOffsets = { text, tokens: offsets, columns: many.columns };
    expect(tagger.annotate(byOffsets, { scores: true })).toEqual(annotation);
    const stream = tagger.annotateMany([{ id: 1, input: many }], { scores: true, workers: 1 });
    for await (const result of stream) expect(result).toEqual({ id: 1, ...annotation });

    const tagsIn = (stdout: string) =>
      JSON.parse(stdout).entities.map(({ label, text }: Found) => [label, text]);
    const expected = annotation.entities.map(({ label, text }) => [label, text]);
    const json = { tokens: many.tokens, pos: many.columns.pos };
    const fromJson = space.run(['annotate', 'm', '--from', 'jsonl', '--quiet'], JSON.stringify(json));
    expect(tagsIn(fromJson.stdout)).toEqual(expected);
    const conll = `-DOCSTART- -X-\n\n${given.map(({ tokens, columns }) => tokens.map((word, t) => `${word} ${columns.pos[t]}\n`).join('')).join('\n')}`;
    const fromConll = space.run(
      ['annotate', 'm', '--from', 'conll', '--columns', 'word,pos', '--quiet'],
      conll,
    );
    expect(tagsIn(fromConll.stdout)).toEqual(expected);
    expect(space.run(['evaluate', 'm', 'test.txt', '--json']).status).toBe(0);
  });

  it('gives other tags, or other probabilities, for other values of the column', () => {
    const wrong = { ...many, columns: { pos: many.tokens.map((words) => words.map(() => 'DET')) } };
    expect(tagger.annotate(wrong, { scores: true })).not.toEqual(tagger.annotate(many, { scores: true }));
  });

  it('says which column is missing, and how to give it', () => {
    const words = given[0].tokens;
    for (const input of [
      'Rain fell.',
      words,
      { tokens: words },
      { tokens: words, columns: { tag: words } },
    ]) {
      expect(() => tagger.annotate(input)).toThrow(missing);
    }
    expect(() => tagger.tag([words])).toThrow(missing);
    expect(() => tagger.predict([{ tokens: words }])).toThrow(missing);
    expect(() => tagger.tag([{ tokens: words, columns: { pos: ['X'] } }])).toThrow(
      column('the column "pos" does not go with the tokens'),
    );
    const { status, stdout } = space.run(['annotate', 'm', '--from', 'lines', '--quiet'], 'Rain fell.\n');
    expect(status).toBe(1);
    expect(JSON.parse(stdout).error).toMatchObject({
      code: 'E_COLUMN',
      hint: expect.stringContaining('"pos": [...]'),
    });
  });

  it('refuses values that do not go with the tokens of a line of JSON, with the field', () => {
    for (const pos of [['X'], 'X', [['X'], ['X']], [1, 2]]) {
      const line = JSON.stringify({ tokens: ['Rain', 'fell'], pos });
      const { stdout } = space.run(['annotate', 'm', '--from', 'jsonl', '--quiet'], line);
      expect(JSON.parse(stdout).error).toMatchObject({
        code: 'E_DOCUMENT',
        place: { key: 'pos' },
        message: expect.stringContaining('the field does not go with the tokens'),
      });
    }
  });

  it('cuts the columns and the lists of a long sentence with its words', () => {
    // Windows of 50 tokens, which are tagged as if they stood alone, their overlap apart.
    const words = Array.from({ length: 12 }, () => given).flat();
    const long = {
      tokens: words.flatMap(({ tokens }) => tokens),
      columns: { pos: words.flatMap(({ columns }) => columns.pos) },
    };
    const [tags] = tagger.tag([long]);
    const first = { tokens: long.tokens.slice(0, 50), columns: { pos: long.columns.pos.slice(0, 50) } };
    expect(tags).toHaveLength(long.tokens.length);
    expect(tags.slice(0, 30)).toEqual(tagger.tag([first])[0].slice(0, 30));
    const last = { tokens: long.tokens.slice(-50), columns: { pos: long.columns.pos.slice(-50) } };
    expect(tags.slice(-20)).toEqual(tagger.tag([last])[0].slice(-20));
  });

  it('is refused by a corpus without the column', async () => {
    const set = ['corpus.columns=[word,_,ner]', 'embeddings=[{kind: column, column: pos}]'];
    await expect(train('none', {}, set)).rejects.toMatchObject({
      code: 'E_CONFIG',
      problems: [{ message: 'the corpus has no column "pos"', place: { key: 'embeddings[0].column' } }],
    });
  });
});

interface Found {
  readonly label: string;
  readonly text: string;
}
