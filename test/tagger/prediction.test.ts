import { beforeAll, describe, expect, it } from 'vitest';
import { loadPipeline } from '../../src/pipeline/config.js';
import { runPipeline } from '../../src/pipeline/run.js';
import { Tagger } from '../../src/tagger/index.js';
import { decodeSpans, isValid } from '../../src/text/schemes.js';
import { workspace } from '../support/workspace.js';

const space = workspace();
const text = 'Ada Weller opened a bakery in Port Elena. Rain fell on Lindby.';
const words = [['Ada', 'Weller', 'sailed', 'home'], [], ['Rain'], ['the', 'bakery', 'in', 'Port', 'Elena']];

async function train(name: string, set: readonly string[]): Promise<void> {
  const pipeline = await loadPipeline('tiny', { cwd: space.folder, set: ['training.epochs=4', ...set] });
  const run = runPipeline(pipeline, { output: space.path(name), base: space.folder, workers: 1 });
  while (!(await run.next()).done);
}

const models = {
  crf: [],
  softmax: ['decoder=softmax'],
  lstm: ['decoder.kind=lstm', 'decoder.units=20', 'decoder.beam=16'],
  pos: ['corpus.label=pos', 'corpus.scheme=none'],
};

beforeAll(async () => {
  for (const [name, set] of Object.entries(models)) await train(name, set);
});

describe.each(Object.keys(models))('probabilities of the model %s', (name) => {
  let tagger: Tagger;
  beforeAll(async () => {
    tagger = await Tagger.load(space.path(name));
    return () => tagger.close();
  });

  it('come with the tags that there are without them', () => {
    expect(tagger.predict(words).map(({ tags }) => tags)).toEqual(tagger.tag(words));
    const many = Array.from({ length: 300 }, (_, i) => words[0].slice(0, i % 5));
    expect(tagger.predict(many).map(({ tags }) => tags)).toEqual(tagger.tag(many));
  });

  it('are 0 … 1, and those of all tags of a token sum to 1', () => {
    for (const { tags, scores, spans, posteriors } of tagger.predict(words, { posteriors: true })) {
      expect(spans.map(({ label, first, end }) => ({ label, first, end }))).toEqual(
        decodeSpans(tags, tagger.scheme),
      );
      expect(scores).toHaveLength(tags.length);
      tags.forEach((tag, t) => {
        expect(scores[t]).toBe(posteriors![t][tagger.tags.indexOf(tag)]);
        expect(posteriors![t].reduce((sum, p) => sum + p)).toBeCloseTo(1, 12);
      });
      for (const { score, first, end } of spans) {
        expect(score).toBeGreaterThan(0);
        // A span is one way among others to have its tags.
        expect(score).toBeLessThanOrEqual(Math.min(...scores.slice(first, end)) * (1 + 1e-12));
      }
    }
  });

  it('of the n best sequences fall, and the first is that of the tags', () => {
    const predictions = tagger.predict(words, { nbest: 3 });
    predictions.forEach(({ tags, nbest = [] }, s) => {
      expect(nbest[0].tags).toEqual(tags);
      expect(nbest).toHaveLength(words[s].length === 0 ? 1 : 3);
      expect(new Set(nbest.map((one) => one.tags.join(' '))).size).toBe(nbest.length);
      nbest.forEach(({ tags, probability }, i) => {
        expect(isValid(tags, tagger.scheme)).toBe(true);
        // Their order is that of scores in floats.
        if (i > 0) expect(probability).toBeLessThanOrEqual(nbest[i - 1].probability * (1 + 1e-5));
      });
    });
    const [{ nbest = [] }] = tagger.predict([['Rain']], { nbest: 1000 });
    // The lstm's are products of shares in floats.
    const digits = name === 'lstm' ? 6 : 12;
    expect(nbest.reduce((sum, { probability }) => sum + probability, 0)).toBeCloseTo(1, digits);
  });

  it('stand beside the annotation that there is without them', () => {
    const plain = tagger.annotate(text);
    const { tokens, entities, nbest } = tagger.annotate(text, { scores: true, nbest: 2 });
    expect(tokens.map(({ score, ...token }) => token)).toEqual(plain.tokens);
    expect(entities.map(({ score, ...entity }) => entity)).toEqual(plain.entities);
    const predictions = tagger.predict(
      [plain.tokens.slice(0, 9), plain.tokens.slice(9)].map((part) => part.map((token) => token.text)),
    );
    expect(tokens.map(({ score }) => score)).toEqual(predictions.flatMap(({ scores }) => scores));
    expect(nbest?.map(({ start, end }) => text.slice(start, end))).toEqual([
      'Ada Weller opened a bakery in Port Elena.',
      'Rain fell on Lindby.',
    ]);
    expect(nbest?.flatMap(({ sequences }) => sequences[0].tags)).toEqual(plain.tokens.map(({ tag }) => tag));
    expect(nbest?.flatMap(({ sequences }) => sequences[0].entities)).toEqual(plain.entities);
  });

  it('are not there unless asked for', () => {
    expect(Object.keys(tagger.annotate(text))).toEqual(['tokens', 'entities']);
    expect(tagger.annotate(text, { scores: false })).toEqual(tagger.annotate(text));
    const { tokens, entities, nbest } = tagger.annotate(text, { nbest: 1 });
    expect({ tokens, entities }).toEqual(tagger.annotate(text));
    expect(nbest).toHaveLength(2);
  });

  it('are calibrated over as many spans as are predicted', () => {
    const sentences = words.map((tokens) => ({ tokens, tags: tagger.tag([tokens])[0] }));
    const { count, bins } = tagger.calibration(sentences);
    expect(count).toBe(tagger.predict(words).reduce((sum, { spans }) => sum + spans.length, 0));
    for (const bin of bins) if (bin.count > 0) expect(bin.correct).toBe(1);
  });

  it('of a number of sequences that is none are refused', () => {
    for (const nbest of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      const wrong = expect.objectContaining({ code: 'E_USAGE' });
      expect(() => tagger.annotate(text, { nbest })).toThrow(wrong);
      expect(() => tagger.predict(words, { nbest })).toThrow(wrong);
    }
  });
});

it('a closed tagger gives no probabilities', async () => {
  const tagger = await Tagger.load(space.path('crf'));
  tagger.close();
  expect(() => tagger.annotate(text, { scores: true })).toThrow('is closed');
});
