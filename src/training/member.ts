/**
 * One member of a crew: its part of every step. All members run the same code; what there is to do in each phase is cut
 * into jobs that do not depend on their number, and whoever is free claims the next.
 */
import type { Arena } from '../core/arena.js';
import { LaneStates } from '../core/carry.js';
import { notFinite, notFiniteGradients } from '../core/gradients.js';
import type { Meeting } from '../core/meeting.js';
import type { Table } from '../core/params.js';
import { Random } from '../core/random.js';
import type { Run, TableGradient } from '../core/run.js';
import { inferenceRun, type SharedNetwork } from '../tagger/network.js';
import { type Board, type Order, sum } from './board.js';
import { gradientNotFinite, lossNotFinite } from './diverged.js';
import { firstNotFinite } from './first-not-finite.js';
import type { Method } from './method.js';
import { carryOf, goldTags, keepTags, passOf } from './passes.js';
import type { CrewPlan, StatesPlan } from './plan.js';
import { rateAt } from './rate.js';
import { TableSums } from './table-sums.js';
import { Update } from './update.js';
import { Watch } from './watch.js';
import { Windows } from './windows.js';

export class Member {
  readonly arena: Arena;
  private readonly plan: CrewPlan;
  private readonly network: SharedNetwork;
  private readonly meeting: Meeting;
  private readonly board: Board;
  private readonly train: Windows;
  private readonly dev: Windows;
  /** What goes on from window to window; absent where nothing does. */
  private readonly states?: LaneStates;
  private readonly devStates?: LaneStates;
  private readonly tables: readonly Table[];
  private readonly tableSums: TableSums;
  private readonly update: Update;
  private readonly watch: Watch;
  private readonly index: number;

  constructor(
    plan: CrewPlan,
    network: SharedNetwork,
    method: Method,
    { meeting, board, arena, index }: { meeting: Meeting; board: Board; arena: Arena; index: number },
  ) {
    const { params, engine } = network;
    this.plan = plan;
    this.network = network;
    this.meeting = meeting;
    this.board = board;
    this.arena = arena;
    this.index = index;
    this.train = new Windows(engine.heap, plan.train);
    this.dev = new Windows(engine.heap, plan.dev);
    this.states = this.statesOf(plan.states, 0);
    this.devStates = this.statesOf(plan.devStates, index);
    this.tables = params.tables.filter((table) => table.tuned);
    this.tableSums = new TableSums(plan, this.tables, arena, engine.kernels);
    this.update = new Update(plan, params, engine.kernels, method, this.tableSums);
    const { kernels } = engine;
    this.watch = new Watch({ plan, params, kernels, arena, board, tableSums: this.tableSums });
  }

  /** Carries out an order together with the others; yields after every step or batch, where it may rest. */
  *perform(order: Order): Generator<void> {
    const { board, meeting, arena, index } = this;
    // Another thread may have changed the parameters meanwhile.
    this.network.params.version++;
    this.refresh();
    meeting.meet();
    this.acceptCopies();
    if (order.kind === 'train') yield* this.trainSteps(order);
    else yield* this.tagBatches();
    board.waited[index] = meeting.waited;
    board.arenas[index] = arena.size;
  }

  private *trainSteps(order: Order): Generator<void> {
    const { meeting, plan } = this;
    let paused = false;
    for (let step = order.first; step < plan.steps && !paused; step++) {
      this.step(order, step);
      // Read between two meetings, so that all members see the same.
      paused = meeting.isStopped;
      yield;
    }
  }

  /** One step of training, in four phases with a meeting after each. */
  private step(order: Order, step: number): void {
    const { meeting, arena, plan, update, board, index } = this;
    arena.reset();
    for (let shard = meeting.claim(); shard < plan.shards; shard = meeting.claim()) {
      this.addGradient(order, step, shard);
    }
    meeting.meet();

    meeting.share(index, update.jobs, (job) => {
      board.squares[job] = update.sum(job);
    });
    meeting.meet();

    const norm = Math.sqrt(sum(board.squares));
    if (!Number.isFinite(norm)) throw this.notFiniteGradient(order, step);
    const { epoch, first, before } = order;
    const done = before + step - first;
    const settings = {
      rate: rateAt(plan, { step: done, epoch: epoch - 1, scores: board.scores.subarray(0, epoch - 1) }),
      scale: norm > plan.clip ? plan.clip / norm : 1,
      count: done + 1,
    };
    const around = this.watch.around(step);
    meeting.share(index, update.jobs, (job) =>
      around(job, () => update.apply(job, settings, { epoch, step })),
    );
    this.network.params.version++;
    meeting.meet();

    this.refresh();
    meeting.meet(() => {
      board.addStep(norm);
      this.watch.addStep(step);
      meeting.decideToStop();
    });
    this.acceptCopies();
  }

  /** Loss and gradient of a shard. */
  private addGradient(order: Order, step: number, shard: number): void {
    const { plan, network, arena, board, tables } = this;
    const { params, engine } = network;
    const { kernels } = engine;
    const [windows, lanes] = this.shard(step * plan.shards + shard);
    const pass = passOf(this.train, windows, arena);
    const { batch, parts, ends } = pass;
    const carry = this.states && carryOf(this.states, this.train, windows, lanes, { kernels, arena, batch });
    const random = () => new Random(plan.seed, order.epoch, step, shard);
    const run: Run = {
      kernels,
      arena,
      params,
      batch,
      parts,
      ends,
      carry,
      random: random(),
      count: order.before + step - order.first,
      gradients: plan.gradients + shard * plan.gradientBytes,
      tableGradients: [],
    };
    board.tokens[shard] = batch.tokens;
    board.losses[shard] = 0;
    if (batch.tokens > 0) {
      const tags = goldTags(this.train, pass, arena);
      const [loss, backward] = network.stack.loss(tags, run);
      if (!Number.isFinite(loss)) {
        const began = firstNotFinite((probe) =>
          network.stack.loss(tags, { ...run, random: random(), probe }),
        );
        throw lossNotFinite(loss, { began, names: notFinite(kernels, params) }, order.epoch, step);
      }
      carry?.keep();
      backward();
      board.losses[shard] = loss;
    }
    tables.forEach((table, t) => {
      const touched = run.tableGradients.find((gradient) => gradient.table === table);
      this.tableSums.set(shard, t, touched);
    });
  }

  /** Windows, and the lane of each. */
  private shard(index: number): number[][] {
    const { heap } = this.network.engine;
    const { order, lanes, bounds } = this.plan;
    const [first, end] = [0, 1].map((i) => heap.i32[(bounds >>> 2) + index + i]);
    return [order, lanes].map((list) =>
      Array.from(heap.i32.subarray((list >>> 2) + first, (list >>> 2) + end)),
    );
  }

  private statesOf({ address, lanes }: StatesPlan, index: number): LaneStates | undefined {
    if (address === 0) return undefined;
    const { engine, stack } = this.network;
    const own = address + index * LaneStates.bytes(lanes, stack.states);
    return new LaneStates(engine.heap, own, lanes, stack.states);
  }

  /** Brings the copies that are made of the parameters up to date. They are in the parameters' order. */
  private refresh(): void {
    const { params, engine } = this.network;
    const { derived } = params;
    this.meeting.share(this.index, derived.length, (job) => derived[job].fresh(engine.kernels));
  }

  private acceptCopies(): void {
    for (const copy of this.network.params.derived) copy.markFresh();
  }

  private notFiniteGradient(order: Order, step: number): Error {
    const { params, engine } = this.network;
    const sums: TableGradient[] = this.tables.map((_, t) => this.tableSums.get(this.plan.shards, t));
    const names = notFiniteGradients(engine.kernels, params, this.plan.gradients, sums);
    return gradientNotFinite(names, order.epoch, step);
  }

  /** Writes the best tags of the dev sentences over their gold ones, which nobody needs. */
  private *tagBatches(): Generator<void> {
    const { plan, meeting, network, dev } = this;
    const { heap } = network.engine;
    for (let job = meeting.claim(); job < plan.devBatches; job = meeting.claim()) {
      const [first, end] = [0, 1].map((i) => heap.i32[(plan.devBounds >>> 2) + job + i]);
      const sequences = Array.from({ length: end - first }, (_, lane) => ({
        lane,
        windows: dev.windowsOf(first + lane),
      }));
      const steps = Math.max(...sequences.map(({ windows: [from, to] }) => to - from));
      for (let step = 0; step < steps; step++) {
        const now = sequences.filter(({ windows: [from, to] }) => from + step < to);
        this.tagWindows(
          now.map(({ windows: [from] }) => from + step),
          now.map(({ lane }) => lane),
        );
        yield;
      }
    }
    meeting.meet();
  }

  private tagWindows(windows: readonly number[], lanes: readonly number[]): void {
    const { network, arena, dev, devStates } = this;
    const { kernels } = network.engine;
    arena.reset();
    const pass = passOf(dev, windows, arena);
    const { batch, parts } = pass;
    const carry = devStates && carryOf(devStates, dev, windows, lanes, { kernels, arena, batch });
    const tags = network.stack.decode({ ...inferenceRun(network, batch, arena, carry), parts });
    carry?.keep();
    keepTags(dev, pass, tags, arena);
  }
}
