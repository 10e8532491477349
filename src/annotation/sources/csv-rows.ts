/**
 * The borders of CSV rows. A quoted cell may hold line ends, so a stray quote could swallow the file: when a quotation
 * is not closed within a limit, or something stands behind the closing quote, the line at which the row began is lost,
 * and reading goes on at the next line.
 */
import type { Problem } from '../../core/errors.js';
import { type ByteLine, contentOf, type Grouping, isBlank } from './byte-lines.js';
import { type LineState, quoteScanner } from './csv-quotes.js';
import { type Limits, type Piece, tooLong } from './kind.js';

export interface RowOptions {
  readonly delimiter: ',' | '\t';
  /** Whether there are quoted cells at all. */
  readonly quotes: boolean;
  readonly limits: Limits;
}

/** `far`: the closing quote is beyond the limit. */
type RowState = LineState | 'far';

export function groupRows({ delimiter, quotes, limits }: RowOptions): Grouping {
  const separator = delimiter.charCodeAt(0);
  const scan = quotes ? quoteScanner(separator) : (): LineState => 'closed';
  let head: Uint8Array | undefined;
  let isHeadLost = false;
  /** What is not cut yet, from `first` on. */
  let lines: ByteLine[] = [];
  let first = 0;
  /** Whether a quotation is open at the end of the first line. */
  let isOpen = false;
  /** All lines between the first and this one leave a quotation open that is open at their start. */
  let known = 0;
  /** What this one does to it, once it is known. */
  let state: LineState | undefined;

  const isEmpty = (line: ByteLine) => isBlank(line) && !line.bytes?.includes(separator);

  function* cut(isEnd: boolean): Iterable<Piece> {
    while (first < lines.length && !isHeadLost) {
      const line = lines[first];
      if (isEmpty(line)) {
        first++;
        continue;
      }
      const beginning = isOpen || !line.bytes ? 'open' : scan(line.bytes, false);
      isOpen = beginning === 'open';
      const ending = !line.bytes ? 'far' : isOpen ? closing(line) : beginning;
      if (ending === 'closed') yield* row(isOpen ? known + 1 : first + 1);
      else if (ending !== 'open' || isEnd) yield lost(line, ending);
      else break;
    }
    if (first > 0) lines = isHeadLost ? [] : lines.slice(first);
    known -= first;
    first = 0;
  }

  /**
   * Looks for the line that closes the quotation. A line that was looked at for one row is not looked at again for the
   * rows that begin after it: many stray quotes would take quadratic time.
   */
  function closing({ offset }: ByteLine): RowState {
    if (known <= first) seen(first + 1);
    for (; known < lines.length; seen(known + 1)) {
      const { bytes, offset: start, size } = lines[known];
      if (!bytes || start + size - offset > limits.quotation) return 'far';
      state ??= scan(bytes, true);
      if (state !== 'open') return state;
    }
    return 'open';
  }

  function seen(line: number): void {
    known = line;
    state = undefined;
  }

  function* row(end: number): Iterable<Piece> {
    const { offset, line } = lines[first];
    const bytes = contentOf(lines.slice(first, end));
    first = end;
    isOpen = false;
    if (head) yield { offset, line, bytes, head };
    else head = new Uint8Array(bytes);
  }

  function lost({ offset, line, bytes }: ByteLine, ending: RowState): Piece {
    first++;
    isOpen = false;
    isHeadLost = head === undefined;
    const problem = bytes ? brokenQuote(bytes, ending, limits.quotation) : tooLong(limits.row).problem;
    return {
      offset,
      line,
      problem: isHeadLost ? { ...problem, message: `header: ${problem.message}` } : problem,
    };
  }

  return {
    *add(line) {
      // Without a header nothing can be read.
      if (isHeadLost) return;
      lines.push(line);
      yield* cut(false);
    },
    end: () => cut(true),
    pending: () => lines[0],
    isReady: () => head !== undefined || isHeadLost,
    reset() {
      lines = [];
      first = 0;
      isOpen = false;
      seen(0);
    },
  };
}

const shown = 60;

function brokenQuote(line: Uint8Array, state: RowState, limit: number): Omit<Problem, 'place'> {
  const [message, expected] =
    state === 'broken'
      ? [
          'a quoted cell goes on after its closing quote',
          'quotes inside of a quoted cell to be written twice',
        ]
      : ['a quote is not closed', `a closing quote within ${limit} bytes`];
  const found = `a row that begins ${JSON.stringify(Buffer.from(line.subarray(0, shown)).toString())}`;
  return { message, expected, found, hint: '--no-quotes, where a quote is a character like others' };
}
