import { describe, expect, it } from 'vitest';
import { Arena } from '../../src/core/arena.js';
import { createEngine } from '../../src/core/engine.js';
import { combine, seed, seeded } from '../support/arrays.js';
import { exact, expectClose } from '../support/close.js';
import { type DecoderName, NetworkTrial, sentences, smallNetwork } from '../support/small-network.js';

const cases = combine({ decoder: ['crf', 'softmax'] as DecoderName[], layers: [1, 2], dropout: [0, 0.3] });

describe(`a whole network, seed ${seed}`, () => {
  it.each(cases)('has the gradients of finite differences: %o', async (size) => {
    const trial = new NetworkTrial(await smallNetwork(size));
    trial.expectGradients([3]);
  });

  it('has the same loss for the same random stream, another for another, and none of it at inference', async () => {
    const trial = new NetworkTrial(await smallNetwork({ dropout: 0.5 }));
    expect(trial.loss([1])).toBe(trial.loss([1]));
    expect(trial.loss([1])).not.toBe(trial.loss([2]));
    expect(trial.loss()).toBe(new NetworkTrial(await smallNetwork({ dropout: 0 })).loss());
  });

  it('names its parameters by room, and has every gradient', async () => {
    const trial = new NetworkTrial(await smallNetwork({}));
    const parts = trial.gradients();
    expect(parts.map(({ name }) => name)).toEqual([
      'embeddings.1.table',
      'embeddings.1.weight',
      'embeddings.1.bias',
      'encoder.0.forward.weight',
      'encoder.0.forward.recurrent',
      'encoder.0.forward.bias',
      'encoder.0.backward.weight',
      'encoder.0.backward.recurrent',
      'encoder.0.backward.bias',
      'decoder.emission.weight',
      'decoder.emission.bias',
      'decoder.start',
      'decoder.transitions',
      'decoder.stop',
      'embeddings.0.table',
    ]);
    for (const { name, gradient } of parts)
      expect(
        gradient.some((g) => g !== 0),
        name,
      ).toBe(true);
  });

  it('tags a sentence the same alone, in a batch, and among others', async () => {
    const network = await smallNetwork({});
    const trial = new NetworkTrial(network);
    const arena = new Arena(network.engine.heap);
    const all = network.tag(trial.forms, arena);
    expect(all.map((tags) => tags.length)).toEqual(sentences.map(({ length }) => length));
    for (let s = 0; s < sentences.length; s++) expect(network.tag([trial.forms[s]], arena)).toEqual([all[s]]);
    const order = [...seeded(1).permutation(sentences.length)];
    const shuffled = network.tag(
      order.map((s) => trial.forms[s]),
      arena,
    );
    expect(shuffled).toEqual(order.map((s) => all[s]));
  });

  it('tags nothing', async () => {
    const network = await smallNetwork({});
    expect(network.tag([], new Arena(network.engine.heap))).toEqual([]);
  });

  it('tags with new parameters as soon as their version is new', async () => {
    const network = await smallNetwork({});
    const trial = new NetworkTrial(network);
    const arena = new Arena(network.engine.heap);
    network.tag(trial.forms, arena);
    const bias = trial.bench.values('decoder.emission.bias');
    trial.bench.values('decoder.emission.weight').fill(0);
    bias.set([0, -9, -9, -9, 9]);
    network.params.version++;
    expect(
      network
        .tag(trial.forms, arena)
        .flatMap((tags) => [...tags])
        .every((tag) => tag === 4),
    ).toBe(true);
  });

  it('computes the same bits above 2 GiB', async () => {
    const high = createEngine();
    high.heap.allocate(2.25 * 2 ** 30);
    for (const decoder of ['crf', 'softmax'] as const) {
      const [one, two] = [
        new NetworkTrial(await smallNetwork({ decoder, dropout: 0.3 })),
        new NetworkTrial(await smallNetwork({ decoder, dropout: 0.3 }, high)),
      ];
      expect(two.loss([1])).toBe(one.loss([1]));
      const parts = one.gradients([1]);
      two.gradients([1]).forEach(({ name, gradient }, i) => {
        expectClose(gradient, parts[i].gradient, exact, name);
      });
      const tags = [one, two].map(({ network, forms }) => network.tag(forms, new Arena(network.engine.heap)));
      expect(tags[1]).toEqual(tags[0]);
    }
  });

  it('gives all memory back', async () => {
    const engine = createEngine();
    const network = await smallNetwork({ layers: 2 }, engine);
    const before = engine.heap.used;
    const arena = new Arena(engine.heap);
    network.tag([network.forms.encode(['a', 'b'])], arena);
    arena.release();
    expect(engine.heap.used).toBeGreaterThan(before);
    network.release();
    expect(engine.heap.used).toBe(0);
  });
});
