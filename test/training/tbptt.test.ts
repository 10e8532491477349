/** Trainings that read documents, and documents or long sentences window by window. */
import { describe, expect, it } from 'vitest';
import { range, seed } from '../support/arrays.js';
import { type CrewWishes, engine, trainCrew } from '../support/crews.js';
import { corpus } from '../support/tiny-corpus.js';

/** What must be the same for every crew. */
async function train(wishes: CrewWishes) {
  const { weights, epochs, result } = await trainCrew({ dropout: 0.3, epochs: 3, shards: 4, ...wishes });
  return { weights, epochs, best: result.bestEpoch, reason: result.reason };
}

/** Documents of one to five sentences, and one of a single sentence at the end. */
function documentsOf(sentences: number): number[] {
  const counts: number[] = [];
  for (let left = sentences; left > 0; left -= counts[counts.length - 1]) {
    counts.push(Math.min(left, 1 + (counts.length % 5)));
  }
  return counts;
}

const documents = documentsOf(corpus.length);
const longest = Math.max(...corpus.map(({ length }) => length));

describe(`a training in windows, seed ${seed}`, () => {
  it('as long as the longest sequence gives the bytes of one without', async () => {
    const sentences = await train({});
    expect(await train({ tbptt: longest })).toEqual(sentences);
    expect(await train({ documents: corpus.map(() => 1), tbptt: longest })).toEqual(sentences);
    const whole = await train({ documents });
    expect(whole.weights).not.toBe(sentences.weights);
    expect(await train({ documents, tbptt: 1000 })).toEqual(whole);
  });

  it('that are shorter gives another model, of other windows another one', async () => {
    const models = [
      await train({ documents }),
      await train({ documents, tbptt: 6 }),
      await train({ documents, tbptt: 2 }),
      await train({ tbptt: 2 }),
    ];
    expect(new Set(models.map(({ weights }) => weights)).size).toBe(models.length);
    for (const { epochs } of models) expect(epochs.at(-1)!.loss).toBeLessThan(epochs[0].loss);
  });

  it.each<[string, CrewWishes]>([
    ['whole documents', { documents }],
    ['windows of whole sentences', { documents, tbptt: 6, layers: 2 }],
    ['windows that cut sentences', { documents, tbptt: 2, batch: 3, shards: 7 }],
    ['windows under a softmax', { documents, tbptt: 3, decoder: 'softmax' }],
    ['sentences that are cut', { tbptt: 2 }],
  ])('gives the same bytes by 1 to 4 threads and by this one: %s', async (_, wishes) => {
    const expected = await train(wishes);
    for (const threads of [1, 2, 4]) {
      expect(await train({ ...wishes, threads }), `${threads} threads`).toEqual(expected);
    }
    expect(engine.heap.used).toBe(0);
  });

  it('works in the same memory however long a document is; without windows in more and more', async () => {
    const arenaOf = async (copies: number, tbptt: number | null) => {
      const whole = [copies * corpus.length];
      const { result } = await trainCrew({ copies, documents: whole, epochs: 1, tbptt });
      return result.memory.arenas[0];
    };
    const [short, long] = [10, 80];
    expect(await arenaOf(long, 50)).toBe(await arenaOf(short, 50));
    expect(await arenaOf(long, null)).toBeGreaterThan(2 * (await arenaOf(short, null)));
  });
});

describe('the number of steps of an epoch', () => {
  it('is that of the windows of the fullest lane, the same in every epoch', async () => {
    const seen = new Set<number>();
    await trainCrew({ documents, tbptt: 4, epochs: 4 }, (record) => {
      if (record.kind === 'step') seen.add(record.steps);
    });
    expect(seen.size).toBe(1);
    expect([...seen][0]).toBeGreaterThan(range(1, documents.length).length / 5);
  });
});
