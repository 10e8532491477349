/** Where the descriptions and the files of corpora are. */
import { readdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { delimiter, dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { TaggerError } from '../core/errors.js';
import { nearest } from '../core/nearest.js';
import type { CorpusDescription } from './description.js';
import { glob, isFile, isFolder } from './glob.js';
import { formatKind } from './index.js';
import { mainFile } from './parts.js';

export interface FindOptions {
  /** The working folder; the process's own by default. */
  readonly cwd?: string;
  /** Folders that hold a folder a corpus, separated as in PATH; the environment's TAGGER_CORPORA by default. */
  readonly taggerCorpora?: string;
  /** For a corpus that a pipeline describes itself: look for its files in these folders and nowhere else. */
  readonly folders?: readonly string[];
}

export const splitNames = ['train', 'dev', 'test'] as const;

export interface FoundCorpus {
  readonly folder: string;
  /** Paths by split, in the order in which they are read. */
  readonly files: { readonly train: string[]; readonly dev: string[]; readonly test?: string[] };
}

/** tagger's own folder: this file is `src/corpus/find.ts` or `dist/corpus/find.js` in it. */
const ownFolder = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

function userFolders({ cwd = process.cwd(), taggerCorpora }: FindOptions): string[] {
  const listed = (taggerCorpora ?? process.env.TAGGER_CORPORA ?? '').split(delimiter).filter((path) => path);
  return [join(cwd, 'corpora'), ...listed.map((path) => resolve(cwd, path))];
}

/** The path of `NAME.yaml`, a corpus's description. Throws E_CORPUS_MISSING with the names that there are. */
export async function findDescription(name: string, options: FindOptions = {}): Promise<string> {
  const folders = unique([...userFolders(options), join(ownFolder, 'corpora')]);
  for (const folder of folders) {
    const path = join(folder, `${name}.yaml`);
    if (await isFile(path)) return path;
  }
  const known = unique((await Promise.all(folders.map(describedIn))).flat()).sort();
  throw new TaggerError('E_CORPUS_MISSING', {
    message: `there is no description of a corpus "${name}"`,
    expected: `${name}.yaml, or one of the corpora ${known.join(', ')}`,
    found: `not in ${folders.join(', ')}`,
    hint: nearest(name, known) ?? 'describe the corpus in the pipeline itself',
  });
}

async function describedIn(folder: string): Promise<string[]> {
  if (!(await isFolder(folder))) return [];
  return (await readdir(folder)).filter((file) => file.endsWith('.yaml')).map((file) => file.slice(0, -5));
}

/**
 * The files of a corpus, in the first folder that has them all. Throws E_CORPUS_MISSING with every folder it looked
 * in, the licence and how to get the corpus.
 */
export async function findCorpus(
  description: CorpusDescription,
  options: FindOptions = {},
): Promise<FoundCorpus> {
  const looked: string[] = [];
  for await (const folder of candidates(description, options)) {
    const { corpus, missing } = await filesIn(folder, description);
    if (missing.length === 0) return corpus;
    const problem = (await isFolder(folder)) ? `lacks ${missing.join(', ')}` : 'no such folder';
    looked.push(`${folder} (${problem})`);
  }
  const { name, title, licence, source, get, package: npm } = description;
  if (npm) looked.push(`npm package ${npm}, as seen from the working folder and from tagger`);
  const advice = [
    get ?? (npm ? `npm install ${npm}` : 'correct the paths of the files, or put the files there'),
    licence && `licence: ${licence}`,
    source && `source: ${source}`,
  ];
  throw new TaggerError('E_CORPUS_MISSING', {
    message: `the files of corpus ${title ? `${name} (${title})` : name} were not found`,
    expected: patternsOf(description).join(', '),
    found: ['looked in', ...looked].join('\n    '),
    hint: advice.filter((line) => line).join('\n    '),
  });
}

async function* candidates(description: CorpusDescription, options: FindOptions): AsyncGenerator<string> {
  if (options.folders) {
    yield* unique(options.folders.map((folder) => resolve(options.cwd ?? '.', folder)));
    return;
  }
  const folders = [join(ownFolder, 'corpora'), ...userFolders(options)];
  yield* unique(folders.map((folder) => join(folder, description.name)));
  if (description.package) yield* installed(description.package, options.cwd ?? process.cwd());
}

/** Where an npm package is: as Node resolves it, else, for one that hides its package.json, in any `node_modules`. */
async function* installed(name: string, cwd: string): AsyncGenerator<string> {
  const resolved = resolvePackage(name, cwd);
  if (resolved) yield resolved;
  for (const start of [cwd, ownFolder]) {
    for (let folder = start; ; folder = dirname(folder)) {
      const path = join(folder, 'node_modules', name);
      if (path !== resolved && (await isFolder(path))) yield path;
      if (folder === dirname(folder)) break;
    }
  }
}

function resolvePackage(name: string, cwd: string): string | undefined {
  try {
    return dirname(createRequire(join(cwd, 'package.json')).resolve(`${name}/package.json`));
  } catch {
    // Not installed, or it hides its package.json: the search goes on.
    return undefined;
  }
}

function patternsOf({ files, split }: CorpusDescription): string[] {
  return split ? split.files : splitNames.flatMap((name) => files?.[name] ?? []);
}

async function filesIn(folder: string, description: CorpusDescription) {
  const { files, split } = description;
  const { parts } = formatKind(description);
  const missing: string[] = [];
  const expand = async (patterns: readonly string[] = []) => {
    const paths = await Promise.all(patterns.map((pattern) => glob(folder, pattern)));
    missing.push(...patterns.filter((_, i) => paths[i].length === 0));
    return unique(paths.flat().map((path) => mainFile(parts, path)));
  };
  if (split) return { corpus: { folder, files: deal(await expand(split.files), split) }, missing };
  const [train, dev, test] = [
    await expand(files?.train),
    await expand(files?.dev),
    await expand(files?.test),
  ];
  return { corpus: { folder, files: { train, dev, test: files?.test && test } }, missing };
}

/** Files in order of their names to folds in turn; see `splitSchema`. */
function deal(paths: readonly string[], { folds, dev, test }: NonNullable<CorpusDescription['split']>) {
  const fold = (i: number) => (i % folds) + 1;
  const sorted = [...paths].sort();
  return {
    train: sorted.filter((_, i) => fold(i) !== dev && fold(i) !== test),
    dev: sorted.filter((_, i) => fold(i) === dev),
    test: test === undefined ? undefined : sorted.filter((_, i) => fold(i) === test),
  };
}

/** A path as a description writes it. */
export function nameInCorpus(folder: string, path: string): string {
  return relative(folder, path).replaceAll('\\', '/');
}

function unique<T>(items: readonly T[]): T[] {
  return [...new Set(items)];
}
