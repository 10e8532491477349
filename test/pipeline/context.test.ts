/** Models that read documents, through every way in. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TaggerError } from '../../dist/core/errors.js';
import { loadPipeline } from '../../dist/pipeline/config.js';
import { runPipeline } from '../../dist/pipeline/run.js';
import { Tagger } from '../../dist/tagger/index.js';
import { seed } from '../support/arrays.js';
import { conllOf, roomFiles, rooms } from '../support/rooms.js';
import { workspace } from '../support/workspace.js';

const space = workspace(roomFiles());

async function train(name: string, ...set: string[]) {
  const pipeline = await loadPipeline('rooms', { cwd: space.folder, set });
  const run = runPipeline(pipeline, { output: space.path(name), base: space.folder, workers: 1 });
  const warnings: string[] = [];
  let next = await run.next();
  for (; !next.done; next = await run.next())
    if (next.value.kind === 'warning') warnings.push(next.value.text);
  return { ...next.value, warnings };
}

const document = 'training.context=document';
const configOf = (name: string) => JSON.parse(readFileSync(space.path(`${name}/config.json`), 'utf8'));
const refusal = (...set: string[]) =>
  train('none', ...set).then(
    () => expect.fail('the pipeline ran'),
    (error: TaggerError) => error,
  );

/** Documents of test, as their words and as their tags. */
const texts = rooms(20, 3);
const words = texts.map((own) => own.map((sentence) => sentence.map(([word]) => word)));
const gold = texts.map((own) => own.flat().map(([, tag]) => tag.replace('B-', 'S-')));

describe(`a tag that depends on the sentence before, seed ${seed}`, () => {
  it('is learnt with documents as context, and cannot be with sentences', async () => {
    const [sentence, whole, windows] = [
      await train('sentence'),
      await train('document', document),
      await train('windows', document, 'training.tbptt=20'),
    ];
    expect(sentence.dev.f1).toBeLessThan(75);
    expect(whole.dev.f1).toBeGreaterThan(97);
    expect(windows.dev.f1).toBeGreaterThan(97);
    expect([...sentence.warnings, ...whole.warnings]).toEqual([]);
  });

  it('is remembered by the model with how many tokens it read at once', () => {
    expect(configOf('sentence')).not.toHaveProperty('window');
    const longest = Math.max(...rooms(80, 1).map((own) => own.flat().length));
    expect(configOf('document')).toMatchObject({ schema: 3, window: longest, longest: 6 });
    expect(configOf('windows').window).toBe(20);
  });
});

describe.each(['document', 'windows'])(`a model of documents, %s, seed ${seed}`, (name) => {
  let tagger: Tagger;
  beforeAll(async () => {
    tagger = await Tagger.load(space.path(name));
    return () => tagger.close();
  });
  const tagsOf = ({ tokens }: { tokens: readonly { tag: string }[] }) => tokens.map(({ tag }) => tag);

  it('finds the same in a document by every way in, whatever else there is to do', async () => {
    const expected = words.map((own) => tagsOf(tagger.annotate(own)));
    const right = expected.flat().filter((tag, i) => tag === gold.flat()[i]).length;
    expect(right / gold.flat().length).toBeGreaterThan(0.97);

    expect(words.map((own) => tagger.tag(own).flat())).toEqual(expected);
    expect(words.map((own) => tagger.predict(own).flatMap(({ tags }) => tags))).toEqual(expected);

    const many: string[][] = [];
    const items = words.map((input, id) => ({ id, input }));
    for await (const result of tagger.annotateMany(items, { workers: 2 })) {
      many[result.id] = 'tokens' in result ? tagsOf(result) : [];
    }
    expect(many).toEqual(expected);

    space.write('in.jsonl', words.map((tokens) => `${JSON.stringify({ tokens })}\n`).join(''));
    const { stdout, status } = space.run(['annotate', name, 'in.jsonl', '--scores', '--workers', '1']);
    expect(status).toBe(0);
    expect(
      stdout
        .trimEnd()
        .split('\n')
        .map((line) => tagsOf(JSON.parse(line))),
    ).toEqual(expected);
  });

  it('is scored by evaluate as it was when it was trained, document by document', () => {
    const { stdout, status } = space.run(['evaluate', name, 'test.txt', '--json']);
    expect(status).toBe(0);
    const { f1, sentences } = JSON.parse(stdout);
    const metrics = JSON.parse(readFileSync(space.path(`${name}/metrics.json`), 'utf8'));
    expect({ f1, sentences }).toEqual({ f1: metrics.test.f1, sentences: words.flat().length });
    // The documents run together are another thing.
    space.write('joined.txt', conllOf([texts.flat()]));
    expect(JSON.parse(space.run(['evaluate', name, 'joined.txt', '--json']).stdout).sentences).toBe(
      sentences,
    );
  });

  it('reads a document in pieces as in one piece, and goes on in a stream until it ends', () => {
    const long = rooms(1, 4, 60)[0].map((sentence) => sentence.map(([word]) => word));
    const expected = tagger.tag(long);
    const stream = tagger.stream({ lag: Number.POSITIVE_INFINITY });
    const streamed = (end?: { document: boolean }) =>
      long.map((sentence) => {
        const found = sentence.flatMap((token) => stream.push(token));
        return [...found, ...stream.end(end)].map(({ tag }) => tag);
      });
    expect(streamed()).toEqual(expected);
    stream.end({ document: true });
    expect(streamed()).toEqual(expected);
    stream.end({ document: true });
    expect(streamed({ document: true })).toEqual(long.flatMap((sentence) => tagger.tag([sentence])));
    expect(streamed({ document: true })).not.toEqual(expected);
    stream.close();
  });

  it('begins anew behind a sentence that is too long to be read at once', () => {
    const [river, choir, bass] = [
      'We went to the river .',
      'We went to the choir .',
      'The bass was fine .',
    ].map((text) => text.split(' '));
    const long = Array.from({ length: 200 }, (_, i) => ['It', 'was', 'late'][i % 3]);
    const [fish, voice] = [river, choir].map((place) => tagger.tag([place, bass])[1][1]);
    expect([fish, voice]).toEqual(['S-FISH', 'S-VOICE']);
    const alone = tagger.tag([bass])[0];
    for (const place of [river, choir]) expect(tagger.tag([place, long, bass])[2]).toEqual(alone);
    expect(tagger.annotate([river, long, bass]).windows).toHaveLength(1);
  });
});

describe('training.context and training.tbptt', () => {
  it('are refused where the corpus does not tell documents apart, with what would', async () => {
    const unmarked = (text: string) => text.replaceAll('-DOCSTART- O\n\n', '');
    const { 'train.txt': rows, 'dev.txt': dev } = roomFiles();
    space.write('unmarked.txt', unmarked(rows));
    const files = (train: string, dev: string) => `corpus.files={ train: ${train}, dev: ${dev} }`;
    const error = await refusal(document, files('unmarked.txt', 'dev.txt'));
    expect(error.code).toBe('E_CORPUS_FORMAT');
    expect(error.message).toMatch(/its split train is one document[\s\S]*-DOCSTART-[\s\S]*# newdoc/);
    space.write('unmarked-dev.txt', unmarked(dev));
    const { warnings } = await train(
      'warned',
      document,
      files('train.txt', 'unmarked-dev.txt'),
      'training.epochs=1',
    );
    expect(warnings).toEqual([expect.stringMatching(/split dev of corpus rooms is read as one document/)]);
  });

  it('refuse to cut the sentences of a decoder that needs them whole', async () => {
    const error = await refusal('decoder.kind=lstm', 'training.tbptt=4');
    expect(error).toMatchObject({
      code: 'E_CONFIG',
      problems: [
        { place: { key: 'training.tbptt' }, found: '4', expected: expect.stringMatching(/at least 6/) },
      ],
    });
    await train('whole', document, 'decoder.kind=lstm', 'training.tbptt=6', 'training.epochs=1');
  });
});

afterAll(() => expect(space.list().filter((file) => file.startsWith('none'))).toEqual([]));
