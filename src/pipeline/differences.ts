/** In which keys two configs differ. */
import { TaggerError } from '../core/errors.js';
import { child, formatPath, isMapping, type Path } from './source.js';

export interface Difference {
  /** `training.optimizer.rate` */
  readonly key: string;
  /** As JSON; undefined where there is none. */
  readonly before: string | undefined;
  readonly now: string | undefined;
}

/** The deepest keys with different values, in the order of the first config; those of lists have indices. */
export function differencesOf(before: unknown, now: unknown, path: Path = []): Difference[] {
  const shown = { before: JSON.stringify(before), now: JSON.stringify(now) };
  if (shown.before === shown.now) return [];
  const areAlike = (isMapping(before) && isMapping(now)) || (Array.isArray(before) && Array.isArray(now));
  if (!areAlike) return [{ key: formatPath(path), ...shown }];
  const keys = new Set([...Object.keys(before), ...Object.keys(now)]);
  return [...keys].flatMap((key) => differencesOf(child(before, key), child(now, key), [...path, key]));
}

/** Throws E_RESUME with every difference between what is stored in a file and what is asked for now; `force` is how to go on. */
export function refuseDifferences(file: string, differences: readonly Difference[], force: string): void {
  if (differences.length === 0) return;
  const problems = differences.map(({ key, before = 'nothing', now = 'nothing' }) => ({
    message: 'changed since the beginning',
    place: { file, key },
    expected: short(before),
    found: short(now),
    hint: force,
  }));
  throw new TaggerError('E_RESUME', problems);
}

const short = (text: string): string => (text.length > 60 ? `${text.slice(0, 59)}…` : text);
