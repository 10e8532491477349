/** Corpus files from disk. */
import { readFile } from 'node:fs/promises';
import { type Problem, TaggerError } from '../core/errors.js';
import type { MakeDocument } from '../text/make-document.js';
import type { DetectedScheme, Scheme } from '../text/schemes.js';
import type { CorpusFile, CorpusFormat, FormatKind, Source } from './format.js';
import { type FormatOptions, formatKind, openFormat } from './index.js';
import { labelColumn, labelsOf, notationOf, type Split, toSplit } from './labels.js';
import { leftOutWarnings } from './left-out.js';
import { misalignedWarnings, refuseMisaligned } from './misaligned.js';
import { mainFile, otherFiles } from './parts.js';
import { decodeUtf8 } from './utf8.js';

export interface LabelOptions {
  /** The column to learn; else the format's own choice. */
  readonly label?: string;
  /** The scheme of the tags in the files, or `auto` for the one that they show. */
  readonly scheme?: Scheme | 'auto';
}

export interface ReadOptions {
  /** Cuts the text of documents that are not cut into tokens; the defaults of tokenizer and sentences if left out. */
  readonly make?: MakeDocument;
  /** Whether the splits can locate their tokens. */
  readonly places?: boolean;
  /** Whether the caller lists misaligned entities itself: then none is refused or warned of. */
  readonly listsMisaligned?: boolean;
}

export interface LabelledFile {
  readonly file: CorpusFile;
  readonly label: string;
  /** How the file itself writes its tags. */
  readonly notation: DetectedScheme;
  /** Its tags in BIOES. */
  readonly split: Split;
  /** What the user should hear about. */
  readonly warnings: readonly string[];
}

/** One file to evaluate on. Throws E_FILE_MISSING, E_CORPUS_FORMAT, and E_CONFIG where the label is no column. */
export async function readCorpusFile(
  path: string,
  options: FormatOptions,
  { label: wanted, scheme = 'auto', make, places, listsMisaligned }: LabelOptions & ReadOptions = {},
): Promise<LabelledFile> {
  const format = openFormat(options, make);
  const label = labelColumn(format, wanted, path);
  const [file] = parseFiles(format, await readFiles(options, [path]));
  const warnings = warningsOf(path, [file], listsMisaligned);
  const labels = labelsOf(format, [file], label);
  const notation = notationOf(labels, scheme);
  return { file, label, notation, split: toSplit(labels, notation.scheme, places), warnings };
}

/** What a user should hear of files that were read. Throws E_CORPUS_FORMAT for entities that are refused. */
export function warningsOf(name: string, files: readonly CorpusFile[], listsMisaligned = false): string[] {
  const misaligned = files.flatMap(({ misaligned = [] }) => misaligned);
  if (!listsMisaligned) refuseMisaligned(misaligned);
  return [
    ...leftOutWarnings(
      name,
      files.flatMap(({ leftOut = [] }) => leftOut),
    ),
    ...(listsMisaligned ? [] : misalignedWarnings(name, misaligned)),
  ];
}

export interface FileBytes {
  readonly path: string;
  readonly bytes: Uint8Array;
  /** The other files of the same document, by their endings. */
  readonly parts?: Readonly<Record<string, FileBytes>>;
}

/** Every file once, with those that belong to it. Throws E_FILE_MISSING. */
export async function readFiles(
  options: Pick<FormatOptions, 'format'>,
  paths: readonly string[],
): Promise<FileBytes[]> {
  const { parts } = formatKind(options);
  const files: FileBytes[] = [];
  for (const path of new Set(paths.map((path) => mainFile(parts, path))))
    files.push(await readParts(parts, path));
  return files;
}

async function readParts(parts: FormatKind['parts'], path: string): Promise<FileBytes> {
  const bytes = await readBytes(path);
  if (!parts) return { path, bytes };
  const others = otherFiles(parts, path).map(
    async ([ending, path]) => [ending, { path, bytes: await readBytes(path) }] as const,
  );
  return { path, bytes, parts: Object.fromEntries(await Promise.all(others)) };
}

export async function readBytes(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (cause) {
    const problem = {
      message: 'cannot read the file',
      place: { file: path },
      found: (cause as Error).message,
    };
    throw new TaggerError('E_FILE_MISSING', problem, { cause });
  }
}

/** Throws E_CORPUS_FORMAT with all that is wrong in all of the files. */
export function parseFiles(format: Pick<CorpusFormat, 'read'>, files: readonly FileBytes[]): CorpusFile[] {
  const parsed: CorpusFile[] = [];
  const problems: Problem[] = [];
  for (const file of files) {
    try {
      parsed.push(format.read(sourceOf(file)));
    } catch (error) {
      if (!(error instanceof TaggerError && error.code === 'E_CORPUS_FORMAT')) throw error;
      for (const problem of error.problems) problems.push(problem);
    }
  }
  if (problems.length > 0) throw new TaggerError('E_CORPUS_FORMAT', problems);
  return parsed;
}

function sourceOf({ path, bytes, parts }: FileBytes): Source {
  const source = { name: path, text: decodeUtf8(bytes, path) };
  if (!parts) return source;
  const others = Object.entries(parts).map(([ending, file]) => [ending, sourceOf(file)]);
  return { ...source, parts: Object.fromEntries(others) };
}
