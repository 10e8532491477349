/** A decoder with random parameters, a random x, and random allowed gold tags. */
import type { Params } from '../../src/core/params.js';
import type { Run } from '../../src/core/run.js';
import type { Constraints, Decoder, Distribution } from '../../src/decoders/index.js';
import { numbers, seeded } from './arrays.js';
import { paths } from './crf.js';
import { allows } from './decoder-cases.js';
import type { DecoderDefinition, DefinedSentence, Values } from './decoder-definition.js';
import { pick, place, placeTags, read, readTags, tokensOf } from './rows.js';
import { type Part, sentencesOf, Workbench } from './workbench.js';

export type CreateDecoder = (input: number, k: number, constraints: Constraints, params: Params) => Decoder;

export interface DecoderTrialOptions {
  /** Width of x. */
  readonly input?: number;
  /** Largest x. */
  readonly size?: number;
  /** Lengths of the sentences. */
  readonly lengths?: readonly number[];
  /** Range of the parameters. */
  readonly limit?: number;
}

/** How a pass is one of training: the path of its random stream, and the steps before it. */
export interface Training {
  readonly stream: readonly number[];
  readonly count?: number;
}

export class DecoderTrial {
  readonly bench = new Workbench();
  readonly sentences: readonly Int32Array[];
  readonly x: Float32Array;
  readonly k: number;
  readonly values: Values = (name) => this.bench.values(`decoder.${name}`);
  private readonly input: number;
  private readonly constraints: Constraints;
  private readonly decoder: Decoder;
  private drawn?: readonly number[][];

  constructor(
    create: CreateDecoder,
    [k, constraints]: readonly [number, Constraints],
    { input = 5, size = 1, lengths, limit }: DecoderTrialOptions = {},
  ) {
    [this.k, this.constraints, this.input] = [k, constraints, input];
    this.sentences = sentencesOf(lengths);
    this.decoder = create(input, k, constraints, this.bench.params);
    this.bench.fill(limit);
    const tokens = this.sentences.reduce((sum, { length }) => sum + length, 0);
    this.x = numbers(tokens * input, seeded(input), size);
  }

  /** Allowed tags of every sentence; not of long ones, whose paths are too many to draw from. */
  get gold(): readonly number[][] {
    if (this.drawn) return this.drawn;
    const random = seeded(2);
    this.drawn = this.sentences.map(({ length }) => {
      const all = Array.from(paths(this.k, length), (path) => [...path]);
      const allowed = all.filter((path) => allows(this.constraints, path));
      return allowed[random.below(allowed.length)];
    });
    return this.drawn;
  }

  get all(): number[] {
    return [...this.sentences.keys()];
  }

  loss(chosen = this.all, training?: Training): number {
    return this.pass(chosen, training).loss;
  }

  gradients(training?: Training): Part[] {
    const { run, backward } = this.pass(this.all, training);
    const dx = read(run, backward());
    return [...this.bench.parts(run), { name: 'x', values: () => this.x, gradient: dx }];
  }

  /** The best tags of sentences, one list a sentence. */
  decode(chosen = this.all): number[][] {
    const { run, x } = this.begin(chosen);
    const tags = readTags(run, this.decoder.decode(x, run));
    return chosen.map((s) => tags.splice(0, this.sentences[s].length));
  }

  distribution(chosen = this.all): Distribution {
    const { run, x } = this.begin(chosen);
    return this.decoder.distribution(x, run);
  }

  /** Every sentence by the definition. */
  defined(definition: DecoderDefinition): DefinedSentence[] {
    return this.sentences.map((_, s) => {
      const rows = tokensOf(this.sentences, s).map((i) => [
        ...this.x.subarray(i * this.input, (i + 1) * this.input),
      ]);
      return definition(this.values, this.k, this.constraints, rows);
    });
  }

  private begin(chosen: readonly number[], training?: Training) {
    const sentences = chosen.map((s) => this.sentences[s]);
    const run: Run = { ...this.bench.start(sentences, training?.stream), count: training?.count };
    const tokens = chosen.flatMap((s) => tokensOf(this.sentences, s));
    return { run, x: place(run, this.input, pick(this.x, this.input, tokens)) };
  }

  private pass(chosen: readonly number[], training?: Training) {
    const { gold } = this;
    const { run, x } = this.begin(chosen, training);
    const tags = placeTags(
      run,
      chosen.flatMap((s) => gold[s]),
    );
    const [loss, backward] = this.decoder.loss(x, tags, run);
    return { run, loss, backward };
  }
}
