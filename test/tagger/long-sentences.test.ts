/** Sentences longer than any of training, with real models; and models that do not say how long those were. */
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { Arena } from '../../src/core/arena.js';
import { engine } from '../../src/core/engine.js';
import { loadPipeline } from '../../src/pipeline/config.js';
import { runPipeline } from '../../src/pipeline/run.js';
import { Tagger } from '../../src/tagger/index.js';
import { loadModel } from '../../src/tagger/model.js';
import { type ModelConfig, SCHEMA_VERSION, sealed } from '../../src/tagger/model-config.js';
import { isValid } from '../../src/text/schemes.js';
import { seed, seeded } from '../support/arrays.js';
import { workspace } from '../support/workspace.js';

const space = workspace();
const models = { ner: [], pos: ['corpus.label=pos', 'corpus.scheme=none'] };

beforeAll(async () => {
  for (const [name, set] of Object.entries(models)) {
    const pipeline = await loadPipeline('tiny', { cwd: space.folder, set: ['training.epochs=8', ...set] });
    const run = runPipeline(pipeline, { output: space.path(name), base: space.folder, workers: 1 });
    while (!(await run.next()).done);
  }
});

type Stored = ModelConfig & { sha256: string };
const configOf = (model: string) => JSON.parse(readFileSync(join(model, 'config.json'), 'utf8')) as Stored;

/** A copy of a model with another config. */
function altered(name: string, to: string, change: (config: ModelConfig) => ModelConfig): string {
  cpSync(space.path(name), space.path(to), { recursive: true });
  const { sha256, ...config } = configOf(space.path(name));
  writeFileSync(join(space.path(to), 'config.json'), sealed(change(config)));
  return space.path(to);
}

const words = [
  'Ada',
  'Weller',
  'opened',
  'a',
  'bakery',
  'in',
  'Port',
  'Elena',
  'Rain',
  'fell',
  'on',
  'Lindby',
  'none',
];
const sentence = (length: number, round = 0): string[] => {
  const random = seeded(length, round);
  return Array.from({ length }, () => words[random.below(words.length)]);
};

describe.each(Object.keys(models))(`a long sentence, model %s, seed ${seed}`, (name) => {
  let tagger: Tagger;
  beforeAll(async () => {
    tagger = await Tagger.load(space.path(name));
    return () => tagger.close();
  });

  it('keeps its tokens, has well-formed tags, and its windows are reported', () => {
    const long = sentence(1000);
    const { tokens, entities, windows, nbest } = tagger.annotate(long);
    expect(tokens.map(({ text }) => text)).toEqual(long);
    expect(tokens.map(({ tag }) => tag)).toEqual(tagger.tag([long])[0]);
    expect(
      isValid(
        tokens.map(({ tag }) => tag),
        tagger.scheme,
      ),
    ).toBe(true);
    expect(entities.length > 0).toBe(name === 'ner');
    const text = long.join(' ');
    for (const { start, end, text: own } of entities) expect(text.slice(start, end)).toBe(own);
    // The longest of training has 7 tokens; windows of 50 share 25.
    expect(windows).toEqual([{ start: 0, end: text.length, tokens: 1000, windows: 39 }]);
    expect(nbest).toBeUndefined();
  });

  it('has probabilities, and sequences of every window', () => {
    const long = sentence(1000);
    const plain = tagger.annotate(long);
    const { tokens, entities, windows, nbest = [] } = tagger.annotate(long, { scores: true, nbest: 2 });
    expect(windows).toEqual(plain.windows);
    expect(tokens.map(({ score, ...token }) => token)).toEqual(plain.tokens);
    expect(entities.map(({ score, ...entity }) => entity)).toEqual(plain.entities);
    for (const { score = -1 } of [...tokens, ...entities]) {
      expect(score > 0 && score <= 1 + 1e-12, `${score}`).toBe(true);
    }
    expect(nbest).toHaveLength(39);
    const text = long.join(' ');
    nbest.forEach(({ start, end, sequences }, w) => {
      const own = text.slice(start, end).split(' ');
      expect(own).toEqual(long.slice(25 * w, 25 * w + 50));
      expect(sequences.map(({ tags }) => tags.length)).toEqual([own.length, own.length]);
      for (const entity of sequences.flatMap(({ entities }) => entities)) {
        expect(text.slice(entity.start, entity.end)).toBe(entity.text);
      }
    });
    const [{ posteriors = [], spans }] = tagger.predict([long], { posteriors: true });
    expect(posteriors).toHaveLength(1000);
    for (const row of posteriors) expect(row.reduce((sum, p) => sum + p)).toBeCloseTo(1, 12);
    if (name === 'ner') expect(spans.map(({ score }) => score)).toEqual(entities.map(({ score }) => score));
  });

  it('stands beside short ones as if it were alone', () => {
    const mixed = [sentence(3), sentence(120), [], sentence(50), sentence(700), sentence(51), sentence(1)];
    expect(tagger.tag(mixed)).toEqual(mixed.flatMap((one) => tagger.tag([one])));
    const options = { nbest: 2, posteriors: true };
    expect(tagger.predict(mixed, options)).toEqual(mixed.flatMap((one) => tagger.predict([one], options)));
    const { windows = [] } = tagger.annotate(mixed);
    expect(windows.map(({ tokens }) => tokens)).toEqual([120, 700, 51]);
  });

  it('is tagged at once where it is as long as training saw', async () => {
    const model = altered(name, `${name}-120`, (config) => ({ ...config, longest: 120 }));
    const { network, config } = await loadModel(model, engine());
    const arena = new Arena(network.engine.heap);
    const longer = await Tagger.load(model);
    for (const length of [1, 7, 50, 51, 119, 120]) {
      const one = sentence(length);
      const [tags] = network.tag([network.forms.encode(one)], arena);
      expect(longer.tag([one])).toEqual([Array.from(tags, (tag) => config.tags[tag])]);
      const [prediction] = longer.predict([one], { nbest: 1 });
      const distribution = network.distribution([network.forms.encode(one)], arena);
      expect(prediction.scores).toEqual(Array.from(tags, (tag, t) => distribution.probability(0, t, [tag])));
      expect(Object.keys(prediction)).toEqual(['tags', 'scores', 'spans', 'nbest']);
      expect(longer.annotate(one)).not.toHaveProperty('windows');
    }
    expect(longer.annotate(sentence(121)).windows).toMatchObject([{ tokens: 121, windows: 2 }]);
    arena.release();
    network.release();
    await longer.close();
  });
});

describe('a model', () => {
  it('says how long the longest sentence of training was', () => {
    const longest = Math.max(
      ...readFileSync(space.path('train.txt'), 'utf8')
        .split('\n\n')
        .map((one) => one.trim().split('\n').length),
    );
    expect(configOf(space.path('ner'))).toMatchObject({ schema: SCHEMA_VERSION, longest });
  });

  it('of schema 1, which does not, gives the same, and windows to sentences of more than 200 tokens', async () => {
    const model = altered('ner', 'old', ({ longest, ...config }) => ({ ...config, schema: 1 }));
    expect(configOf(model)).not.toHaveProperty('longest');
    const [old, now] = [await Tagger.load(model), await Tagger.load(space.path('ner'))];
    const short = [sentence(3), sentence(50), []];
    expect(old.predict(short, { nbest: 2 })).toEqual(now.predict(short, { nbest: 2 }));
    expect(old.annotate(sentence(200))).not.toHaveProperty('windows');
    expect(old.annotate(sentence(201)).windows).toMatchObject([{ tokens: 201, windows: 2 }]);
    for (const tagger of [old, now]) await tagger.close();
  });

  it('of a schema that is yet to come is refused', async () => {
    const model = altered('ner', 'new', (config) => ({ ...config, schema: SCHEMA_VERSION + 1 }));
    const newer = expect.objectContaining({
      code: 'E_MODEL',
      message: expect.stringContaining('newer version'),
    });
    await expect(Tagger.load(model)).rejects.toEqual(newer);
  });
});
