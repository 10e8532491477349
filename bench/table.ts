/** Tables of text: the first column to the left, the others to the right. */

export interface Table {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** How to read it. */
  readonly notes: readonly string[];
}

export function formatTable({ title, head, rows, notes }: Table): string {
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((row) => row[column].length)));
  const line = (row: readonly string[]) =>
    row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join('  ');
  const rule = '─'.repeat(line(head).length);
  return [title, rule, line(head), rule, ...rows.map(line), rule, ...notes.map((note) => `  ${note}`)].join(
    '\n',
  );
}

/** 1 decimal. */
export const tenth = (value: number): string => value.toFixed(1);
export const ratio = (value: number): string => `${value.toFixed(2)} ×`;
export const percent = (value: number): string => `${(100 * value).toFixed(1)} %`;
export const whole = (value: number): string => Math.round(value).toLocaleString('en');
export const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`;
/** Whether a figure meets what is asked of it. */
export const verdict = (met: boolean): string => (met ? 'yes' : 'NO');
