import { describe, expect, it } from 'vitest';
import { engine } from '../../src/core/engine.js';
import { Params } from '../../src/core/params.js';
import { affix, affixOf } from '../../src/embeddings/affix.js';
import { Forms } from '../../src/text/forms.js';
import { Tracks } from '../../src/text/tracks.js';
import { embeddingConformance, learning } from '../conformance/embedding.js';
import { seeded } from '../support/arrays.js';

const options = { kind: 'affix', side: 'suffix', length: 2, dim: 4, minCount: 1 };

await embeddingConformance(affix, [
  { name: 'suffix of 2', options },
  { name: 'prefix of 3, minCount 2', options: { ...options, side: 'prefix', length: 3, minCount: 2 } },
]);

describe('the affix of a word', () => {
  it.each([
    ['prefix', 3, 'Unlikely', 'unl'],
    ['suffix', 3, 'RUNNING', 'ing'],
    ['suffix', 3, 'of', 'of'],
    ['prefix', 2, 'x', 'x'],
    ['suffix', 4, 'in1984', '0000'],
    ['suffix', 1, 'hi😀', '😀'],
    ['prefix', 1, '', ''],
  ] as const)('of kind %s and length %i of %j is %j', (side, length, form, expected) => {
    expect(affixOf({ side, length }, form)).toBe(expected);
  });

  it('is learnt by the count of the words that have it', async () => {
    const parsed = affix.options.parse({ ...options, side: 'prefix', length: 1 });
    expect((await affix.learn(parsed, learning)).values).toEqual(['t', 'o', '0', 'a', 'n', 'r']);
  });

  it('starts with small random rows, and with zeros for an affix that training never shows', async () => {
    const parsed = affix.options.parse(options);
    const vocabulary = await affix.learn(parsed, learning);
    const params = new Params(engine().heap);
    const context = {
      params,
      name: 'embedding',
      forms: new Forms(engine().heap),
      tracks: new Tracks(),
      vocabulary: () => vocabulary,
    };
    affix.create(parsed, affix.sizes(vocabulary), context);
    params.allocate();
    params.initialize(seeded());
    const values = [...params.tableValues(params.tables[0])];
    expect(values.slice(0, 4)).toEqual([0, 0, 0, 0]);
    const others = values.slice(4);
    expect(new Set(others).size).toBe(others.length);
    expect(Math.max(...others.map(Math.abs))).toBeLessThanOrEqual(Math.sqrt(3 / 4));
  });
});
