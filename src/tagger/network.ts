/** A network and the memory that it lies in: its layers over one flat set of parameters, and the forms that it reads. */
import type { Arena } from '../core/arena.js';
import { type Batch, type EncodedTokens, makeBatch, type TrackLists } from '../core/batch.js';
import type { Carry } from '../core/carry.js';
import type { Engine } from '../core/engine.js';
import { Params, type ParamsLayout } from '../core/params.js';
import { partsOf } from '../core/parts.js';
import type { Probe, Run } from '../core/run.js';
import type { Constraints } from '../decoders/decoder.js';
import type { Distribution } from '../decoders/index.js';
import { Forms, type FormsLayout, sharedForms } from '../text/forms.js';
import { numberedTracks, type TokenSentence, Tracks } from '../text/tracks.js';
import { embeddingKind, type NetworkConfig, Stack, type StackPlan } from './stack.js';

/** Distinct forms that are remembered, some 8 MB in each thread; a service that runs for months meets ever new ones. */
const FORMS_LIMIT = 10_000;

/** Where the parameters of a network lie and what it is like, as plain data: other threads make the same network of the same memory. */
export interface ParamsOfNetwork extends StackPlan {
  readonly params: ParamsLayout;
}

/** The same with the forms that its thread has met. */
export interface NetworkLayout extends ParamsOfNetwork {
  readonly forms: FormsLayout;
}

/** What a pass needs of a network, in whatever thread. */
export interface SharedNetwork {
  readonly engine: Engine;
  readonly params: Params;
  readonly stack: Stack;
  /** Is told of the passes of inference. */
  readonly probe?: Probe;
}

/** How sequences of a pass are cut, and go on. */
export interface Passage {
  /** Of every sequence the tokens of its sentences; without, each is one. */
  readonly lengths?: readonly (readonly number[])[];
  /** The carry of the pass, which keeps what goes on once all is read. */
  readonly carry?: (batch: Batch) => Carry & { keep(): void };
}

export class Network implements SharedNetwork {
  readonly engine: Engine;
  readonly params: Params;
  readonly forms: Forms;
  readonly tracks = new Tracks();
  readonly stack: Stack;
  /** Of those who watch, while they do. */
  probe?: Probe;
  private readonly plan: StackPlan;

  /** `vocabularies` go with `config.embeddings`, in order. Parameters are allocated, and zero. */
  static create(
    { embeddings, encoder, decoder }: NetworkConfig,
    vocabularies: readonly unknown[],
    tags: number,
    constraints: Constraints,
    engine: Engine,
  ): Network {
    const sizes = embeddings.map((options, i) => embeddingKind(options).sizes(vocabularies[i]));
    const plan = { config: { embeddings, encoder, decoder }, sizes, tags, constraints };
    return new Network(plan, new Params(engine.heap), engine, (i) => vocabularies[i]);
  }

  /** The network of another thread, on whose memory `engine` is, with forms of its own: it meets words that the other has not. */
  static attach({ params, ...plan }: ParamsOfNetwork, engine: Engine): Network {
    const network = new Network(plan, new Params(engine.heap, params), engine, noWords);
    // Threads that are at work read these.
    for (const copy of network.params.derived) copy.markFresh();
    return network;
  }

  private constructor(
    plan: StackPlan,
    params: Params,
    engine: Engine,
    vocabulary: (embedding: number) => unknown,
  ) {
    this.engine = engine;
    this.params = params;
    this.forms = new Forms(engine.heap);
    this.plan = plan;
    try {
      this.stack = new Stack(plan, params, this.forms, this.tracks, vocabulary);
    } catch (error) {
      this.release();
      throw error;
    }
  }

  /** A sentence as numbers, for training. Throws E_COLUMN where a column is missing. */
  encode(sentence: TokenSentence): EncodedTokens {
    return { forms: this.forms.encode(sentence.tokens), tracks: this.tracks.encode(sentence) };
  }

  /** The best tags of sequences of form ids, none empty, as indices: a list a sentence. */
  tag(
    sequences: readonly Int32Array[],
    arena: Arena,
    tracks?: TrackLists,
    passage: Passage = {},
  ): Int32Array[] {
    const { run, keep } = this.start(sequences, arena, tracks, passage);
    const tags = this.stack.decode(run) >>> 2;
    keep();
    const { firstRows, rank } = run.parts?.batch ?? run.batch;
    const view = arena.heap.i32;
    const lengths = passage.lengths?.flat() ?? sequences.map(({ length }) => length);
    return lengths.map((length, s) =>
      Int32Array.from({ length }, (_, t) => view[tags + firstRows[t] + rank[s]]),
    );
  }

  /**
   * The distribution over the tags of sequences of form ids, none empty; sentences count through all of them. It lives until the
   * arena's next pass.
   */
  distribution(
    sequences: readonly Int32Array[],
    arena: Arena,
    tracks?: TrackLists,
    passage: Passage = {},
  ): Distribution {
    const { run, keep } = this.start(sequences, arena, tracks, passage);
    const distribution = this.stack.distribution(run);
    keep();
    return distribution;
  }

  private start(
    sequences: readonly Int32Array[],
    arena: Arena,
    tracks: TrackLists | undefined,
    { lengths, carry: carryOf }: Passage,
  ): { run: Run; keep: () => void } {
    arena.reset();
    const batch = makeBatch(sequences, arena, tracks);
    const parts = lengths && partsOf(batch, sequences, lengths, arena);
    const carry = carryOf?.(batch);
    const run = { ...inferenceRun(this, batch, arena, carry), parts };
    return { run, keep: () => carry?.keep() };
  }

  /** Forgets forms that were met once too many are remembered. No id of one that training did not see is good any more. */
  forgetForms(): void {
    if (this.forms.passing > FORMS_LIMIT) this.forms.forget();
  }

  /** For other threads, until a new form is met. */
  share(): NetworkLayout {
    return { ...this.plan, params: this.params.share(), forms: this.forms.share() };
  }

  /**
   * For `attach`, as long as the network lives. The parameters may no longer change: what is derived from them is worked out
   * here, so that a thread that comes later writes nothing that others read.
   */
  shareParams(): ParamsOfNetwork {
    for (const copy of this.params.derived) copy.fresh(this.engine.kernels);
    return { ...this.plan, params: this.params.share() };
  }

  release(): void {
    this.params.release();
    this.forms.release();
  }
}

/** The network of another thread with that thread's forms; `engine` is on the same memory. */
export function attachNetwork(layout: NetworkLayout, engine: Engine): SharedNetwork {
  const params = new Params(engine.heap, layout.params);
  return {
    engine,
    params,
    stack: new Stack(layout, params, sharedForms(layout.forms), numberedTracks(), noWords),
  };
}

function noWords(embedding: number): never {
  throw new Error(`embedding ${embedding} asks for its vocabulary, which is in another thread`);
}

/** `carry` where the sentences go on from another pass. */
export function inferenceRun(
  { engine, params, probe }: SharedNetwork,
  batch: Batch,
  arena: Arena,
  carry?: Carry,
): Run {
  return { kernels: engine.kernels, arena, params, batch, carry, probe, gradients: 0, tableGradients: [] };
}
