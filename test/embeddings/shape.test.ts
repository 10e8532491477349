import { describe, expect, it } from 'vitest';
import { shape, shapeOf } from '../../src/embeddings/shape.js';
import { embeddingConformance, embeddingLayer, learning } from '../conformance/embedding.js';
import { Trial } from '../conformance/layer.js';

const options = { kind: 'shape', dim: 4, minCount: 1 };

await embeddingConformance(shape, [
  { name: 'shape', options },
  { name: 'shape, minCount 2', options: { ...options, minCount: 2 } },
]);

describe('the shape of a word', () => {
  it.each([
    ['USA', 'XX'],
    ['A', 'X'],
    ['Paris', 'Xxx'],
    ['of', 'xx'],
    ['iPhone', 'xXxx'],
    ['McDonald', 'XxXxx'],
    ['1984', 'dd'],
    ['٣', 'd'],
    ['3-4', 'd-d'],
    ['e.g.', 'x.x.'],
    ['......', '..'],
    ['naïve', 'xx'],
    // The same letter written as two characters.
    ['nai\u0308ve', 'xx'],
    ['Ǆ', 'X'],
    ['東京都', 'oo'],
    ['😀', '😀'],
    ['', ''],
  ])('of %j is %j', (form, expected) => {
    expect(shapeOf(form)).toBe(expected);
  });

  it('is a row of its own where training has it often enough, else the unknown one', async () => {
    const vocabulary = await shape.learn(shape.options.parse({ ...options, minCount: 2 }), learning);
    // `the`, `of`, `rise` and `naïve`; `1984` twice; `Alps` once.
    expect(vocabulary.values).toEqual(['xx', 'dd']);
    const words = [['an'], ['77'], ['Oslo'], ['-']];
    const trial = new Trial(embeddingLayer(shape, options, vocabulary, words));
    const table = trial.bench.values('embedding.table');
    const rows = [1, 2, 0, 0].flatMap((row) => [...table.subarray(row * 4, (row + 1) * 4)]);
    expect([...trial.output()]).toEqual(rows);
  });
});
