import { describe, expect, it } from 'vitest';
import { Arena } from '../../src/core/arena.js';
import { attachEngine, createEngine } from '../../src/core/engine.js';
import { Memory, SLACK } from '../../src/core/memory.js';
import { attachNetwork, Network, type SharedNetwork } from '../../src/tagger/network.js';
import { combine, seed, seeded } from '../support/arrays.js';
import { exact, expectClose } from '../support/close.js';
import { type DecoderName, NetworkTrial, sentences, smallNetwork } from '../support/small-network.js';

const engines = { plain: createEngine('plain'), relaxed: createEngine('relaxed') };

/** A memory as a thread has it that did not make it: it may neither allocate nor release. */
class Lent extends Memory {
  allocate(bytes: number): number {
    return expect.fail(`${bytes} bytes were allocated in the memory of another thread`);
  }

  release(start: number): void {
    expect.fail(`the block at ${start} was released in the memory of another thread`);
  }
}

/** What another thread makes of a network's layout, with kernels of its own. */
function attach(network: Network, layout = network.share()): SharedNetwork {
  const { heap, build } = network.engine;
  return attachNetwork(structuredClone(layout), attachEngine(new Lent(heap.memory), build));
}

/** Bits, so that 0 and −0 differ. */
const bitsOf = (values: Float32Array) => new Int32Array(values.slice().buffer);

const cases = combine({
  decoder: ['crf', 'softmax', 'lstm'] as DecoderName[],
  layers: [1, 2],
  dropout: [0, 0.3],
});

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

  it('has new probabilities with new parameters', async () => {
    for (const [decoder, name] of [
      ['crf', 'decoder.transitions'],
      ['softmax', 'decoder.emission.bias'],
      ['lstm', 'decoder.embedding'],
    ] as const) {
      const trial = new NetworkTrial(await smallNetwork({ decoder }));
      const before = trial.posteriors();
      trial.bench.values(name).fill(0);
      trial.network.params.version++;
      expect(trial.posteriors()).not.toEqual(before);
    }
  });

  it('computes the same bits above 2 GiB', async () => {
    const high = createEngine();
    high.heap.allocate(2.25 * 2 ** 30);
    for (const decoder of ['crf', 'softmax', 'lstm'] as const) {
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
      expect(two.posteriors()).toEqual(one.posteriors());
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

describe.each(
  combine({ decoder: ['crf', 'softmax', 'lstm'] as DecoderName[], build: ['plain', 'relaxed'] as const }),
)(`a network in another thread: $decoder, $build build, seed ${seed}`, ({ decoder, build }) => {
  const trialOf = async (engine = engines[build]) =>
    new NetworkTrial(await smallNetwork({ decoder, dropout: 0.3, layers: 2 }, engine));

  it('has the same loss, gradients, tags and posteriors, byte for byte', async () => {
    const trial = await trialOf();
    const other = attach(trial.network);
    for (const stream of [[1], undefined, [2]]) {
      expect(trial.loss(stream, other)).toBe(trial.loss(stream));
      const [found, expected] = [trial.gradients(stream, other), trial.gradients(stream)];
      expect(found.map(({ name }) => name)).toEqual(expected.map(({ name }) => name));
      found.forEach(({ name, gradient }, i) => {
        expect(bitsOf(gradient), `d${name}`).toEqual(bitsOf(expected[i].gradient));
      });
      expect(found.some(({ gradient }) => gradient.some((value) => value !== 0))).toBe(true);
    }
    const tags = trial.decode(other);
    expect(tags).toEqual(trial.decode());
    expect(trial.posteriors(other)).toEqual(trial.posteriors());
    const { network, forms } = trial;
    const same = network.tag(forms, new Arena(network.engine.heap));
    expect(tags).toEqual(same.map((row) => [...row]));
  });

  it('lies in the same memory: who changes a parameter changes it for both', async () => {
    const trial = await trialOf();
    const { network } = trial;
    const other = attach(network);
    const before = trial.loss([1], other);
    other.params.dense.forEach((parameter, i) => {
      expect(other.params.address(parameter)).toBe(network.params.address(network.params.dense[i]));
    });
    const weight = other.params.dense.find(({ name }) => name === 'encoder.0.forward.weight')!;
    other.params.values(weight).fill(0.25);
    trial.bench.values('decoder.emission.weight').fill(0.5);
    trial.bench.values('embeddings.0.table').fill(0.125);
    other.params.version++;
    const after = trial.loss([1], other);
    expect(after).not.toBe(before);
    expect(trial.loss([1])).toBe(after);
  });

  it('takes what another thread has derived from the parameters, once it is told', async () => {
    const trial = await trialOf();
    const { network } = trial;
    const other = attach(network);
    const old = trial.loss([1], other);
    const weights = ['encoder.0.forward.weight', 'encoder.1.backward.recurrent', 'decoder.emission.weight'];
    for (const name of weights) {
      const values = trial.bench.values(name);
      values.set(values.map((value) => -4 * value));
    }
    const [loss, tags] = [trial.loss([1]), trial.decode()];
    expect(loss).not.toBe(old);
    for (const derived of network.params.derived) derived.fresh(network.engine.kernels);
    other.params.version++;
    for (const derived of other.params.derived) derived.markFresh();
    // Passes read packed copies of these: who makes them anew gets copies of this.
    for (const name of weights) trial.bench.values(name).fill(Number.NaN);
    expect(trial.loss([1], other)).toBe(loss);
    expect(trial.decode(other)).toEqual(tags);
    other.params.version++;
    expect(trial.loss([1], other)).toBeNaN();
  });

  it('allocates nothing, and its owner only what sharing makes room for', async () => {
    const engine = createEngine(build);
    const { heap } = engine;
    const trial = await trialOf(engine);
    const { params } = trial.network;
    const [used, bytes] = [heap.used, params.bytes];
    const layout = trial.network.share();
    const derived = params.derived.map((one) => one.bytes);
    expect(derived.length).toBeGreaterThan(0);
    expect(params.bytes - bytes).toBe(derived.reduce((sum, size) => sum + size, 0));
    const blocks = derived.map((size) => Math.ceil((size + SLACK) / 64) * 64);
    expect(heap.used - used).toBe(blocks.reduce((sum, size) => sum + size, 0));
    const shared = heap.used;
    expect(trial.network.share()).toEqual(layout);
    expect(heap.used).toBe(shared);

    // Until the working memory is as large as it gets.
    for (let i = 0; i < 3; i++) trial.gradients([1]);
    for (let i = 0; i < 3; i++) trial.posteriors();
    const before = heap.used;
    const other = attach(trial.network, layout);
    trial.gradients([1], other);
    trial.decode(other);
    trial.posteriors(other);
    expect(heap.used).toBe(before);
    expect(other.params.bytes).toBe(0);
    other.params.release();
    expect(heap.used).toBe(before);
  });

  it('is made of plain data', async () => {
    const { network } = await trialOf();
    const layout = network.share();
    expect(structuredClone(layout)).toEqual(layout);
    expect(JSON.parse(JSON.stringify(layout))).toEqual(layout);
  });

  it('has kernels of its own, of the same build, and knows the same words', async () => {
    const { network } = await trialOf();
    const { engine, stack } = attach(network);
    expect(engine.build).toBe(network.engine.build);
    expect(engine.kernels).not.toBe(network.engine.kernels);
    expect(network.stack.knows('the')).toBe(true);
    expect([stack.knows('the'), stack.knows('none such')]).toEqual([true, false]);
  });
});

describe.each(['crf', 'softmax'] as const)(
  'a network attached with forms of its own, decoder %s',
  (decoder) => {
    const words = sentences.map((sentence) => sentence.map(([word]) => word));

    async function shared() {
      const { heap, ...engine } = createEngine();
      const { network } = new NetworkTrial(await smallNetwork({ decoder, layers: 2 }, { heap, ...engine }));
      const attach = () =>
        Network.attach(structuredClone(network.shareParams()), attachEngine(heap, engine.build));
      return { heap, network, attach };
    }

    /** All that a pass tells of the sentences. */
    function results(network: Network) {
      const arena = new Arena(network.engine.heap);
      const encoded = words.map((sentence) => network.forms.encode(sentence));
      const tags = network.tag(encoded, arena);
      const distribution = network.distribution(encoded, arena);
      const posteriors = words.map((sentence, s) => sentence.map((_, t) => distribution.posteriors(s, t)));
      arena.release();
      return { tags, posteriors };
    }

    it('gives the same results', async () => {
      const { network, attach } = await shared();
      const other = attach();
      // Its numbers are others than those of the first one, which has met other words before.
      other.forms.encode(['Lee', 'none such']);
      expect(results(other)).toEqual(results(network));
    });

    it('does not write to what it shares, which others may be reading', async () => {
      const { heap, network, attach } = await shared();
      const other = attach();
      const { derived } = network.params;
      expect(derived.length).toBeGreaterThan(0);
      // Whoever works them out anew writes over this.
      for (const { address, bytes } of derived) heap.u8.fill(0x11, address, address + bytes);
      results(other);
      for (const { address, bytes } of derived) {
        expect(heap.u8.subarray(address, address + bytes).every((byte) => byte === 0x11)).toBe(true);
      }
    });

    it('gives back what is its own', async () => {
      const { heap, network, attach } = await shared();
      const expected = results(network);
      network.shareParams();
      const { used } = heap;
      const other = attach();
      results(other);
      other.release();
      expect(heap.used).toBe(used);
      expect(results(network)).toEqual(expected);
    });
  },
);
