/**
 * The progress of a run on stderr. On a terminal one line is written over and over; elsewhere every line stays, one
 * an epoch and one every ten seconds inside long epochs.
 */
import type { EpochRecord, RunRecord, StepRecord } from '../pipeline/records.js';

export interface Screen {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

const stages = 7;
const secondsBetweenLines = 10;
const secondsBetweenUpdates = 0.1;

/** A function that shows each record; `now` gives milliseconds. */
export function createProgress(
  screen: Screen = process.stderr,
  now: () => number = Date.now,
): (record: RunRecord) => void {
  const pause = 1000 * (screen.isTTY ? secondsBetweenUpdates : secondsBetweenLines);
  let lastStep = now();
  let bestLine = '';

  const print = (line: string) => screen.write(`${screen.isTTY ? clearLine : ''}${line}\n`);
  const update = (line: string) => {
    const width = (screen.columns ?? 80) - 1;
    if (screen.isTTY) screen.write(clearLine + line.slice(0, width));
    else screen.write(`${line}\n`);
  };

  return (record) => {
    switch (record.kind) {
      case 'stage':
        return print(`[${record.index}/${stages}] ${record.name.padEnd(10)} ${record.text}`);
      case 'stopped':
      case 'resumed':
      case 'memory':
        return print(record.text);
      case 'warning':
        return print(`warning: ${record.text}`);
      case 'epoch':
        lastStep = now();
        if (record.best) bestLine = `  best ${score(record)} (epoch ${record.epoch})`;
        return print(epochLine(record));
      case 'step':
        if (now() - lastStep < pause) return;
        lastStep = now();
        return update(stepLine(record) + bestLine);
    }
  };
}

/** The progress of several runs at once: their lines one after another, each with the name of its run. */
export function namedProgress(
  screen: Screen = process.stderr,
  now?: () => number,
): (name: string, record: RunRecord) => void {
  const shows = new Map<string, (record: RunRecord) => void>();
  return (name, record) => {
    // What they have in common is told by none of them.
    if (record.kind === 'stage' || record.kind === 'memory') return;
    let show = shows.get(name);
    if (!show) {
      show = createProgress({ write: (text) => screen.write(`${name}  ${text}`) }, now);
      shows.set(name, show);
    }
    show(record);
  };
}

/** Back to the first column, and blank to the end. */
const clearLine = '\r\u001b[K';

function stepLine({ epoch, epochs, step, steps, loss, tokensPerSecond, etaSeconds }: StepRecord): string {
  const rate = Math.round(tokensPerSecond).toLocaleString('en');
  return `epoch ${epoch}/${epochs}  step ${step}/${steps}  loss ${loss.toFixed(4)}  ${rate} tokens/s  ${duration(etaSeconds)} left`;
}

function epochLine(record: EpochRecord): string {
  const { epoch, epochs, loss, rate, seconds, tokensPerSecond, best } = record;
  const speed = Math.round(tokensPerSecond).toLocaleString('en');
  const width = String(epochs).length;
  return [
    `epoch ${String(epoch).padStart(width)}/${epochs}`,
    `loss ${loss.toFixed(4)}`,
    `rate ${rate.toPrecision(3)}`,
    `${speed} tokens/s`,
    duration(seconds),
    `dev ${score(record)}${best ? ' *' : ''}`,
  ].join('  ');
}

function score({ dev }: EpochRecord): string {
  return `F1 ${dev.f1.toFixed(2)} accuracy ${dev.accuracy.toFixed(2)}`;
}

/** `8s`, `3m07s`, `1h02m`. */
function duration(seconds: number): string {
  const whole = Math.round(seconds);
  const two = (value: number) => String(value).padStart(2, '0');
  if (whole < 60) return `${whole}s`;
  const minutes = Math.floor(whole / 60);
  return minutes < 60
    ? `${minutes}m${two(whole % 60)}s`
    : `${Math.floor(minutes / 60)}h${two(minutes % 60)}m`;
}
