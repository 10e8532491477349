/** What a sentence is annotated with does not depend on the sentences beside it: runs that are resumed rely on it. */
import { describe, expect, it } from 'vitest';
import { Arena } from '../../src/core/arena.js';
import { createEngine } from '../../src/core/engine.js';
import type { Network } from '../../src/tagger/network.js';
import { combine, seed, seeded } from '../support/arrays.js';
import { type DecoderName, learning, NetworkTrial, smallNetwork } from '../support/small-network.js';

const words = [...learning.counts.keys(), '東京', 'Zoé', 'Boris', 'none-such'];

const bitsOf = (values: Float64Array) => [...new BigInt64Array(values.slice().buffer)];

/** All that a tagger can tell of each sentence. */
function resultsOf(network: Network, arena: Arena, sentences: readonly Int32Array[]) {
  const tags = network.tag(sentences, arena);
  const distribution = network.distribution(sentences, arena);
  return sentences.map((sentence, s) => ({
    tags: tags[s],
    best: distribution.bestTags(s),
    posteriors: Array.from(sentence, (_, t) => bitsOf(distribution.posteriors(s, t))),
    span: distribution.probability(s, 0, tags[s].subarray(0, 3)),
    nbest: distribution.nBest(s, 3),
  }));
}

const builds = ['plain', 'relaxed'] as const;
const cases = combine({ build: [...builds], decoder: ['crf', 'softmax', 'lstm'] as DecoderName[] });

describe.each(cases)(`a sentence, $build build, $decoder, seed ${seed}`, ({ build, decoder }) => {
  const engine = createEngine(build);

  it.skipIf(engine.build !== build)('has the same results, bit for bit, alone and in any batch', async () => {
    for (let round = 0; round < 12; round++) {
      const random = seeded(round);
      const size = { decoder, layers: 1 + random.below(2), units: 1 + random.below(40) };
      const { network } = new NetworkTrial(await smallNetwork(size, engine));
      const arena = new Arena(engine.heap);
      const batch = Array.from({ length: 1 + random.below(30) }, () => {
        const length = 1 + random.below(random.below(4) === 0 ? 60 : 12);
        return network.forms.encode(Array.from({ length }, () => words[random.below(words.length)]));
      });
      const together = resultsOf(network, arena, batch);
      batch.forEach((sentence, s) => {
        const [alone] = resultsOf(network, arena, [sentence]);
        expect(alone, `sentence ${s} of round ${round}`).toStrictEqual(together[s]);
      });
      const reversed = resultsOf(network, arena, batch.toReversed()).reverse();
      expect(reversed, `round ${round}`).toStrictEqual(together);
      arena.release();
      network.release();
    }
  });
});
