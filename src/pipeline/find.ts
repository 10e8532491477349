/** Where the file of a pipeline is looked for. */
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, extname, isAbsolute, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { TaggerError } from '../core/errors.js';
import { nearest } from '../core/nearest.js';

const ownPipelines = fileURLToPath(new URL('../../pipelines', import.meta.url));

/**
 * The path of the pipeline file that a reference means: as given, then in `./pipelines`, then among the pipelines
 * that come with tagger; `.yaml` may be left out.
 * @throws TaggerError E_FILE_MISSING with the places looked at and the nearest name that exists there.
 */
export async function findPipeline(reference: string, cwd: string): Promise<string> {
  const folders = isAbsolute(reference) ? [cwd] : [cwd, join(cwd, 'pipelines'), ownPipelines];
  const names = isYaml(reference) ? [reference] : [reference, `${reference}.yaml`];
  const places = [...new Set(folders.flatMap((folder) => names.map((name) => resolve(folder, name))))];
  for (const place of places) if (await isFile(place)) return place;

  const existing = await Promise.all(places.map((place) => yamlNames(dirname(place))));
  throw new TaggerError('E_FILE_MISSING', {
    message: `no pipeline ${reference}`,
    expected: `one of the files\n    ${places.map((place) => shortPath(place, cwd)).join('\n    ')}`,
    hint: nearest(pipelineName(reference), existing.flat()),
  });
}

/** A path as users write it: relative inside the working directory, absolute outside. */
export function shortPath(path: string, cwd: string): string {
  const short = relative(cwd, path);
  return short.startsWith('..') || isAbsolute(short) ? path : short;
}

/** The name that a pipeline has from its file. */
export const pipelineName = (path: string): string => basename(path, isYaml(path) ? extname(path) : '');

const isYaml = (path: string): boolean => /\.ya?ml$/i.test(path);

async function isFile(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found?.isFile() ?? false;
}

async function yamlNames(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  return names.filter(isYaml).map(pipelineName);
}
