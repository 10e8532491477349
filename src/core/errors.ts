/**
 * Errors as data: a stable code, where it happened, what was expected, what was found and what to do.
 * Raised at the edge, never swallowed; only `cli/` prints them.
 */

/** What each code stands for and the exit code of a command that ends with it (1 failed, 2 wrong usage or bad input, 130 Ctrl-C). */
export const errorCodes = {
  E_USAGE: { exit: 2, meaning: 'the command line is wrong' },
  E_CONFIG: { exit: 2, meaning: 'a pipeline or corpus description is wrong' },
  E_FILE_MISSING: { exit: 2, meaning: 'a file or folder does not exist or cannot be read' },
  E_WRITE: { exit: 2, meaning: 'a file or folder cannot be written' },
  E_CORPUS_MISSING: { exit: 2, meaning: 'the files of a corpus were not found' },
  E_CORPUS_FORMAT: { exit: 2, meaning: 'a corpus file does not have the declared format' },
  E_COLUMN: { exit: 2, meaning: 'a column that the model reads is not in what it is given' },
  E_DOCUMENT: { exit: 1, meaning: 'a document cannot be read, annotated or written; the others are' },
  E_CORPUS_CHANGED: { exit: 2, meaning: 'a corpus file is not the one that its description names (sha256)' },
  E_VECTORS: { exit: 2, meaning: 'word vectors were not found or cannot be used' },
  E_PRETRAINED: { exit: 2, meaning: 'a pretrained model was not found or cannot be used' },
  E_MODEL: { exit: 2, meaning: 'a model directory is missing, incomplete, altered or of a newer version' },
  E_RESUME: { exit: 2, meaning: 'config, corpus or machine have changed since the checkpoint' },
  E_TRAINING: { exit: 1, meaning: 'training cannot go on, for example after NaN or infinity in the loss' },
  E_INTERRUPTED: { exit: 130, meaning: 'Ctrl-C came before there was anything to save' },
  E_WORKER: { exit: 1, meaning: 'a worker thread ended before its time' },
  E_MEMORY: { exit: 1, meaning: 'there is not enough memory' },
  E_INTERNAL: { exit: 1, meaning: 'a fault in tagger itself' },
} as const satisfies Record<string, { exit: 1 | 2 | 130; meaning: string }>;

export type ErrorCode = keyof typeof errorCodes;

/** Where: a place in a file (line and column count from 1), a key of a config (`training.epochs`), or a record. */
export interface Place {
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
  readonly key?: string;
  readonly record?: string;
}

/** One thing that is wrong. */
export interface Problem {
  readonly message: string;
  readonly place?: Place;
  readonly expected?: string;
  readonly found?: string;
  readonly hint?: string;
}

/** `file:line:column key record`, whatever of it is known. */
export function formatPlace(place: Place): string {
  const position = [place.file, place.line, place.column].filter((part) => part !== undefined).join(':');
  return [position, place.key, place.record].filter((part) => part).join(' ');
}

export function formatProblem(problem: Problem): string {
  const place = problem.place ? formatPlace(problem.place) : '';
  const lines = [place ? `${place}: ${problem.message}` : problem.message];
  if (problem.expected !== undefined) lines.push(`  expected: ${problem.expected}`);
  if (problem.found !== undefined) lines.push(`  found: ${problem.found}`);
  if (problem.hint !== undefined) lines.push(`  try: ${problem.hint}`);
  return lines.join('\n');
}

/** How many problems of one file or config are listed. */
export const listedProblems = 20;

/** Every error that tagger raises on purpose. `problems` holds all that is wrong, at least one. */
export class TaggerError extends Error {
  override readonly name = 'TaggerError';
  readonly code: ErrorCode;
  readonly problems: readonly Problem[];

  constructor(code: ErrorCode, problems: Problem | readonly Problem[], options?: { cause?: unknown }) {
    const all = Array.isArray(problems) ? (problems as readonly Problem[]) : [problems as Problem];
    const listed = all.slice(0, listedProblems).map(formatProblem);
    if (all.length > listedProblems) listed.push(`… and ${all.length - listedProblems} more`);
    super(listed.join('\n'), options);
    this.code = code;
    this.problems = all;
  }

  get exitCode(): number {
    return errorCodes[this.code].exit;
  }
}

/** An error as plain data, which crosses threads. */
export interface ErrorData {
  readonly code: ErrorCode;
  readonly problems: readonly Problem[];
  readonly stack?: string;
}

export function errorData(thrown: unknown): ErrorData {
  if (thrown instanceof TaggerError)
    return { code: thrown.code, problems: thrown.problems, stack: thrown.stack };
  const { message, stack } = thrown instanceof Error ? thrown : new Error(String(thrown));
  return { code: 'E_INTERNAL', problems: [{ message }], stack };
}

/** The counterpart of `errorData`; its cause has the stack of the other thread. */
export function errorOf({ code, problems, stack }: ErrorData): TaggerError {
  const cause = new Error(problems[0].message);
  cause.stack = stack;
  return new TaggerError(code, problems, { cause });
}
