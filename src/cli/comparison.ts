/** A comparison on the terminal: how it goes, and what came of it. */
import { TaggerError } from '../core/errors.js';
import { drain } from '../core/relay.js';
import type { CompareRecord } from '../pipeline/comparison/compare.js';
import { type Comparison, plain, systemRows, verdict } from '../report/index.js';
import { formatColumns } from './columns.js';
import { interruptible } from './interrupt.js';

/** Shows how a comparison goes. Throws E_INTERRUPTED after Ctrl-C; `message` says at the first what becomes of things. */
export function comparing(
  run: (signal: AbortSignal) => AsyncGenerator<CompareRecord, Comparison>,
  { message, quiet }: { readonly message: string; readonly quiet?: boolean },
): Promise<Comparison> {
  const show = quiet ? () => {} : (record: CompareRecord) => console.error(lineOf(record));
  return interruptible(message, (signal) => drain(run(signal), show).catch(refuseHalf));
}

/** Systems that were measured are no comparison yet. */
function refuseHalf(cause: Error): never {
  if (cause.name !== 'AbortError') throw cause;
  const [message, hint] = ['the comparison is not finished', 'tagger compare begins it anew'];
  throw new TaggerError('E_INTERRUPTED', { message, hint }, { cause });
}

function lineOf(record: CompareRecord): string {
  switch (record.kind) {
    case 'system':
      return `[${record.index + 1}/${record.count}] ${record.name}`;
    case 'progress':
      return `  ${record.text}`;
    case 'scored':
      return `  ${record.metric} ${record.score.toFixed(2)}`;
  }
}

/** What fits a terminal; the report has the others. */
const shown = ['score', 'difference', 'p', 'tokens_per_second', 'peak_bytes', 'bytes', 'training_seconds'];

export function comparisonText(comparison: Comparison): string {
  const { corpus } = comparison;
  return [
    `${corpus.split} of ${corpus.name}, ${corpus.sentences} sentences, ${corpus.tokens} words`,
    formatColumns(systemRows(comparison, shown)),
    plain(verdict(comparison).phrases),
  ].join('\n\n');
}
