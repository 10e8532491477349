/** Passes that go on where the last one over the same sentences stopped. */
import { afterEach, describe, expect, it } from 'vitest';
import { States } from '../../src/core/carry.js';
import { engine } from '../../src/core/engine.js';
import { matrix } from '../../src/core/matrix.js';
import type { Run } from '../../src/core/run.js';
import { gruCell } from '../../src/layers/gru.js';
import { lstmCell } from '../../src/layers/lstm.js';
import { type Cell, recurrentDirection } from '../../src/layers/recurrent.js';
import { rnnCell } from '../../src/layers/rnn.js';
import { numbers, seed, seeded } from '../support/arrays.js';
import { exact, expectClose } from '../support/close.js';
import { pick, place, read, tokensOf } from '../support/rows.js';
import { expectGradients, sentencesOf, Workbench } from '../support/workbench.js';

const [INPUT, UNITS] = [5, 6];
/** From long to short, so that a window's sentences are the first ones of the window before. */
const sentences = sentencesOf([9, 8, 8, 5, 1]);

/** What a sentence has in tokens `from` … `to − 1`; sentences that have none are left out. */
const windowOf = (from: number, to: number) =>
  sentences.map((sentence) => sentence.subarray(from, to)).filter(({ length }) => length > 0);

interface CarryOptions {
  readonly reverse?: boolean;
  readonly carries?: boolean;
}

/** A direction of a layer that reads windows. */
class Going {
  readonly bench = new Workbench();
  readonly states = new States(engine().heap, sentences.length);
  readonly x: Float32Array;
  /** Of the state. */
  readonly width: number;
  private readonly direction: ReturnType<typeof recurrentDirection>;

  constructor(cell: Cell, options: CarryOptions = {}) {
    this.width = cell.states * UNITS;
    const shape = { input: INPUT, units: UNITS, reverse: false, carries: true, ...options };
    this.direction = recurrentDirection(this.bench.params, 'one', cell, shape);
    this.bench.fill();
    this.x = numbers(sentences.reduce((sum, { length }) => sum + length, 0) * INPUT, seeded());
  }

  /** x of a window, in the order of its tokens. */
  input(from: number, to: number): Float32Array {
    const tokens = sentences.flatMap((_, s) => tokensOf(sentences, s).slice(from, to));
    return pick(this.x, INPUT, tokens);
  }

  start(from: number, to: number, carry: Run['carry']): Run {
    return { ...this.bench.start(windowOf(from, to)), carry };
  }

  forward(run: Run, x: Float32Array) {
    const h = matrix(run.arena.words(run.batch.tokens * UNITS), run.batch.tokens, UNITS);
    const backward = this.direction.forward(place(run, INPUT, x), h, run);
    return { y: read(run, h), backward };
  }

  /** The outputs of a window, sentence by sentence. */
  output(from: number, to: number): Float32Array {
    return this.forward(this.start(from, to, this.states), this.input(from, to)).y;
  }

  /** Those of the whole sentences, in a pass that carries nothing. */
  whole(): Float32Array {
    return this.forward(this.start(0, 9, undefined), this.input(0, 9)).y;
  }

  state(): Float32Array[] {
    const { address, rows, cols } = this.states.state('one', this.width);
    const { f32 } = engine().heap;
    return Array.from({ length: rows }, (_, r) =>
      f32.slice(address / 4 + r * cols, address / 4 + (r + 1) * cols),
    );
  }
}

const cells = [
  { name: 'lstm', cell: lstmCell },
  { name: 'gru', cell: gruCell },
  { name: 'rnn with tanh', cell: rnnCell(false) },
  { name: 'rnn with relu', cell: rnnCell(true) },
];

describe.each(cells)(`the state of the $name (seed ${seed})`, ({ cell }) => {
  const made: Going[] = [];
  function going(options?: CarryOptions) {
    const one = new Going(cell, options);
    made.push(one);
    return one;
  }
  afterEach(() => {
    for (const { states } of made.splice(0)) states.release();
  });

  it.each([[1, 2, 3, 4, 5, 6, 7, 8, 9], [4, 9], [1, 9], [8, 9], [2, 4, 6, 8, 9], [5, 9], [9]])(
    'gives the same bits in windows that end at %i, …',
    (...ends) => {
      const one = going();
      const whole = one.whole();
      // A token's row, by its number in the corpus of all sentences.
      const rows = new Map<number, Float32Array>();
      ends.forEach((to, i) => {
        const from = i > 0 ? ends[i - 1] : 0;
        const y = one.output(from, to);
        sentences
          .flatMap((_, s) => tokensOf(sentences, s).slice(from, to))
          .forEach((token, at) => {
            rows.set(token, y.subarray(at * UNITS, (at + 1) * UNITS));
          });
      });
      const joined = Float32Array.from(
        { length: whole.length },
        (_, i) => rows.get(Math.floor(i / UNITS))!.at(i % UNITS)!,
      );
      expectClose(joined, whole, exact, 'h');
    },
  );

  it('is h of the last token, at whatever step a sentence ends', () => {
    const one = going();
    const y = one.output(0, 9);
    one.state().forEach((state, s) => {
      const last = tokensOf(sentences, s).at(-1)!;
      expectClose(
        state.subarray(0, UNITS),
        y.subarray(last * UNITS, (last + 1) * UNITS),
        exact,
        `state ${s}`,
      );
    });
  });

  it('of sentences that have ended stays as it was', () => {
    const one = going();
    one.output(0, 5);
    const before = one.state();
    one.output(5, 9);
    const after = one.state();
    expect(after.slice(3)).toEqual(before.slice(3));
    for (const s of [0, 1, 2]) expect(after[s]).not.toEqual(before[s]);
  });

  it('begins with zeros, and again after it was cleared', () => {
    const one = going();
    const whole = one.whole();
    expectClose(one.output(0, 9), whole, exact);
    expect(one.output(0, 9)).not.toEqual(whole);
    one.states.clear();
    expectClose(one.output(0, 9), whole, exact);
  });

  it.each([
    { who: 'what reads backward', options: { reverse: true } },
    { who: 'a layer that was not told to carry it', options: { carries: false } },
  ])('is nothing to $who', ({ options }) => {
    const one = going(options);
    const whole = one.whole();
    expectClose(one.output(0, 9), whole, exact);
    expectClose(one.output(0, 9), whole, exact);
    expect(
      one
        .state()
        .flatMap((row) => [...row])
        .every((value) => value === 0),
    ).toBe(true);
  });

  it('is a constant in the gradients of the next pass, those of the recurrent weights included', () => {
    const one = going();
    one.output(0, 4);
    const held = one.state();
    /** The second window, from the same state whenever it is asked. */
    const start = () => {
      const { address, cols } = one.states.state('one', one.width);
      for (const [r, row] of held.entries()) engine().heap.f32.set(row, address / 4 + r * cols);
      return one.start(4, 9, one.states);
    };
    const x = one.input(4, 9);
    const dh = numbers((x.length / INPUT) * UNITS, seeded(3));
    const run = start();
    const { backward } = one.forward(run, x);
    const dx = place(run, INPUT);
    backward(place(run, UNITS, dh), dx, false);
    const parts = [...one.bench.parts(run), { name: 'x', values: () => x, gradient: read(run, dx) }];
    expectGradients(parts, () => one.forward(start(), x).y.reduce((sum, h, i) => sum + h * dh[i], 0));
    const recurrent = parts.find(({ name }) => name === 'one.recurrent')!;
    expect(recurrent.gradient.some((g) => Math.abs(g) > 1e-3)).toBe(true);
  });

  it('counts in the gradient of the recurrent weights also where a window is one token', () => {
    const one = going();
    one.output(0, 4);
    const run = one.start(4, 5, one.states);
    const { backward } = one.forward(run, one.input(4, 5));
    const dh = new Float32Array(run.batch.tokens * UNITS).fill(1);
    backward(place(run, UNITS, dh), place(run, INPUT), false);
    const recurrent = one.bench.parts(run).find(({ name }) => name === 'one.recurrent')!;
    expect(recurrent.gradient.some((g) => g !== 0)).toBe(true);
  });
});
