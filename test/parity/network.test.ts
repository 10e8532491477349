/** Loss and all gradients of the whole network against plain tfjs with the same parameters. */
import { describe, expect, it } from 'vitest';
import { createEngine } from '../../src/core/engine.js';
import { combine, seed } from '../support/arrays.js';
import { expectClose } from '../support/close.js';
import {
  configOf,
  constraints,
  NetworkTrial,
  sentences,
  smallNetwork,
  tags,
  vocabulariesOf,
} from '../support/small-network.js';
import { lossAndGradients } from './oracle.js';

const engines = { plain: createEngine('plain'), relaxed: createEngine('relaxed') };

/** Row of a text in a table whose row 0 is what is unknown. */
const rowIn = (entries: readonly string[], ...spellings: string[]) =>
  1 + (spellings.map((spelling) => entries.indexOf(spelling)).find((row) => row >= 0) ?? -1);
const zeros = (text: string) => text.replace(/\d/g, '0');

const networks = combine({
  build: ['plain', 'relaxed'] as const,
  decoder: ['crf', 'softmax'] as const,
  layers: [1, 2],
});

describe(`the network against tfjs, seed ${seed}`, () => {
  it.each(networks)('$decoder on $layers layers, $build build', async ({ build, decoder, layers }) => {
    const size = { decoder, layers };
    const [word, char] = (await vocabulariesOf(configOf(size))) as [{ words: string[] }, { chars: string[] }];
    const network = await smallNetwork(size, engines[build]);
    const { params } = network;
    const trial = new NetworkTrial(network);
    const parameters = new Map(
      [
        ...params.dense.map(({ name, shape }) => ({ name, shape })),
        ...params.tables.map(({ name, rows, dim }) => ({ name, shape: [rows, dim] })),
      ].map(({ name, shape }) => [name, { shape, values: trial.bench.values(name) }]),
    );
    const encoded = sentences.map((sentence) => ({
      words: sentence.map(([text]) => rowIn(word.words, text, text.toLowerCase(), zeros(text))),
      chars: sentence.map(([text]) => Array.from(text, (letter) => rowIn(char.chars, zeros(letter)))),
      tags: sentence.map(([, tag]) => tags.indexOf(tag)),
    }));
    const expected = await lossAndGradients({ parameters, layers, decoder, allowed: constraints }, encoded);

    const why = 'both sum hundreds of floats, in different orders';
    expectClose([trial.loss()], [expected.loss], { reason: why, relative: 1e-6 }, 'loss');
    const parts = trial.gradients();
    expect(parts.map(({ name }) => name).sort()).toEqual([...parameters.keys()].sort());
    for (const { name, gradient } of parts) {
      const theirs = expected.gradients.get(name)!;
      const largest = theirs.reduce((most, g) => Math.max(most, Math.abs(g)), 0);
      expect(largest, `the largest of d${name}`).toBeGreaterThan(1e-4);
      expectClose(gradient, theirs, { reason: why, absolute: 2e-6 + 1e-5 * largest }, `d${name}`);
    }
  });
});
