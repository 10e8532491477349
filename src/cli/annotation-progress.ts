/** How far an annotation is, which documents have failed, and at the end what was done: on stderr. */
import type { AnnotationRecord, AnnotationResult, Counts, ErrorRecord } from '../annotation/index.js';
import { formatProblem, listedProblems } from '../core/errors.js';
import { duration, liveLine, type Screen } from './live-line.js';

export interface ProgressOptions {
  /** Failed documents are told of all the same. */
  readonly isQuiet?: boolean;
  readonly screen?: Screen;
  readonly now?: () => number;
}

export interface AnnotationProgress {
  show(record: AnnotationRecord): void;
  end(result: AnnotationResult, output?: string): void;
}

export function annotationProgress({
  isQuiet = false,
  screen = process.stderr,
  now = Date.now,
}: ProgressOptions): AnnotationProgress {
  const { print, update, clear } = liveLine(screen, now);
  /** Who annotates a letter wants to see what is in it, and no report. */
  let isReported = screen.isTTY ?? false;
  const started = now();
  const seconds = () => Math.max((now() - started) / 1000, 1e-3);
  let failed = 0;

  const line = (counts: Counts, fresh: Counts, share?: number) => {
    // What this run has done itself, of the share that all runs have.
    const own = share && (share * fresh.bytes) / counts.bytes;
    const rest = share && own ? (seconds() * (1 - share)) / own : undefined;
    return [
      `${show(counts.documents)} documents`,
      `${show(counts.tokens)} tokens`,
      `${show(fresh.documents / seconds())} documents/s`,
      `${show(fresh.tokens / seconds())} tokens/s`,
      ...(counts.failed > 0 ? [`${show(counts.failed)} failed`] : []),
      ...(share === undefined ? [] : [`${Math.floor(share * 100)} %`]),
      ...(rest === undefined ? [] : [`${duration(rest)} left`]),
    ].join('  ');
  };

  return {
    show(record) {
      if (record.kind === 'failed') {
        failed++;
        if (failed <= listedProblems) print(`failed ${record.record.code}: ${formatFailed(record.record)}`);
        if (failed === listedProblems)
          print('… more failed documents are only counted; --errors FILE lists all');
      } else if (!isQuiet) {
        update(() => {
          isReported = true;
          return line(record.counts, record.fresh, record.share);
        });
      }
    },
    end({ counts, fresh, interrupted }, output) {
      clear();
      if (isQuiet || !(isReported || counts.failed > 0 || interrupted)) return;
      const rate = `${show(fresh.tokens / seconds())} tokens/s`;
      const parts = [
        `${counted(counts.documents, 'document')}, ${counted(counts.tokens, 'token')} in ${duration(seconds())}, ${rate}`,
      ];
      if (counts.failed > 0) parts.push(`${show(counts.failed)} failed`);
      if (counts.long > 0)
        parts.push(`${counted(counts.long, 'sentence')} longer than any of training, tagged in windows`);
      print(parts.join('; '));
      const isKept = output !== undefined && output !== '-';
      if (interrupted) print(`interrupted${isKept ? '; --resume goes on from here' : ''}`);
    },
  };
}

const show = (value: number): string => Math.round(value).toLocaleString('en');

const counted = (count: number, noun: string): string => `${show(count)} ${noun}${count === 1 ? '' : 's'}`;

function formatFailed({ id, ...problem }: ErrorRecord): string {
  const record = String(id);
  // Where the record has no id of its own, it is named by its place.
  const place = problem.place?.record === undefined ? { ...problem.place, record } : problem.place;
  return formatProblem({ ...problem, place });
}
