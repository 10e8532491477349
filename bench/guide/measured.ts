/**
 * What `npm run guide` measured, a line of JSON each, kept in the repository: a guide goes on where it was stopped, on any
 * machine, and a change of its words needs no training. To measure something again, take its line out.
 */
import { appendFileSync, existsSync, readFileSync } from 'node:fs';

/** Measures and writes what has no line yet; nothing where `measure` was interrupted and returns undefined. */
export async function measureOnce<T extends object>(
  file: string,
  name: Partial<T>,
  measure: () => Promise<T | undefined>,
): Promise<void> {
  const keys = Object.keys(name) as (keyof T)[];
  // Read each time: another run may have written meanwhile.
  if (recordsOf<T>(file).some((record) => keys.every((key) => record[key] === name[key]))) return;
  const measured = await measure();
  if (measured) appendFileSync(file, `${JSON.stringify(measured)}\n`);
}

export function recordsOf<T>(file: string): T[] {
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}
