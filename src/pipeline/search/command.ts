/** The command that trains with the settings of a trial, ready for a shell. */
import type { Search } from './load.js';
import { formatSetting, type Setting } from './space.js';

export function commandOf({ reference, set }: Search, settings: readonly Setting[]): string {
  // What was set of the search itself means nothing to a training.
  const given = set.filter((setting) => !setting.startsWith('search.'));
  const all = [...given, ...settings.map(formatSetting)];
  return ['tagger train', quote(reference), ...all.map((setting) => `--set ${quote(setting)}`)].join(' ');
}

/** As a POSIX shell reads it back. */
function quote(word: string): string {
  return /^[\w./:=,@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
