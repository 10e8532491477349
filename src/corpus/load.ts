/** From the description of a corpus to its splits, ready for training. */
import { createHash } from 'node:crypto';
import { TaggerError } from '../core/errors.js';
import type { Scheme } from '../text/schemes.js';
import type { CorpusDescription } from './description.js';
import { type FindOptions, type FoundCorpus, findCorpus, nameInCorpus, splitNames } from './find.js';
import { openFormat } from './index.js';
import {
  expectScheme,
  type LabelledFiles,
  labelColumn,
  labelsOf,
  notationOf,
  type Split,
  toSplit,
} from './labels.js';
import type { MisalignedEntity } from './misaligned.js';
import {
  type FileBytes,
  type LabelOptions,
  parseFiles,
  type ReadOptions,
  readFiles,
  warningsOf,
} from './read.js';

export { findDescription } from './find.js';
export type { LabelledSentence, Split } from './labels.js';
export { type LabelledFile, type LabelOptions, readCorpusFile } from './read.js';

/** The label and scheme override those of the description. */
export interface LoadOptions extends FindOptions, LabelOptions, ReadOptions {
  /** What to do about a file whose sha256 is not the described one; `warn` by default. */
  readonly changed?: 'warn' | 'refuse';
}

export interface Corpus {
  readonly name: string;
  /** The folder of its files. */
  readonly folder: string;
  /** The column to learn. */
  readonly label: string;
  /** The scheme of the files; that of the splits is BIOES, or `none`. */
  readonly scheme: Scheme;
  /** The scheme as people write it, such as `IOB1` or `BILOU`. */
  readonly notation: string;
  readonly splits: { readonly train: Split; readonly dev: Split; readonly test?: Split };
  /** Entities of all files that are no runs of tokens as they stand, and what became of them. */
  readonly misaligned: readonly MisalignedEntity[];
  /** What the user should hear about, such as a file that is not the described one. */
  readonly warnings: readonly string[];
}

/**
 * Finds, checks and reads a corpus. Throws E_CORPUS_MISSING, E_FILE_MISSING, E_CORPUS_FORMAT, E_CONFIG where the
 * label is no column, and E_CORPUS_CHANGED if `changed` is `refuse`.
 */
export async function loadCorpus(description: CorpusDescription, options: LoadOptions = {}): Promise<Corpus> {
  const { name } = description;
  const format = openFormat(description, options.make);
  const label = labelColumn(format, options.label ?? description.label, `corpus ${name}`);
  const { folder, files: paths } = await findCorpus(description, options);
  refuseEmpty(name, paths);

  const bytes = await readFiles(description, pathsOf(paths));
  const warnings = changes(description, folder, bytes.flatMap(partsOf));
  if (options.changed === 'refuse') refuseChanges(warnings);

  const files = parseFiles(format, bytes);
  const misaligned = files.flatMap(({ misaligned = [] }) => misaligned);
  warnings.push(...warningsOf(`corpus ${name}`, files, options.listsMisaligned));
  const labels = (split: readonly string[]) => {
    const names = new Set(split);
    const own = files.filter((file) => names.has(file.name));
    return labelsOf(format, own, label);
  };
  const train = labels(paths.train);
  const dev = labels(paths.dev);
  const test = paths.test && labels(paths.test);
  refuseWithoutSentences(name, { train, dev, test });
  const { scheme, name: notation } = notationOf(train, options.scheme ?? description.scheme);
  expectScheme(test ? [dev, test] : [dev], scheme);
  const splits = {
    train: toSplit(train, scheme, options.places),
    dev: toSplit(dev, scheme, options.places),
    test: test && toSplit(test, scheme, options.places),
  };
  return { name, folder, label, scheme, notation, splits, misaligned, warnings };
}

type Paths = FoundCorpus['files'];

const pathsOf = (paths: Paths): string[] => splitNames.flatMap((split) => paths[split] ?? []);

const partsOf = (file: FileBytes): FileBytes[] => [file, ...Object.values(file.parts ?? {})];

function refuseEmpty(corpus: string, paths: Paths): void {
  const problems = splitNames
    .filter((split) => paths[split]?.length === 0)
    .map((split) => ({
      message: `split ${split} of corpus ${corpus} is empty`,
      expected: 'at least one file',
      found: `${pathsOf(paths).length} files for all splits`,
      hint: 'name more files, or set fewer folds',
    }));
  if (problems.length > 0) throw new TaggerError('E_CORPUS_FORMAT', problems);
}

/** Files of texts may be well-formed and have nothing to say. */
function refuseWithoutSentences(
  corpus: string,
  splits: Readonly<Record<string, LabelledFiles | undefined>>,
): void {
  const empty = Object.entries(splits).filter(([, split]) => split?.tags.length === 0);
  if (empty.length === 0) return;
  throw new TaggerError(
    'E_CORPUS_FORMAT',
    empty.map(([split]) => ({
      message: `split ${split} of corpus ${corpus} has no sentence`,
      expected: 'at least one token in its files',
    })),
  );
}

function refuseChanges(changes: readonly string[]): void {
  if (changes.length === 0) return;
  const hint = 'get the described version of the corpus, or correct its description';
  throw new TaggerError(
    'E_CORPUS_CHANGED',
    changes.map((message) => ({ message, hint })),
  );
}

/** What differs from the sha256 of the description, one line a file or one for all. */
function changes({ name, sha256 }: CorpusDescription, folder: string, files: readonly FileBytes[]): string[] {
  if (sha256 === undefined) return [];
  if (typeof sha256 === 'string') {
    const inOrder = [...files].sort((a, b) => (a.path < b.path ? -1 : 1));
    return sha256Of(inOrder) === sha256
      ? []
      : [`the files of corpus ${name} in ${folder} were changed (sha256)`];
  }
  return files
    .filter((file) => {
      const expected = sha256[nameInCorpus(folder, file.path)];
      return expected !== undefined && expected !== sha256Of([file]);
    })
    .map(({ path }) => `${path} is not the file that corpus ${name} describes (sha256)`);
}

function sha256Of(files: readonly FileBytes[]): string {
  const hash = createHash('sha256');
  for (const { bytes } of files) hash.update(bytes);
  return hash.digest('hex');
}
