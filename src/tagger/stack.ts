/** The layers of a network: embeddings side by side → encoder → decoder. They keep nothing between passes. */
import type { StateShape } from '../core/carry.js';
import type { KindSchema, OptionsOf } from '../core/kind.js';
import { columns, type Matrix, matrix } from '../core/matrix.js';
import type { Params } from '../core/params.js';
import type { Run } from '../core/run.js';
import type { Constraints, Decoder, DecoderKind } from '../decoders/decoder.js';
import { type Distribution, decoderKinds } from '../decoders/index.js';
import type { Embedding, EmbeddingKind, Sizes } from '../embeddings/embedding.js';
import { embeddingKinds } from '../embeddings/index.js';
import { createEncoder, type Encoder, type EncoderConfig } from '../encoders/index.js';
import { regroup, runOfParts } from '../layers/regroup.js';
import type { FormFeatures } from '../text/forms.js';
import type { TrackFeatures } from '../text/tracks.js';

export interface NetworkConfig {
  readonly embeddings: readonly OptionsOf<typeof embeddingKinds>[];
  readonly encoder: EncoderConfig;
  readonly decoder: OptionsOf<typeof decoderKinds>;
}

/** The kind that options belong to. Its own schema has checked them, which the compiler cannot follow through a table. */
export function embeddingKind(
  options: NetworkConfig['embeddings'][number],
): EmbeddingKind<KindSchema, unknown> {
  return embeddingKinds[options.kind] as unknown as EmbeddingKind<KindSchema, unknown>;
}

/** The columns that embeddings read of their input, each once. */
export function columnsOf(embeddings: NetworkConfig['embeddings']): string[] {
  return [...new Set(embeddings.flatMap((options) => embeddingKind(options).columns?.(options) ?? []))];
}

function decoderKind(options: NetworkConfig['decoder']): DecoderKind<KindSchema> {
  return decoderKinds[options.kind] as unknown as DecoderKind<KindSchema>;
}

/** All that the shapes of a network follow from. */
export interface StackPlan {
  readonly config: NetworkConfig;
  /** Of each embedding's vocabulary. */
  readonly sizes: readonly Sizes[];
  readonly tags: number;
  readonly constraints: Constraints;
}

export class Stack {
  private readonly embeddings: readonly Embedding[];
  private readonly encoder: Encoder;
  private readonly decoder: Decoder;
  private readonly width: number;

  /** Claims the parameters and what is read of forms and tokens, always in the same order. */
  constructor(
    { config, sizes, tags, constraints }: StackPlan,
    params: Params,
    forms: FormFeatures,
    tracks: TrackFeatures,
    vocabulary: (embedding: number) => unknown,
  ) {
    this.embeddings = config.embeddings.map((options, i) => {
      const name = `embeddings.${i}`;
      const context = { params, forms, tracks, name, vocabulary: () => vocabulary(i) };
      return embeddingKind(options).create(options, sizes[i], context);
    });
    this.width = this.embeddings.reduce((sum, embedding) => sum + embedding.width, 0);
    this.encoder = createEncoder(config.encoder, this.width, params, 'encoder');
    const { width } = this.encoder;
    this.decoder = decoderKind(config.decoder).create(config.decoder, width, tags, constraints, params);
    params.allocate();
  }

  /** How many tokens behind it a token's vector depends on. */
  get lookahead(): number {
    return Math.max(...this.embeddings.map(({ lookahead = 0 }) => lookahead)) + this.encoder.lookahead;
  }

  /** What goes on from window to window of a sequence. */
  get states(): readonly StateShape[] {
    return this.encoder.states;
  }

  /** Whether training saw the form; undefined when no embedding can tell. */
  knows(form: string): boolean | undefined {
    return this.embeddings.find((embedding) => embedding.knows)?.knows?.(form);
  }

  /**
   * The loss of a batch, in nats summed over its sentences, and the function that adds its gradient to the run's block.
   * `tags` is the address of the gold tags, i32 [N] in the order of the batch; where sequences have parts, of that of the parts.
   */
  loss(tags: number, run: Run): [loss: number, backward: () => void] {
    const [y, encoderBackward] = this.encode(run);
    const [loss, decoderBackward] = this.decoder.loss(y, tags, runOfParts(run));
    return [loss, () => encoderBackward(decoderBackward())];
  }

  /** Address of the best tags: i32 [N], in the order that `loss` takes them in. */
  decode(run: Run): number {
    const [y] = this.encode(run);
    return this.decoder.decode(y, runOfParts(run));
  }

  /** The distribution over the allowed sequences of every sentence; it lives until the next pass. */
  distribution(run: Run): Distribution {
    const [y] = this.encode(run);
    return this.decoder.distribution(y, runOfParts(run));
  }

  /** Decodes streams, see `Decoder.online`; `push` takes the run of a sentence's next token, which has its carry. */
  online(lag: number): { push(run: Run): number[]; end(): number[] } {
    const decoder = this.decoder.online(lag);
    const push = (run: Run) => {
      const [y] = this.encode(run);
      return decoder.push(y, run);
    };
    return { push, end: () => decoder.end() };
  }

  /** The vectors of the tokens that the decoder sees: y [N × width] in the order of the batch, or of the parts of its sequences. */
  encode(run: Run): [y: Matrix, backward: (dy: Matrix) => void] {
    const [x, embeddingsBackward] = this.embed(run);
    run.probe?.states('embeddings', x, run);
    const [h, encoderBackward] = this.encoder.forward(x, run);
    run.probe?.states('encoder', h, run);
    const [y, back] = regroup(h, run);
    return [y, (dy) => embeddingsBackward(encoderBackward(back(dy)))];
  }

  private embed(run: Run): [x: Matrix, backward: (dx: Matrix) => void] {
    const n = run.batch.tokens;
    const x = matrix(run.arena.words(n * this.width), n, this.width);
    let from = 0;
    const parts = this.embeddings.map((embedding) => {
      const { width } = embedding;
      const first = from;
      from += width;
      const backward = embedding.forward(columns(x, first, width), run);
      return (dx: Matrix) => backward(columns(dx, first, width));
    });
    const backward = (dx: Matrix) => {
      for (const part of parts) part(dx);
    };
    return [x, backward];
  }
}
