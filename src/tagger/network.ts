/** The network of a config: embeddings side by side → encoder → decoder, over one flat set of parameters. */
import type { Arena } from '../core/arena.js';
import { type Batch, makeBatch } from '../core/batch.js';
import type { Engine } from '../core/engine.js';
import type { KindSchema, OptionsOf } from '../core/kind.js';
import { columns, type Matrix, matrix } from '../core/matrix.js';
import { Params } from '../core/params.js';
import type { Run } from '../core/run.js';
import type { Constraints, Decoder, DecoderKind } from '../decoders/decoder.js';
import { decoderKinds } from '../decoders/index.js';
import type { Embedding, EmbeddingKind } from '../embeddings/embedding.js';
import { embeddingKinds } from '../embeddings/index.js';
import type { Encoder, EncoderKind } from '../encoders/encoder.js';
import { encoderKinds } from '../encoders/index.js';
import { Forms } from '../text/forms.js';

export interface NetworkConfig {
  readonly embeddings: readonly OptionsOf<typeof embeddingKinds>[];
  readonly encoder: OptionsOf<typeof encoderKinds>;
  readonly decoder: OptionsOf<typeof decoderKinds>;
}

/** The kind that options belong to. Its own schema has checked them, which the compiler cannot follow through a table. */
export function embeddingKind(
  options: NetworkConfig['embeddings'][number],
): EmbeddingKind<KindSchema, unknown> {
  return embeddingKinds[options.kind] as unknown as EmbeddingKind<KindSchema, unknown>;
}

export function encoderKind(options: NetworkConfig['encoder']): EncoderKind<KindSchema> {
  return encoderKinds[options.kind] as unknown as EncoderKind<KindSchema>;
}

function decoderKind(options: NetworkConfig['decoder']): DecoderKind<KindSchema> {
  return decoderKinds[options.kind] as unknown as DecoderKind<KindSchema>;
}

export class Network {
  readonly engine: Engine;
  readonly params: Params;
  readonly forms = new Forms();
  private readonly embeddings: readonly Embedding[];
  private readonly encoder: Encoder;
  private readonly decoder: Decoder;
  private readonly width: number;

  /** `vocabularies` go with `config.embeddings`, in order. Parameters are allocated, and zero. */
  constructor(
    config: NetworkConfig,
    vocabularies: readonly unknown[],
    tags: number,
    constraints: Constraints,
    engine: Engine,
  ) {
    this.engine = engine;
    this.params = new Params(engine.heap);
    this.embeddings = config.embeddings.map((options, i) =>
      embeddingKind(options).create(options, vocabularies[i], {
        params: this.params,
        name: `embeddings.${i}`,
        forms: this.forms,
      }),
    );
    this.width = this.embeddings.reduce((sum, embedding) => sum + embedding.width, 0);
    this.encoder = encoderKind(config.encoder).create(config.encoder, this.width, this.params);
    this.decoder = decoderKind(config.decoder).create(
      config.decoder,
      this.encoder.width,
      tags,
      constraints,
      this.params,
    );
    this.params.allocate();
  }

  /** Whether training saw the form; undefined when no embedding can tell. */
  knows(form: string): boolean | undefined {
    return this.embeddings.find((embedding) => embedding.knows)?.knows?.(form);
  }

  /**
   * The loss of a batch, in nats summed over its sentences, and the function that adds its gradient to the run's block.
   * `tags` is the address of the gold tags, i32 [N] in the batch's order.
   */
  loss(tags: number, run: Run): [loss: number, backward: () => void] {
    const [x, embeddingsBackward] = this.embed(run);
    const [y, encoderBackward] = this.encoder.forward(x, run);
    const [loss, decoderBackward] = this.decoder.loss(y, tags, run);
    return [loss, () => embeddingsBackward(encoderBackward(decoderBackward()))];
  }

  /** Address of the best tags: i32 [N] in the batch's order. */
  decode(run: Run): number {
    const [x] = this.embed(run);
    const [y] = this.encoder.forward(x, run);
    return this.decoder.decode(y, run);
  }

  /** The best tags of sentences of form ids, none empty, as indices. */
  tag(sentences: readonly Int32Array[], arena: Arena): Int32Array[] {
    arena.reset();
    const batch = makeBatch(sentences, arena);
    const tags = this.decode(inferenceRun(this, batch, arena)) >>> 2;
    const view = arena.heap.i32;
    return sentences.map((sentence, s) =>
      sentence.map((_, t) => view[tags + batch.firstRows[t] + batch.rank[s]]),
    );
  }

  release(): void {
    this.params.release();
  }

  private embed(run: Run): [x: Matrix, backward: (dx: Matrix) => void] {
    const n = run.batch.tokens;
    const x = matrix(run.arena.words(n * this.width), n, this.width);
    const parts = this.embeddings.map((embedding, i) => {
      const from = this.embeddings.slice(0, i).reduce((sum, before) => sum + before.width, 0);
      const backward = embedding.forward(columns(x, from, embedding.width), run);
      return (dx: Matrix) => backward(columns(dx, from, embedding.width));
    });
    const backward = (dx: Matrix) => {
      for (const part of parts) part(dx);
    };
    return [x, backward];
  }
}

export function inferenceRun(network: Network, batch: Batch, arena: Arena): Run {
  const { engine, params } = network;
  return { kernels: engine.kernels, arena, params, batch, gradients: 0, tableGradients: [] };
}
