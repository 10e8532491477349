/** What the members of a crew and the main thread write down for each other, as doubles in shared memory. */

/** The order that the members carry out. */
export interface Order {
  readonly kind: 'train' | 'tag' | 'leave';
  /** Of training: epochs count from 1; the first step to take, from 0; the steps of the whole training before that one. */
  readonly epoch: number;
  readonly first: number;
  readonly before: number;
}

/** Sums over the steps of an epoch so far. */
export interface Totals {
  readonly loss: number;
  /** Of the norms of the gradients, before clipping. */
  readonly norms: number;
  readonly tokens: number;
  readonly steps: number;
  /** Steps that were measured, then sums over them of each layer, see `Watch`. */
  readonly watched: readonly number[];
}

const kinds = ['train', 'tag', 'leave'] as const;
const [KIND, EPOCH, FIRST, BEFORE, LOSS, NORMS, TOKENS, STEPS, FIELDS] = [0, 1, 2, 3, 4, 5, 6, 7, 8];

export interface BoardShape {
  readonly members: number;
  readonly shards: number;
  /** Parts of the gradient whose norms are taken one by one. */
  readonly parts: number;
  readonly epochs: number;
  /** Numbers that a measured step and all those of an epoch leave, see `Watch`. */
  readonly measured: number;
  readonly watched: number;
}

export class Board {
  readonly buffer: SharedArrayBuffer;
  /** Loss and tokens of each shard of the step. */
  readonly losses: Float64Array;
  readonly tokens: Float64Array;
  /** Sum of squares of each part of the gradient. */
  readonly squares: Float64Array;
  /** The dev score of each epoch that is done. */
  readonly scores: Float64Array;
  /** Of the step, and sums of the epoch; of a step that is measured. */
  readonly measured: Float64Array;
  readonly watched: Float64Array;
  /** Of each member: milliseconds that it waited for others, bytes of its arena. */
  readonly waited: Float64Array;
  readonly arenas: Float64Array;
  private readonly fields: Float64Array;

  constructor(shape: BoardShape, buffer?: SharedArrayBuffer) {
    const { members, shards, parts, epochs, measured, watched } = shape;
    const sizes = [FIELDS, shards, shards, parts, epochs, measured, watched, members, members];
    this.buffer = buffer ?? new SharedArrayBuffer(sizes.reduce((sum, size) => sum + size * 8, 0));
    let from = 0;
    const views = sizes.map((size) => {
      const view = new Float64Array(this.buffer, from, size);
      from += size * 8;
      return view;
    });
    [this.fields, this.losses, this.tokens, this.squares, this.scores] = views;
    [this.measured, this.watched, this.waited, this.arenas] = views.slice(5);
  }

  get order(): Order {
    const f = this.fields;
    return { kind: kinds[f[KIND]], epoch: f[EPOCH], first: f[FIRST], before: f[BEFORE] };
  }

  set order({ kind, epoch, first, before }: Order) {
    this.fields.set([kinds.indexOf(kind), epoch, first, before], KIND);
  }

  get totals(): Totals {
    const f = this.fields;
    const watched = [...this.watched];
    return { loss: f[LOSS], norms: f[NORMS], tokens: f[TOKENS], steps: f[STEPS], watched };
  }

  set totals({ loss, norms, tokens, steps, watched = [] }: Totals) {
    this.fields.set([loss, norms, tokens, steps], LOSS);
    this.watched.fill(0);
    this.watched.set(watched);
  }

  /** Adds the step whose losses and tokens stand on the board. */
  addStep(norm: number): void {
    const f = this.fields;
    f[LOSS] += sum(this.losses);
    f[TOKENS] += sum(this.tokens);
    f[NORMS] += norm;
    f[STEPS]++;
  }
}

export function sum(values: Float64Array): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i];
  return total;
}
