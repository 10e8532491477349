/** A comparison on the terminal: how it goes, and what came of it. */
import { TaggerError } from '../core/errors.js';
import { drain } from '../core/relay.js';
import type { CompareRecord } from '../pipeline/comparison/compare.js';
import { type Comparison, plain, systemsOf, verdict, writeReport } from '../report/index.js';
import { formatColumns } from './columns.js';
import { interruptible } from './interrupt.js';
import { printText } from './output.js';

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

/** Prints what was found, unless it is silent, and writes the report into a folder: where that fails, nothing is lost. The path of its page. */
export async function publish(comparison: Comparison, folder: string, isSilent = false): Promise<string> {
  const print = isSilent ? () => {} : printText;
  print(comparisonText(comparison));
  const [page] = await writeReport(comparison, folder);
  print(`\nreport in ${page}`);
  return page;
}

function comparisonText(comparison: Comparison): string {
  const { corpus } = comparison;
  const { heads, rows } = systemsOf(comparison, shown);
  return [
    `${corpus.split} of ${corpus.name}, ${corpus.sentences} sentences, ${corpus.tokens} words`,
    formatColumns([
      heads,
      ...rows.map(({ system, cells }) => [system.name, ...cells.map(({ text }) => text)]),
    ]),
    plain(verdict(comparison).phrases),
  ].join('\n\n');
}
