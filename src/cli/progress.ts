/**
 * The progress of a run on stderr. On a terminal one line is written over and over; elsewhere every line stays, one
 * an epoch and one every ten seconds inside long epochs.
 */
import type { EpochRecord, RunRecord, StepRecord } from '../pipeline/records.js';
import { duration, liveLine, type Screen } from './live-line.js';
import { monitorLine } from './monitor-line.js';

const stages = 7;

/** A function that shows each record; `now` gives milliseconds. */
export function createProgress(
  screen: Screen = process.stderr,
  now: () => number = Date.now,
): (record: RunRecord) => void {
  const { print, update } = liveLine(screen, now);
  let bestLine = '';

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
        if (record.best) bestLine = `  best ${score(record)} (epoch ${record.epoch})`;
        print(epochLine(record));
        return print(monitorLine(record.monitors));
      case 'step':
        return update(() => stepLine(record) + bestLine);
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
