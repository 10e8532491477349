/** Tags of tokens that come one by one, with real models. */
import { beforeAll, describe, expect, it } from 'vitest';
import { engine } from '../../src/core/engine.js';
import { loadPipeline } from '../../src/pipeline/config.js';
import { runPipeline } from '../../src/pipeline/run.js';
import { type StreamOptions, Tagger } from '../../src/tagger/index.js';
import { seed, seeded } from '../support/arrays.js';
import { workspace } from '../support/workspace.js';

const space = workspace();
const forward = 'encoder.direction=forward';
const models: Record<string, string[]> = {
  'lstm-crf': ['encoder.kind=lstm', forward],
  'gru-softmax': ['encoder.kind=gru', forward, 'decoder.kind=softmax'],
  'rnn-crf': ['encoder.kind=rnn', 'encoder.layers=2', forward],
  'gru-lstm': [
    'encoder=[{ kind: gru, units: 6, direction: forward }, { kind: lstm, units: 5, direction: forward }]',
    'decoder.kind=lstm',
  ],
  'both-ways': [],
};

beforeAll(async () => {
  for (const [name, set] of Object.entries(models)) {
    const pipeline = await loadPipeline('tiny', { cwd: space.folder, set: ['training.epochs=4', ...set] });
    const run = runPipeline(pipeline, { output: space.path(name), base: space.folder, workers: 1 });
    while (!(await run.next()).done);
  }
});

const words = ['Ada', 'Weller', 'opened', 'a', 'bakery', 'in', 'Port', 'Elena', 'Rain', 'fell', 'on', 'none'];

function randomSentences(count: number): string[][] {
  const random = seeded(count);
  return Array.from({ length: count }, () =>
    Array.from({ length: 1 + random.below(40) }, () => words[random.below(words.length)]),
  );
}

/** The tags that a stream gives to sentences. */
function streamed(tagger: Tagger, sentences: readonly string[][], options?: StreamOptions): string[][] {
  using stream = tagger.stream(options);
  return sentences.map((sentence) => {
    const found = [...sentence.flatMap((token) => stream.push(token)), ...stream.end()];
    expect(found.map(({ token }) => token)).toEqual(sentence);
    expect(found.map(({ index }) => index)).toEqual([...sentence.keys()]);
    return found.map(({ tag }) => tag);
  });
}

const forwardModels = Object.keys(models).filter((name) => name !== 'both-ways');

describe.each(forwardModels)(`a stream, model %s (seed ${seed})`, (name) => {
  let tagger: Tagger;
  beforeAll(async () => {
    tagger = await Tagger.load(space.path(name));
    return () => tagger.close();
  });

  it('has the tags of the sentence in one piece where they may wait for it', () => {
    const sentences = randomSentences(50);
    expect(streamed(tagger, sentences, { lag: Number.POSITIVE_INFINITY })).toEqual(tagger.tag(sentences));
  });

  it('has a tag for every token at once with a lag of 0, and after so many with another', () => {
    for (const lag of [0, 3]) {
      const stream = tagger.stream({ lag });
      let given = 0;
      randomSentences(1)[0].forEach((token, t) => {
        given += stream.push(token).length;
        expect(given).toBeGreaterThanOrEqual(t + 1 - lag);
      });
      stream.close();
    }
  });

  it('does not know of other streams, nor of what is tagged meanwhile', () => {
    const [left, right] = randomSentences(2);
    const alone = [left, right].map((sentence) => streamed(tagger, [sentence], { lag: 2 })[0]);
    const streams = [tagger.stream({ lag: 2 }), tagger.stream({ lag: 2 })];
    const found: string[][] = [[], []];
    for (let t = 0; t < Math.max(left.length, right.length); t++) {
      [left, right].forEach((sentence, s) => {
        if (t < sentence.length) found[s].push(...streams[s].push(sentence[t]).map(({ tag }) => tag));
        tagger.tag([words]);
      });
    }
    streams.forEach((stream, s) => {
      found[s].push(...stream.end().map(({ tag }) => tag));
    });
    expect(found).toEqual(alone);
    for (const stream of streams) stream.close();
  });

  it('begins every sentence anew', () => {
    const [first, second] = randomSentences(2);
    expect(streamed(tagger, [first, second])[1]).toEqual(streamed(tagger, [second])[0]);
  });
});

describe('a stream', () => {
  it('takes no more memory for a long sentence of ever new words than for a short one', async () => {
    const tagger = await Tagger.load(space.path('lstm-crf'));
    const { heap } = engine();
    const stream = tagger.stream();
    const push = (from: number, to: number) => {
      for (let i = from; i < to; i++) stream.push(`word${i}`);
      return heap.used;
    };
    // Forms are remembered up to a limit of 10,000, and forgotten.
    const short = push(0, 11_000);
    expect(push(11_000, 33_000)).toBeLessThanOrEqual(short);
    await tagger.close();
  });

  it('gives its memory back with its tagger, or before', async () => {
    const { heap } = engine();
    const before = heap.used;
    const tagger = await Tagger.load(space.path('lstm-crf'));
    const streams = [tagger.stream(), tagger.stream()];
    for (const stream of streams) stream.push('Ada');
    streams[0].close();
    streams[0].close();
    expect(() => streams[0].push('Ada')).toThrow('this stream is closed');
    await tagger.close();
    expect(() => streams[1].push('Ada')).toThrow('this stream is closed');
    expect(heap.used).toBe(before);
  });

  it('is refused by a model that sees what follows, with what to do', async () => {
    const tagger = await Tagger.load(space.path('both-ways'));
    expect(() => tagger.stream()).toThrow(
      /it sees the tokens behind a token[\s\S]*encoder\.direction=forward/,
    );
    await tagger.close();
  });

  it('refuses a lag that is no whole number, and a token that is no string', async () => {
    const tagger = await Tagger.load(space.path('lstm-crf'));
    for (const lag of [-1, 0.5, Number.NaN]) expect(() => tagger.stream({ lag })).toThrow('wrong lag');
    expect(() => tagger.stream().push(7 as unknown as string)).toThrow('a token is no string');
    await tagger.close();
    expect(() => tagger.stream()).toThrow('closed');
  });
});
