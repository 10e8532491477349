import { describe, expect, it } from 'vitest';
import { decodeSafetensors, encodeSafetensors, type Tensor } from '../../src/core/safetensors.js';
import { setWeights, weightsOf } from '../../src/tagger/weights.js';
import { seeded } from '../support/arrays.js';
import { NetworkTrial, smallNetwork } from '../support/small-network.js';

describe('the weights of a network', () => {
  it('make another network the same, through a file', async () => {
    const [one, two] = [await smallNetwork({}), await smallNetwork({})];
    const loss = new NetworkTrial(one).loss();
    const trial = new NetworkTrial(two);
    two.params.initialize(seeded(9));
    expect(trial.loss()).not.toBe(loss);
    const bytes = Buffer.concat(encodeSafetensors(weightsOf(one)));
    setWeights(two, decodeSafetensors(bytes, ''), '');
    expect(trial.loss()).toBe(loss);
    expect(weightsOf(two)).toEqual(weightsOf(one));
  });

  it('have a new version when they are set', async () => {
    const network = await smallNetwork({});
    const { version } = network.params;
    setWeights(network, weightsOf(network), '');
    expect(network.params.version).not.toBe(version);
  });

  it('are copies', async () => {
    const network = await smallNetwork({});
    const before = weightsOf(network);
    network.params.initialize(seeded());
    expect(weightsOf(network)).not.toEqual(before);
  });

  it('that miss a tensor, or have another shape or type, are refused by name', async () => {
    const network = await smallNetwork({});
    const name = 'decoder.transitions';
    const weights = () => new Map(weightsOf(network));
    const { bytes } = weights().get(name)!;
    const edits: ((all: Map<string, Tensor>) => unknown)[] = [
      (all) => all.delete(name),
      (all) => all.set(name, { dtype: 'F32', shape: [25], bytes }),
      (all) => all.set(name, { dtype: 'F16', shape: [5, 5], bytes: bytes.subarray(0, 50) }),
    ];
    for (const edit of edits) {
      const changed = weights();
      edit(changed);
      expect(() => setWeights(network, changed, 'file')).toThrow(
        expect.objectContaining({ code: 'E_MODEL', message: expect.stringContaining(name) }),
      );
    }
  });
});
