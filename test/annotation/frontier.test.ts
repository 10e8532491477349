import { describe, expect, it } from 'vitest';
import type { Chunk } from '../../src/annotation/chunk.js';
import { Frontier, type Reached } from '../../src/annotation/frontier.js';
import { range, seed, seeded } from '../support/arrays.js';
import { position, recordOf } from './in-memory.js';

const chunkOf = (first: number, last: number): Chunk => range(first, last).map((i) => recordOf(i));
const done = (frontier: Frontier, most = 20) =>
  range(0, most).filter((record) => frontier.isDone(position(record)));
/** What is done as a later run sees it, which has it from a file. */
const later = (reached: Reached) => done(new Frontier(JSON.parse(JSON.stringify(reached))));

describe('the frontier', () => {
  it('is nowhere before a chunk is done', () => {
    const frontier = new Frontier();
    frontier.begin(chunkOf(0, 3));
    expect(frontier.reached).toEqual({ later: [] });
  });

  it('moves over chunks that are done in order', () => {
    const frontier = new Frontier();
    const [first, second] = [frontier.begin(chunkOf(0, 3)), frontier.begin(chunkOf(4, 5))];
    first();
    expect(frontier.reached).toEqual({ after: position(3), later: [] });
    second();
    expect(frontier.reached).toEqual({ after: position(5), later: [] });
  });

  it('waits for the first chunk, and knows what is done behind it', () => {
    const frontier = new Frontier();
    const ends = [chunkOf(0, 3), chunkOf(4, 5), chunkOf(6, 8)].map((chunk) => frontier.begin(chunk));
    ends[2]();
    expect(frontier.reached).toEqual({ later: [[6, 8]] });
    expect(later(frontier.reached)).toEqual([6, 7, 8]);
    ends[0]();
    expect(frontier.reached).toEqual({ after: position(3), later: [[6, 8]] });
    ends[1]();
    expect(frontier.reached).toEqual({ after: position(8), later: [] });
  });

  it('of a later run begins where that of the earlier one was, until it is beyond', () => {
    const frontier = new Frontier({
      after: position(2),
      later: [
        [5, 6],
        [9, 9],
      ],
    });
    expect(done(frontier)).toEqual([0, 1, 2, 5, 6, 9]);
    // What was done is in no chunk.
    const ends = [
      [3, 4, 7],
      [8, 10],
    ].map((records) => frontier.begin(records.map((i) => recordOf(i))));
    ends[1]();
    expect(later(frontier.reached)).toEqual([0, 1, 2, 5, 6, 8, 9, 10]);
    ends[0]();
    expect(frontier.reached).toEqual({ after: position(10), later: [] });
  });

  it(`tells of exactly the chunks that are done, whatever their order, over several runs (seed ${seed})`, () => {
    for (let round = 0; round < 200; round++) {
      const random = seeded(round);
      let reached: Reached = { later: [] };
      const finished = new Set<number>();
      for (let run = 0; run < 4; run++) {
        const frontier = new Frontier(reached);
        const open: { records: number[]; end: () => void }[] = [];
        let todo = range(0, 19).filter((i) => !frontier.isDone(position(i)));
        expect(new Set(range(0, 19).filter((i) => !todo.includes(i)))).toEqual(finished);
        for (let steps = random.below(12); steps > 0; steps--) {
          if (open.length > 0 && random.below(2) === 0) {
            const [{ records, end }] = open.splice(random.below(open.length), 1);
            end();
            for (const record of records) finished.add(record);
          } else if (todo.length > 0) {
            const size = 1 + random.below(4);
            const records = todo.slice(0, size);
            todo = todo.slice(size);
            open.push({ records, end: frontier.begin(records.map((i) => recordOf(i))) });
          }
          expect(new Set(later(frontier.reached)), `round ${round}, run ${run}`).toEqual(finished);
        }
        reached = JSON.parse(JSON.stringify(frontier.reached));
      }
    }
  });
});
