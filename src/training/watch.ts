/**
 * Norms of gradients, weights and updates by layer, on a few steps of every epoch: a layer that stands still or runs away
 * is seen there first. They are taken job by job, around the optimizer's work on it, and added up in one order, so that
 * they are the same for any number of members. What the optimizer does is not touched.
 */
import type { Arena } from '../core/arena.js';
import type { Kernels } from '../core/kernels.js';
import type { Params } from '../core/params.js';
import type { Board } from './board.js';
import { PART } from './groups.js';
import { type Layers, layersOf, type Stretch } from './layers.js';
import type { CrewPlan } from './plan.js';
import type { TableSums } from './table-sums.js';

/** Of each stretch: sums of squares of the gradient, of the weights and of their change. */
const SQUARES = 3;
/** Of each layer: sums over the steps of the norm of the gradient and of the update in proportion to the weights. */
const SUMS = 2;

/** Steps of an epoch that are measured, about; and no more than one of so many. */
const [MEASURED, APART] = [16, 8];

export interface LayerNorms {
  /** Mean norm of the gradient by layer, before clipping. */
  readonly gradients: Readonly<Record<string, number>>;
  /** Mean by layer of ‖Δw‖ / ‖w‖: how far a step moves the weights (of a table, the rows that it touches), in proportion to them. */
  readonly updates: Readonly<Record<string, number>>;
}

interface Tools {
  readonly plan: CrewPlan;
  readonly params: Params;
  readonly kernels: Kernels;
  readonly arena: Arena;
  readonly board: Board;
  readonly tableSums: TableSums;
}

export class Watch {
  private readonly tools: Tools;
  private readonly layers: Layers;
  /** The first stretch of each job among all of them. */
  private readonly starts: readonly number[];
  private readonly every: number;

  constructor(tools: Tools) {
    this.tools = tools;
    this.layers = layersOf(tools.params);
    let stretches = 0;
    this.starts = this.layers.jobs.map(({ length }) => {
      stretches += length;
      return stretches - length;
    });
    this.every = Math.max(APART, Math.ceil(tools.plan.steps / MEASURED));
  }

  /** Does a job of the optimizer, and measures it where the step is one of those. */
  around(step: number): (job: number, work: () => void) => void {
    if (!this.isMeasured(step)) return (_, work) => work();
    const copy = this.tools.arena.words(PART);
    const tables = this.tools.params.tables.filter(({ tuned }) => tuned).length;
    return (job, work) => (job < tables ? this.table(job, work) : this.part(job, work, copy));
  }

  /** Adds what was measured to the sums of the epoch; once a step, after all jobs. */
  addStep(step: number): void {
    if (!this.isMeasured(step)) return;
    const { measured, watched } = this.tools.board;
    const { names, jobs } = this.layers;
    const squares = new Float64Array(names.length * SQUARES);
    jobs.flat().forEach(({ layer }, i) => {
      for (let k = 0; k < SQUARES; k++) squares[layer * SQUARES + k] += measured[i * SQUARES + k];
    });
    watched[0]++;
    names.forEach((_, layer) => {
      const [gradient, weights, change] = squares.subarray(layer * SQUARES, (layer + 1) * SQUARES);
      watched[1 + layer * SUMS] += Math.sqrt(gradient);
      watched[2 + layer * SUMS] += change > 0 ? Math.sqrt(change / weights) : 0;
    });
  }

  private isMeasured(step: number): boolean {
    return step % this.every === 0;
  }

  private table(job: number, work: () => void): void {
    const { plan, params, kernels, arena, tableSums } = this.tools;
    const { table, count, ids, values } = tableSums.get(plan.shards, job);
    const { rows, dim } = table;
    const touched = () => {
      const copy = arena.words(count * dim);
      kernels.gather(count, dim, ids, params.tableAddress(table), rows, 0, copy, dim);
      return copy;
    };
    const gradient = kernels.sum_squares(count * dim, values);
    const before = touched();
    work();
    const after = touched();
    const weights = kernels.sum_squares(count * dim, after);
    this.note(this.starts[job], gradient, weights, kernels.squared_distance(count * dim, before, after));
  }

  /** `copy` has room for a part. */
  private part(job: number, work: () => void, copy: number): void {
    const { plan, params, kernels } = this.tools;
    const stretches = this.layers.jobs[job];
    const { first: start } = stretches[0];
    const { first, floats } = stretches[stretches.length - 1];
    const length = first + floats - start;
    const weights = (stretch: Stretch) => params.block + stretch.first * 4;
    const gradients = stretches.map((stretch) =>
      kernels.sum_squares(stretch.floats, plan.gradients + stretch.first * 4),
    );
    kernels.copy_rows(1, length, weights(stretches[0]), length, copy, length);
    work();
    stretches.forEach((stretch, i) => {
      const { first, floats } = stretch;
      const change = kernels.squared_distance(floats, copy + (first - start) * 4, weights(stretch));
      this.note(this.starts[job] + i, gradients[i], kernels.sum_squares(floats, weights(stretch)), change);
    });
  }

  private note(stretch: number, gradient: number, weights: number, change: number): void {
    this.tools.board.measured.set([gradient, weights, change], stretch * SQUARES);
  }
}

/** How many numbers a step and an epoch leave on the board. */
export function watchShape(params: Params): { readonly measured: number; readonly watched: number } {
  const { names, jobs } = layersOf(params);
  return { measured: jobs.flat().length * SQUARES, watched: 1 + names.length * SUMS };
}

/** What the sums of an epoch come to. */
export function layerNorms(names: readonly string[], [steps, ...sums]: readonly number[]): LayerNorms {
  const means = (which: number) =>
    Object.fromEntries(names.map((name, layer) => [name, short(sums[layer * SUMS + which] / steps)]));
  return { gradients: means(0), updates: means(1) };
}

/** Four digits, as many as anybody reads. */
export const short = (value: number): number => Number(value.toPrecision(4));
