/** What every layer must do. A layer's own test calls this and adds the property that it exists for. */
import { describe, expect, it } from 'vitest';
import type { TrackLists } from '../../src/core/batch.js';
import type { Matrix } from '../../src/core/matrix.js';
import type { Params } from '../../src/core/params.js';
import type { Run } from '../../src/core/run.js';
import { numbers, seed, seeded } from '../support/arrays.js';
import { exact, expectClose, roundings } from '../support/close.js';
import { pick, place, read, tokensOf } from '../support/rows.js';
import { expectGradients, type Part, sentencesOf, Workbench } from '../support/workbench.js';

/** From x [N × input] to y [N × output]; what reads the forms of the batch takes no x and returns no dx. */
// biome-ignore lint/suspicious/noConfusingVoidType: the backward function of an embedding returns nothing
export type Forward = (x: Matrix, run: Run) => [y: Matrix, backward: (dy: Matrix) => Matrix | void];

export interface LayerCase {
  readonly input: number;
  readonly output: number;
  readonly create: (params: Params) => Forward;
  /** The same layer, with dropout or anything else that only training does at random. */
  readonly random?: (params: Params) => Forward;
  readonly sentences?: readonly Int32Array[];
  /** Of the sentences, where the layer reads any. */
  readonly tracks?: TrackLists;
  /** Range of the parameters. */
  readonly limit?: number;
}

/** A layer with random parameters and a random x. */
export class Trial {
  readonly bench = new Workbench();
  readonly sentences: readonly Int32Array[];
  readonly x: Float32Array;
  readonly dy: Float32Array;
  private readonly one: LayerCase;
  private readonly forward: Forward;

  constructor(one: LayerCase, create = one.create) {
    this.one = one;
    this.sentences = one.sentences ?? sentencesOf();
    this.forward = create(this.bench.params);
    this.bench.fill(one.limit);
    const tokens = this.sentences.reduce((sum, { length }) => sum + length, 0);
    this.x = numbers(tokens * one.input, seeded(1));
    this.dy = numbers(tokens * one.output, seeded(2));
  }

  /** y of some sentences in some order; all of them by default. */
  output(stream?: readonly number[], chosen = [...this.sentences.keys()]): Float32Array {
    const { bench, one } = this;
    const run = bench.start(
      chosen.map((s) => this.sentences[s]),
      stream,
      one.tracks?.map((lists) => chosen.map((s) => lists[s])),
    );
    const x = place(run, one.input, pick(this.x, one.input, this.tokens(chosen)));
    return read(run, this.forward(x, run)[0]);
  }

  /** The gradients of x and of every parameter when that of y is `dy`. */
  gradients(stream?: readonly number[], times = 1): Part[] {
    const { bench, one, x } = this;
    const run = bench.start(this.sentences, stream, one.tracks);
    const [y, backward] = this.forward(place(run, one.input, x), run);
    expect([y.rows, y.cols]).toEqual([run.batch.tokens, one.output]);
    let dx = backward(place(run, one.output, this.dy));
    for (let i = 1; i < times; i++) {
      const again = this.forward(place(run, one.input, x), { ...run, tableGradients: [] });
      dx = again[1](place(run, one.output, this.dy));
    }
    const gradient = dx ? read(run, dx) : new Float32Array(0);
    return [...bench.parts(run), { name: 'x', values: () => x, gradient }];
  }

  expectGradients(stream?: readonly number[]): void {
    const loss = () => this.output(stream).reduce((sum, y, i) => sum + y * this.dy[i], 0);
    expectGradients(this.gradients(stream), loss);
  }

  /** y of each of these sentences, alone or in whatever batch, against that within the whole batch. */
  expectSame(chosen: number[]): void {
    const all = pick(this.output(), this.one.output, this.tokens(chosen));
    expectClose(this.output(undefined, chosen), all, exact, `sentences ${chosen}, value`);
  }

  private tokens(chosen: readonly number[]): number[] {
    return chosen.flatMap((s) => tokensOf(this.sentences, s));
  }
}

export function layerConformance(name: string, one: LayerCase): void {
  const order = (trial: Trial) => [...trial.sentences.keys()];

  describe(`${name}: what every layer does (seed ${seed})`, () => {
    it('writes one finite row of its width a token', () => {
      const trial = new Trial(one);
      const y = trial.output();
      expect(y).toHaveLength(trial.dy.length);
      expect(y.every(Number.isFinite)).toBe(true);
    });

    it('has the gradients of finite differences', () => new Trial(one).expectGradients());

    it('adds to the gradients of parameters', () => {
      const trial = new Trial(one);
      const dense = new Set(trial.bench.params.dense.map(({ name }) => name));
      const once = trial.gradients().filter((part) => dense.has(part.name));
      for (const twice of trial.gradients(undefined, 2)) {
        const gradient = once.find((part) => part.name === twice.name)?.gradient;
        if (!gradient) continue;
        const largest = gradient.reduce((most, g) => Math.max(most, Math.abs(g)), 1);
        const doubled = gradient.map((g) => 2 * g);
        expectClose(twice.gradient, doubled, roundings(64, largest), `d${twice.name}`);
      }
    });

    it('gives a sentence the same rows alone and in a batch', () => {
      const trial = new Trial(one);
      for (const s of order(trial)) trial.expectSame([s]);
    });

    it('gives a sentence the same rows whatever the order of the sentences', () => {
      const trial = new Trial(one);
      trial.expectSame(order(trial).reverse());
      trial.expectSame([...seeded(4).permutation(trial.sentences.length)]);
      trial.expectSame([...order(trial), ...order(trial)]);
    });

    it('takes an empty batch', () => expect(new Trial(one).output(undefined, [])).toHaveLength(0));

    it('without chance does the same in training as at inference', () => {
      const trial = new Trial(one);
      expect(trial.output([1])).toEqual(trial.output());
    });
  });

  const { random } = one;
  if (!random) return;
  describe(`${name}: with dropout (seed ${seed})`, () => {
    const trial = () => new Trial(one, random);

    it('has the gradients of finite differences', () => {
      for (const stream of [[1], [2]]) trial().expectGradients(stream);
    });

    it('drops the same for the same random stream, and something else for another', () => {
      const first = trial().output([1]);
      expect(trial().output([1])).toEqual(first);
      const others = [2, 3, 4, 5].map((stream) => trial().output([stream]));
      expect(others.some((other) => other.some((y, i) => y !== first[i]))).toBe(true);
    });

    it('drops nothing at inference', () => {
      expect(trial().output()).toEqual(new Trial(one).output());
      trial().expectGradients();
    });
  });
}
