/** Corpus files from disk. */
import { readFile } from 'node:fs/promises';
import { type Problem, TaggerError } from '../core/errors.js';
import type { DetectedScheme, Scheme } from '../text/schemes.js';
import type { CorpusFile, CorpusFormat } from './format.js';
import { type FormatOptions, openFormat } from './index.js';
import { labelColumn, labelsOf, notationOf, type Split, toSplit } from './labels.js';
import { decodeUtf8 } from './utf8.js';

export interface LabelOptions {
  /** The column to learn; else the format's own choice. */
  readonly label?: string;
  /** The scheme of the tags in the files, or `auto` for the one that they show. */
  readonly scheme?: Scheme | 'auto';
}

export interface LabelledFile {
  readonly file: CorpusFile;
  readonly label: string;
  /** How the file itself writes its tags. */
  readonly notation: DetectedScheme;
  /** Its tags in BIOES. */
  readonly split: Split;
}

/** One file to evaluate on. Throws E_FILE_MISSING, E_CORPUS_FORMAT, and E_CONFIG where the label is no column. */
export async function readCorpusFile(
  path: string,
  options: FormatOptions,
  { label: wanted, scheme = 'auto', places }: LabelOptions & { readonly places?: boolean } = {},
): Promise<LabelledFile> {
  const format = openFormat(options);
  const label = labelColumn(format, wanted, path);
  const [file] = parseFiles(format, [{ path, bytes: await readBytes(path) }]);
  const labels = labelsOf(format, [file], label);
  const notation = notationOf(labels, scheme);
  return { file, label, notation, split: toSplit(labels, notation.scheme, places) };
}

export interface FileBytes {
  readonly path: string;
  readonly bytes: Uint8Array;
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
export function parseFiles(format: CorpusFormat, files: readonly FileBytes[]): CorpusFile[] {
  const parsed: CorpusFile[] = [];
  const problems: Problem[] = [];
  for (const { path, bytes } of files) {
    try {
      parsed.push(format.read({ name: path, text: decodeUtf8(bytes, path) }));
    } catch (error) {
      if (!(error instanceof TaggerError && error.code === 'E_CORPUS_FORMAT')) throw error;
      for (const problem of error.problems) problems.push(problem);
    }
  }
  if (problems.length > 0) throw new TaggerError('E_CORPUS_FORMAT', problems);
  return parsed;
}
