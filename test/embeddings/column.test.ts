import { describe, expect, it } from 'vitest';
import { TaggerError } from '../../src/core/errors.js';
import { column } from '../../src/embeddings/column.js';
import type { LearningContext } from '../../src/embeddings/index.js';
import { embeddingConformance, embeddingLayer, learning } from '../conformance/embedding.js';
import { Trial } from '../conformance/layer.js';

const DIM = 3;
const optionsOf = (more: object = {}) =>
  column.options.parse({ kind: 'column', column: 'pos', dim: DIM, unknown: 0, ...more });

await embeddingConformance(column, [
  { name: 'column', options: optionsOf(), random: optionsOf({ unknown: 0.5 }) },
  { name: 'column, minCount 2', options: optionsOf({ minCount: 2 }), random: optionsOf({ dropout: 0.4 }) },
]);

const failure = (learning: LearningContext, options = optionsOf()) =>
  column.learn(options, learning).then(
    () => expect.fail('it was learnt'),
    (error) => (error instanceof TaggerError ? { code: error.code, ...error.problems[0] } : error),
  );

describe('a column as an embedding', () => {
  it('has a row for every value that training has often enough, the frequent ones first', async () => {
    expect((await column.learn(optionsOf(), learning)).values).toEqual(['D', 'N', 'A', 'V']);
    expect((await column.learn(optionsOf({ minCount: 2 }), learning)).values).toEqual(['D', 'N']);
  });

  it('looks up the value of the token, whatever its word, and the unknown row for values training did not have', async () => {
    const vocabulary = await column.learn(optionsOf(), learning);
    // The tokens are D, A, Q, N, V in turn.
    const trial = new Trial(embeddingLayer(column, optionsOf(), vocabulary, [['a', 'a', 'b', 'b', 'b']]));
    const table = trial.bench.values('embedding.table');
    const rows = [1, 3, 0, 2, 4].flatMap((row) => [...table.subarray(row * DIM, (row + 1) * DIM)]);
    expect([...trial.output()]).toEqual(rows);
  });

  it('shows values that occur once as unknown as often as `unknown` says, all of them as often as `dropout` does', async () => {
    const words = Array.from({ length: 1000 }, () => ['a', 'b', 'c', 'd', 'e']);
    for (const [unknown, dropout] of [
      [1, 0],
      [0, 0.3],
    ]) {
      const options = optionsOf({ unknown, dropout });
      const trial = new Trial(embeddingLayer(column, options, await column.learn(options, learning), words));
      const [unknownValue] = trial.bench.values('embedding.table');
      const hidden = trial.output([1]).filter((v, i) => i % DIM === 0 && v === unknownValue).length;
      // Of five values one is new, two occur once, two often. Five standard deviations of 4000 draws.
      const expected = 1000 + 2000 * Math.max(unknown, dropout) + 2000 * dropout;
      expect(Math.abs(hidden - expected)).toBeLessThanOrEqual(dropout > 0 ? 145 : 0);
    }
  });

  it('is refused where the corpus has no such column, with the ones it has', async () => {
    const place = { file: 'x.yaml', key: 'embeddings[1]' };
    expect(await failure({ ...learning, place }, optionsOf({ column: 'pso' }))).toMatchObject({
      code: 'E_CONFIG',
      message: 'the corpus has no column "pso"',
      place: { file: 'x.yaml', key: 'embeddings[1].column' },
      expected: 'pos or lemma',
      hint: expect.stringContaining('pos'),
    });
    expect(await failure({ ...learning, columns: undefined })).toMatchObject({
      code: 'E_CONFIG',
      expected: 'a corpus with a column beside the words and the one to learn',
    });
  });

  it('is refused where it is the column to learn', async () => {
    expect(await failure(learning, optionsOf({ column: 'ner' }))).toMatchObject({
      code: 'E_CONFIG',
      message: '"ner" is the column to learn',
    });
  });
});
