/** Parts of sentences under a CRF, against the sum over all paths of the part. */
import { describe, expect, it } from 'vitest';
import type { OpenEnds } from '../../src/core/parts.js';
import type { Run } from '../../src/core/run.js';
import { crf, crfOptions } from '../../src/decoders/crf.js';
import type { Constraints } from '../../src/decoders/decoder.js';
import { affine } from '../support/affine.js';
import { numbers, seed, seeded } from '../support/arrays.js';
import { type Chain, enumerate, pathScore, paths } from '../support/crf.js';
import { cases, maskedChain } from '../support/decoder-cases.js';
import { place, placeTags, read } from '../support/rows.js';
import { expectGradients, sentencesOf, Workbench } from '../support/workbench.js';

const INPUT = 4;
const lengths = [2, 4, 1, 3, 1, 4];
/** Of every part: whether its sentence begins before it, and goes on behind it. One is whole. */
const open = [
  [true, false],
  [false, true],
  [true, true],
  [false, false],
  [false, true],
  [true, true],
];

/** A CRF on parts of sentences, with gold tags that are allowed where they stand. */
class OpenTrial {
  readonly bench = new Workbench();
  readonly sentences = sentencesOf(lengths);
  readonly x: Float32Array;
  readonly before: number[];
  readonly gold: number[][];
  private readonly k: number;
  private readonly constraints: Constraints;
  private readonly decoder: ReturnType<typeof crf.create>;

  constructor([k, constraints]: readonly [number, Constraints]) {
    [this.k, this.constraints] = [k, constraints];
    this.decoder = crf.create(crfOptions.parse({ kind: 'crf' }), INPUT, k, constraints, this.bench.params);
    this.bench.fill();
    const tokens = lengths.reduce((sum, length) => sum + length, 0);
    this.x = numbers(tokens * INPUT, seeded(k));
    const random = seeded(k, 1);
    const choices = lengths.map((length, s) => {
      const all: { before: number; path: number[] }[] = [];
      for (let before = open[s][0] ? 0 : -1; before < (open[s][0] ? k : 0); before++) {
        const chain = this.chain(s, before);
        for (const path of paths(k, length)) {
          const zeros = path.map(() => new Array<number>(k).fill(0));
          if (pathScore(chain, zeros, path) > -1e3) all.push({ before, path: [...path] });
        }
      }
      return all[random.below(all.length)];
    });
    this.before = choices.map(({ before }) => before);
    this.gold = choices.map(({ path }) => path);
  }

  /** The chain of a part by the definition: with another start, or without a stop. */
  chain(s: number, before = this.before[s]): Chain {
    const { k } = this;
    const [start, transitions, stop] = ['start', 'transitions', 'stop'].map((name) =>
      this.bench.values(`decoder.${name}`),
    );
    const whole = maskedChain(k, this.constraints, { start, transitions, stop });
    return {
      ...whole,
      start: before < 0 ? whole.start : Array.from(whole.transitions).slice(before * k, (before + 1) * k),
      stop: open[s][1] ? new Float64Array(k) : whole.stop,
    };
  }

  defined(): number {
    let [first, loss] = [0, 0];
    lengths.forEach((length, s) => {
      const x = this.x.subarray(first * INPUT, (first + length) * INPUT);
      const [weight, bias] = ['weight', 'bias'].map((name) => this.bench.values(`decoder.emission.${name}`));
      const e = affine([...x], weight, bias);
      loss += enumerate(this.chain(s), e).logPartition - pathScore(this.chain(s), e, this.gold[s]);
      first += length;
    });
    return loss;
  }

  pass() {
    const run = this.bench.start(this.sentences);
    const { order } = run.batch;
    const ends: OpenEnds = {
      before: Int32Array.from(order, (s) => this.before[s]),
      goesOn: Uint8Array.from(order, (s) => Number(open[s][1])),
    };
    const own: Run = { ...run, ends };
    const [loss, backward] = this.decoder.loss(
      place(own, INPUT, this.x),
      placeTags(own, this.gold.flat()),
      own,
    );
    return { run: own, loss, backward };
  }
}

describe.each(Object.entries(cases))(`a CRF of %s on parts of sentences, seed ${seed}`, (_, size) => {
  const trial = new OpenTrial(size);

  it('has the loss of the paths that go on from the tag before, and do not stop where the sentence goes on', () => {
    const expected = trial.defined();
    expect(Math.abs(trial.pass().loss - expected)).toBeLessThan(1e-5 * (1 + Math.abs(expected)));
  });

  it('has the gradients of finite differences, those of the transitions from the tag before included', () => {
    const { run, backward } = trial.pass();
    const dx = read(run, backward());
    const parts = [...trial.bench.parts(run), { name: 'x', values: () => trial.x, gradient: dx }];
    expectGradients(parts, () => trial.pass().loss);
  });
});
