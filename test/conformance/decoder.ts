/** What every decoder must do. A kind's own test calls this with its definition, written for one sentence in f64. */
import { describe, expect, it } from 'vitest';
import type { KindSchema } from '../../src/core/kind.js';
import type { Constraints, Decoder, DecoderKind } from '../../src/decoders/decoder.js';
import { affine } from '../support/affine.js';
import { numbers, seed, seeded } from '../support/arrays.js';
import { expectClose, roundings } from '../support/close.js';
import { type Chain, enumerate, paths } from '../support/crf.js';
import { allows, cases, maskedChain } from '../support/decoder-cases.js';
import { pick, place, placeTags, read, readTags, tokensOf } from '../support/rows.js';
import { expectGradients, type Part, sentencesOf, Workbench } from '../support/workbench.js';
import { distributionConformance } from './distribution.js';

export interface DecoderDefinition {
  /** Scores beside the emissions, given the parameters by name; without them all are 0. */
  readonly scores?: (values: (name: string) => Float32Array) => Omit<Chain, 'k'>;
  /** Loss of a sentence with emissions e [T][K]; in the chain −∞ is forbidden. */
  readonly loss: (chain: Chain, e: readonly number[][], path: readonly number[]) => number;
}

const INPUT = 5;

/** A decoder with random parameters, a random x, and random allowed gold tags. */
class DecoderTrial {
  readonly bench = new Workbench();
  readonly sentences = sentencesOf();
  readonly x: Float32Array;
  readonly gold: readonly number[][];
  private readonly k: number;
  private readonly constraints: Constraints;
  private readonly decoder: Decoder;

  constructor(
    create: (input: number, k: number, constraints: Constraints, params: Workbench['params']) => Decoder,
    [k, constraints]: [number, Constraints],
    /** Largest x. */
    size = 1,
  ) {
    [this.k, this.constraints] = [k, constraints];
    this.decoder = create(INPUT, k, constraints, this.bench.params);
    this.bench.fill();
    this.x = numbers(tokensIn(this.sentences) * INPUT, seeded(1), size);
    const random = seeded(2);
    this.gold = this.sentences.map(({ length }) => {
      const all = Array.from(paths(k, length), (path) => [...path]);
      const allowed = all.filter((path) => allows(constraints, path));
      return allowed[random.below(allowed.length)];
    });
  }

  loss(chosen = [...this.sentences.keys()]): number {
    return this.pass(chosen).loss;
  }

  gradients(): Part[] {
    const { run, backward } = this.pass([...this.sentences.keys()]);
    const dx = read(run, backward());
    return [...this.bench.parts(run), { name: 'x', values: () => this.x, gradient: dx }];
  }

  /** The best tags of sentences, one list a sentence. */
  decode(chosen = [...this.sentences.keys()]): number[][] {
    const { run, x } = this.begin(chosen);
    const tags = readTags(run, this.decoder.decode(x, run));
    return chosen.map((s) => tags.splice(0, this.sentences[s].length));
  }

  /** Emissions, scores and what is forbidden, in f64. */
  defined(definition: DecoderDefinition): { chain: Chain; emissions: number[][][] } {
    const { k, constraints, bench } = this;
    const values = (name: string) => bench.values(`decoder.${name}`);
    const e = affine(this.x, values('emission.weight'), values('emission.bias'));
    return {
      emissions: this.sentences.map((_, s) => tokensOf(this.sentences, s).map((i) => e[i])),
      chain: maskedChain(k, constraints, definition.scores?.(values)),
    };
  }

  private begin(chosen: readonly number[]) {
    const run = this.bench.start(chosen.map((s) => this.sentences[s]));
    const tokens = chosen.flatMap((s) => tokensOf(this.sentences, s));
    return { run, x: place(run, INPUT, pick(this.x, INPUT, tokens)) };
  }

  private pass(chosen: readonly number[]) {
    const { run, x } = this.begin(chosen);
    const tags = placeTags(
      run,
      chosen.flatMap((s) => this.gold[s]),
    );
    const [loss, backward] = this.decoder.loss(x, tags, run);
    return { run, loss, backward };
  }
}

const tokensIn = (sentences: readonly Int32Array[]) => sentences.reduce((sum, { length }) => sum + length, 0);

export function decoderConformance<S extends KindSchema>(
  name: string,
  kind: DecoderKind<S>,
  options: object,
  definition: DecoderDefinition,
): void {
  const parsed = kind.options.parse(options);
  distributionConformance(name, (...args) => kind.create(parsed, ...args), definition);

  describe.each(Object.entries(cases))(`${name} over %s (seed ${seed})`, (_, one) => {
    const trial = (size?: number) => new DecoderTrial((...args) => kind.create(parsed, ...args), one, size);
    const order = (of: DecoderTrial) => [...of.sentences.keys()];

    it('has the loss of its definition', () => {
      for (const size of [1, 30]) {
        const made = trial(size);
        const { chain, emissions } = made.defined(definition);
        const each = emissions.map((e, s) => definition.loss(chain, e, made.gold[s]));
        const losses = order(made).map((s) => made.loss([s]));
        expectClose(losses, each, roundings(64, 4 * size), 'loss of sentence');
      }
    });

    it('sums the loss over the sentences, in whatever order', () => {
      const made = trial();
      const sum = order(made).reduce((total, s) => total + made.loss([s]), 0);
      for (const chosen of [order(made), order(made).reverse(), [...seeded(4).permutation(5)]]) {
        expect(made.loss(chosen)).toBeCloseTo(sum, 10);
      }
      expect(made.loss([])).toBe(0);
    });

    it('has the gradients of finite differences', () => {
      const made = trial();
      expectGradients(made.gradients(), () => made.loss());
    });

    it('decodes the best of the allowed paths', () => {
      for (const size of [1, 5]) {
        const made = trial(size);
        const { chain, emissions } = made.defined(definition);
        expect(made.decode()).toEqual(emissions.map((e) => enumerate(chain, e).best));
      }
    });

    it('decodes a sentence the same alone and in a batch, in whatever order', () => {
      const made = trial();
      const all = made.decode();
      for (const chosen of [...order(made).map((s) => [s]), order(made).reverse()]) {
        expect(made.decode(chosen)).toEqual(chosen.map((s) => all[s]));
      }
      expect(made.decode([])).toEqual([]);
    });

    it('never decodes what is forbidden, however far ahead its emission is', () => {
      for (const size of [100, 1e6]) {
        for (const path of trial(size).decode()) expect(allows(one[1], path), `${path}`).toBe(true);
      }
    });
  });
}
