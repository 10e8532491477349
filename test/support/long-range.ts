/**
 * A corpus with one long dependency (Bengio et al. 1994; Hochreiter and Schmidhuber 1997): the first token of a sentence is a
 * colour, noise follows, and the last token asks for the colour. Training has it at all distances from 2 to 100, so that the near
 * ones lead to the far ones; dev at 50 to 100 alone.
 */
import { engine } from '../../src/core/engine.js';
import { kindOf } from '../../src/core/kind.js';
import { Random } from '../../src/core/random.js';
import { decoderKinds } from '../../src/decoders/index.js';
import { embeddingKinds } from '../../src/embeddings/index.js';
import { encoderSchema } from '../../src/encoders/index.js';
import { Network } from '../../src/tagger/network.js';
import type { NetworkConfig } from '../../src/tagger/stack.js';
import { allowedTransitions } from '../../src/text/schemes.js';
import { train } from '../../src/training/loop.js';
import { range, seeded } from './arrays.js';
import { vocabulariesOf } from './small-network.js';
import { options } from './training.js';

const colours = ['red', 'blue'];
const tags = ['none', ...colours];
const NOISES = 8;

interface Question {
  readonly words: readonly string[];
  readonly tags: Int32Array;
}

function questions(
  count: number,
  [nearest, farthest]: readonly [number, number],
  stream: number,
): Question[] {
  const random = seeded(stream);
  return range(1, count).map(() => {
    const colour = random.below(colours.length);
    const distance = nearest + random.below(farthest - nearest + 1);
    const noise = range(2, distance).map(() => `noise${random.below(NOISES)}`);
    const words = [colours[colour], ...noise, 'which?'];
    const gold = new Int32Array(words.length);
    gold[distance] = 1 + colour;
    return { words, tags: gold };
  });
}

export interface LongRangeTraining {
  /** Options of the encoder, which reads forward with 32 units. */
  readonly encoder: object;
  /** Of Adam. */
  readonly rate: number;
  readonly clip: number;
  readonly epochs: number;
}

/** Share of the questions of dev that the best epoch answers; half of them are answered by chance. Ends once 99 % are. */
export async function trainLongRange({ encoder, rate, ...loop }: LongRangeTraining): Promise<number> {
  const [training, dev] = [questions(400, [2, 100], 1), questions(200, [50, 100], 2)];
  const config: NetworkConfig = {
    embeddings: [kindOf(embeddingKinds).parse({ kind: 'word', dim: 8, unknown: 0 })],
    encoder: encoderSchema.parse({
      units: 32,
      direction: 'forward',
      inputDropout: 0,
      outputDropout: 0,
      ...encoder,
    }),
    decoder: kindOf(decoderKinds).parse({ kind: 'softmax' }),
  };
  const counts = new Map(training.flatMap(({ words }) => words.map((word) => [word, 1] as const)));
  const vocabularies = await vocabulariesOf(config, { counts, place: {}, warn: () => {} });
  const constraints = allowedTransitions(tags, 'none');
  const network = Network.create(config, vocabularies, tags.length, constraints, engine());
  network.params.initialize(new Random(1));
  const encode = (words: readonly string[]) => network.forms.encode(words);
  const stop = new AbortController();
  let best = 0;
  const score = (found: readonly Int32Array[]) => {
    const right = found.filter((tags, i) => tags.at(-1) === dev[i].tags.at(-1)).length;
    best = Math.max(best, right / dev.length);
    if (best > 0.99) stop.abort();
    return { value: best, scores: best };
  };
  const run = train({
    network,
    sentences: training.map(({ words, tags }) => ({ forms: encode(words), tags })),
    dev: dev.map(({ words }) => ({ forms: encode(words) })),
    options: {
      ...options,
      ...loop,
      batch: 20,
      patience: loop.epochs,
      optimizer: { ...options.optimizer, rate },
    },
    seed: 1,
    score,
    signal: stop.signal,
  });
  while (!(await run.next()).done);
  network.release();
  return best;
}
