/** Timing and the figures made of timings. Other processes only ever slow a round down, so the best one counts. */

export interface Sample {
  /** Units of work a second of wall-clock time. */
  readonly rate: number;
  /** Units a second of processor time of all threads of the process: does not see that others had the core. */
  readonly cpuRate: number;
}

/** Times `work`, which returns how many units it did. */
export function sample(work: () => number): Sample {
  const cpu = process.cpuUsage();
  const start = performance.now();
  const units = work();
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  return { rate: units / seconds, cpuRate: units / ((user + system) / 1e6) };
}

/** How often to run `work` so that it takes about `ms`, after `warmUp` ms in which V8 optimises it. */
export function calibrate(work: (times: number) => void, ms: number, warmUp = 300): number {
  const end = performance.now() + warmUp;
  let each = ms;
  while (performance.now() < end) {
    const start = performance.now();
    work(10);
    each = Math.min(each, (performance.now() - start) / 10);
  }
  return Math.max(1, Math.round(ms / each));
}

export function best(values: readonly number[]): number {
  return Math.max(...values);
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
