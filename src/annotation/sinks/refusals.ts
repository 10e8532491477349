/** When a run may not go on from, or begin in the place of, another one. */
import { TaggerError } from '../../core/errors.js';
import type { Progress, SinkSettings } from '../sink.js';
import type { Manifest } from './manifest.js';

/** An interrupted run is there, and nobody has said what shall become of it. */
export function interrupted(target: string, { counts }: Progress): TaggerError {
  const done = Object.entries(counts).map(([name, count]) => `${name} ${count}`);
  return new TaggerError('E_RESUME', {
    message: 'an interrupted run has begun to write this',
    place: { file: target },
    found: done.length > 0 ? `it came as far as ${done.join(', ')}` : undefined,
    hint: '--resume goes on from there, --force begins anew',
  });
}

export function atWork(target: string, manifestPath: string, pid: number | undefined): TaggerError {
  return new TaggerError('E_RESUME', {
    message: `another run is at work on it${pid === undefined ? '' : ` (process ${pid})`}`,
    place: { file: target },
    hint: `another name, or wait for its end; if that process is no run of tagger, remove "process" from ${manifestPath}`,
  });
}

/** Throws E_RESUME with every setting that is not what it was when the run began. */
export function refuseDifferences(manifestPath: string, { settings }: Manifest, now: SinkSettings): void {
  const keys = new Set([...Object.keys(settings), ...Object.keys(now)]);
  const problems = [...keys]
    .map((key) => ({ key, before: shown(settings[key]), found: shown(now[key]) }))
    .filter(({ before, found }) => before !== found)
    .map(({ key, before, found }) => ({
      message: 'changed since the run began',
      place: { file: manifestPath, key },
      expected: before,
      found,
      hint: 'as it was; or --force beside --resume, which goes on all the same; or --force alone, which begins anew',
    }));
  if (problems.length > 0) throw new TaggerError('E_RESUME', problems);
}

const shown = (value: unknown): string => JSON.stringify(value) ?? 'nothing';
