/**
 * What a step does to gradients and parameters once the shards are done, cut into jobs that do not depend on the number
 * of members: one for each table that is tuned, then one for each part of the flat block.
 */
import type { Kernels } from '../core/kernels.js';
import type { Params } from '../core/params.js';
import type { StepOfEpoch } from './averages/index.js';
import { PART } from './groups.js';
import type { Method } from './method.js';
import type { StepSettings } from './optimizers/index.js';
import type { CrewPlan } from './plan.js';
import type { TableSums } from './table-sums.js';

export class Update {
  readonly jobs: number;
  private readonly plan: CrewPlan;
  private readonly params: Params;
  private readonly kernels: Kernels;
  private readonly method: Method;
  private readonly tableSums: TableSums;
  private readonly tables: number;

  constructor(plan: CrewPlan, params: Params, kernels: Kernels, method: Method, tableSums: TableSums) {
    this.plan = plan;
    this.params = params;
    this.kernels = kernels;
    this.method = method;
    this.tableSums = tableSums;
    this.tables = plan.groups.tables.length;
    this.jobs = this.tables + plan.groups.parts.length;
  }

  /** Adds up the shards' gradients of a job and cuts the sums to ±clipValue; returns the sum of their squares. */
  sum(job: number): number {
    return job < this.tables ? this.sumTable(job) : this.sumPart(job - this.tables);
  }

  /** The optimizer's step, each group of parameters at its own rate; the average follows. */
  apply(job: number, settings: StepSettings, at: StepOfEpoch): void {
    if (job < this.tables) this.applyTable(job, settings, at);
    else this.applyPart(job - this.tables, settings, at);
  }

  private sumTable(table: number): number {
    const { plan, kernels, tableSums } = this;
    const squares = tableSums.add(table);
    if (plan.groups.tables[table] === 0) return 0;
    if (plan.clipValue === undefined) return squares;
    const { table: of, count, values } = tableSums.get(plan.shards, table);
    return kernels.clamp(count * of.dim, values, plan.clipValue);
  }

  private sumPart(part: number): number {
    const { plan, kernels, params } = this;
    const { gradients, gradientBytes, shards, clipValue } = plan;
    let squares = 0;
    for (const { first, floats, factor } of plan.groups.parts[part]) {
      const address = gradients + first * 4;
      const own = kernels.reduce_blocks(floats, shards, address, gradientBytes);
      // No optimizer will set it to zero.
      if (factor === 0) params.heap.f32.fill(0, address >>> 2, (address >>> 2) + floats);
      else squares += clipValue === undefined ? own : kernels.clamp(floats, address, clipValue);
    }
    return squares;
  }

  private applyTable(table: number, settings: StepSettings, at: StepOfEpoch): void {
    const { plan, tableSums, method } = this;
    const factor = plan.groups.tables[table];
    if (factor === 0) return;
    const gradient = tableSums.get(plan.shards, table);
    this.averageAt(at)?.rows?.(gradient, at);
    method.optimizer.rows(gradient, scaled(settings, factor));
  }

  private applyPart(part: number, settings: StepSettings, at: StepOfEpoch): void {
    const { plan, method, params } = this;
    for (const { first, floats, factor } of plan.groups.parts[part]) {
      if (factor > 0) method.optimizer.dense(first, floats, plan.gradients, scaled(settings, factor));
    }
    const first = part * PART;
    this.averageAt(at)?.dense?.(first, Math.min(PART, params.size - first), at);
  }

  private averageAt({ epoch }: StepOfEpoch): Method['average'] {
    const { average } = this.method;
    return average && epoch >= average.from ? average : undefined;
  }
}

function scaled(settings: StepSettings, factor: number): StepSettings {
  return factor === 1 ? settings : { ...settings, rate: settings.rate * factor };
}
