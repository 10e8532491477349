import { expect, it } from 'vitest';
import { matrix } from '../../src/core/matrix.js';
import type { Params } from '../../src/core/params.js';
import { charConvolution, layOutWords } from '../../src/layers/char-convolution.js';
import { type Forward, layerConformance, Trial } from '../conformance/layer.js';
import { maxima } from '../support/char-cnn.js';
import { expectClose, roundings } from '../support/close.js';
import { sentencesOf, Workbench } from '../support/workbench.js';

const [CHARS, DIM, FILTERS] = [6, 4, 5];
/** Words by their number, of 1 to 8 characters; the second is shorter than a wide filter. */
const words = [[1, 2, 3], [4], [5, 1], [2, 2, 2, 2, 2, 3, 1, 4], [0, 3, 0], [5, 4, 3, 2, 1], [3, 3]].map(
  (ids) => Int32Array.from(ids),
);

const layer = (width: number, dropout: number) => ({
  input: 0,
  output: FILTERS,
  create: (params: Params): Forward => {
    const options = { chars: CHARS, dim: DIM, filters: FILTERS, width, dropout };
    const convolution = charConvolution(params, 'chars', options);
    return (_x, run) => {
      const rows = layOutWords(
        Array.from(run.batch.forms, (form) => words[form]),
        width,
        run,
      );
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

it('words lie with zeros of half a filter before, between and behind them', () => {
  const bench = new Workbench();
  bench.fill();
  const run = bench.start(sentencesOf());
  const { ids, starts, rows } = layOutWords([words[0], words[1]], 5, run);
  const read = (address: number, n: number) => [...run.arena.heap.i32.subarray(address / 4, address / 4 + n)];
  expect(read(ids, rows)).toEqual([-1, -1, 1, 2, 3, -1, -1, 4, -1, -1]);
  expect(read(starts, 3)).toEqual([2, 7, 10]);
});
