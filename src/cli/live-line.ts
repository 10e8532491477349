/**
 * A line that tells how far something is. On a terminal it is written over and over; elsewhere every line stays, and there
 * is one every ten seconds.
 */

export interface Screen {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

const secondsBetweenLines = 10;
const secondsBetweenUpdates = 0.1;

/** Back to the first column, and blank to the end. */
const clearLine = '\r\u001b[K';

export interface LiveLine {
  /** A line that stays. */
  print(line: string): void;
  /** The line as it is now, unless there was one a moment ago. */
  update(line: () => string): void;
  /** Takes the line away. */
  clear(): void;
}

/** `now` gives milliseconds. */
export function liveLine(screen: Screen, now: () => number): LiveLine {
  const pause = 1000 * (screen.isTTY ? secondsBetweenUpdates : secondsBetweenLines);
  let last = now();
  return {
    print(line) {
      last = now();
      screen.write(`${screen.isTTY ? clearLine : ''}${line}\n`);
    },
    update(line) {
      if (now() - last < pause) return;
      last = now();
      const width = (screen.columns ?? 80) - 1;
      screen.write(screen.isTTY ? clearLine + line().slice(0, width) : `${line()}\n`);
    },
    clear() {
      if (screen.isTTY) screen.write(clearLine);
    },
  };
}

/** `8s`, `3m07s`, `1h02m`. */
export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  const two = (value: number) => String(value).padStart(2, '0');
  if (whole < 60) return `${whole}s`;
  const minutes = Math.floor(whole / 60);
  return minutes < 60
    ? `${minutes}m${two(whole % 60)}s`
    : `${Math.floor(minutes / 60)}h${two(minutes % 60)}m`;
}
