import { expect, it } from 'vitest';
import { engine } from '../../src/core/engine.js';
import { Heap } from '../../src/core/heap.js';
import { Ints } from '../../src/core/ints.js';
import { matrix } from '../../src/core/matrix.js';
import type { Memory } from '../../src/core/memory.js';
import type { Params } from '../../src/core/params.js';
import type { Run } from '../../src/core/run.js';
import { type CharRows, charConvolution, layOutWords } from '../../src/layers/char-convolution.js';
import type { Characters } from '../../src/layers/characters.js';
import { type Forward, layerConformance, Trial } from '../conformance/layer.js';
import { maxima } from '../support/char-cnn.js';
import { expectClose, roundings } from '../support/close.js';
import { sentencesOf, Workbench } from '../support/workbench.js';

const [CHARS, DIM, FILTERS] = [6, 4, 5];
/** Words by their number, of 1 to 8 characters; the second is shorter than a wide filter. */
const words = [[1, 2, 3], [4], [5, 1], [2, 2, 2, 2, 2, 3, 1, 4], [0, 3, 0], [5, 4, 3, 2, 1], [3, 3]].map(
  (ids) => Int32Array.from(ids),
);

/** The characters of all words in a memory. */
function charactersIn(heap: Memory): Characters {
  const [starts, values] = [new Ints(heap), new Ints(heap)];
  starts.push(0);
  for (const word of words) {
    for (const id of word) values.push(id);
    starts.push(values.length);
  }
  return { starts, values };
}

const layer = (width: number, dropout: number) => ({
  input: 0,
  output: FILTERS,
  create: (params: Params): Forward => {
    const characters = charactersIn(params.heap);
    const options = { chars: CHARS, dim: DIM, filters: FILTERS, width, dropout };
    const convolution = charConvolution(params, 'chars', options);
    return (_x, run) => {
      const rows = layOutWords(run.batch.forms, characters, width, run);
      const out = matrix(run.arena.words(rows.words * FILTERS), rows.words, FILTERS);
      return [out, convolution.forward(rows, out, run)];
    };
  },
});

for (const width of [1, 3, 5]) {
  layerConformance(`char convolution of width ${width}`, {
    ...layer(width, 0),
    random: layer(width, 0.4).create,
    // Far from each other, so that finite differences seldom change which is the largest.
    limit: 2,
  });
}

it.each([1, 3, 5, 7])(
  'a filter of width %i finds its largest value over the word, with zeros around',
  (width) => {
    const trial = new Trial(layer(width, 0));
    const [table, weights, bias] = ['table', 'weight', 'bias'].map((name) =>
      trial.bench.values(`chars.${name}`),
    );
    const chosen = trial.sentences.flatMap((sentence) => Array.from(sentence, (form) => words[form]));
    const y = trial.output();
    chosen.forEach((word, i) => {
      const x = Float32Array.from([...word].flatMap((id) => [...table.subarray(id * DIM, (id + 1) * DIM)]));
      const { values } = maxima({
        words: [word.length],
        filters: FILTERS,
        dim: DIM,
        width,
        pad: (width - 1) / 2,
        starts: Int32Array.of(0, word.length),
        rows: word.length,
        x,
        weights,
        bias,
      });
      const found = y.subarray(i * FILTERS, (i + 1) * FILTERS);
      expectClose(
        found,
        values.map((value, f) => value + bias[f]),
        roundings(width * DIM + 2, 4),
        `word ${i},`,
      );
    });
  },
);

const laidOut = (run: Run, { ids, starts, rows, words: count }: CharRows) => {
  const read = (address: number, n: number) => [...run.arena.heap.i32.subarray(address / 4, address / 4 + n)];
  return { ids: read(ids, rows), starts: read(starts, count + 1) };
};

it('words lie with zeros of half a filter before, between and behind them', () => {
  const bench = new Workbench();
  bench.fill();
  const run = bench.start(sentencesOf());
  const rows = layOutWords([0, 1], charactersIn(run.arena.heap), 5, run);
  expect(laidOut(run, rows)).toEqual({
    ids: [-1, -1, 1, 2, 3, -1, -1, 4, -1, -1],
    starts: [2, 7, 10],
  });
});

it('words may come in any order and more than once, for filters of one character without zeros', () => {
  const run = new Workbench().start([]);
  const rows = layOutWords(Int32Array.of(2, 0, 2), charactersIn(run.arena.heap), 1, run);
  expect(laidOut(run, rows)).toEqual({ ids: [5, 1, 1, 2, 3, 5, 1], starts: [0, 2, 5, 7] });
});

it('words are laid out in working memory that grows meanwhile, and the memory with it', () => {
  const heap = new Heap(new WebAssembly.Memory({ initial: 4, maximum: 64, shared: true }));
  const run = new Workbench({ ...engine(), heap }).start([]);
  const characters = charactersIn(heap);
  const before = heap.u8.length;
  const count = 20_000;
  const { ids, starts } = laidOut(run, layOutWords(new Array(count).fill(0), characters, 3, run));
  expect(heap.u8.length).toBeGreaterThan(before);
  expect(starts).toEqual(Array.from({ length: count + 1 }, (_, i) => 1 + 4 * i));
  expect(ids).toEqual([-1, ...Array.from({ length: count }, () => [1, 2, 3, -1]).flat()]);
});
