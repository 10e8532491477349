/** A pipeline's config: a YAML file, or the copy stored with a model, to a checked and frozen `Pipeline`. */
import { type Place, type Problem, TaggerError } from '../core/errors.js';
import { readBytes } from '../corpus/read.js';
import { type Checked, check } from './check.js';
import { findPipeline, pipelineName, shortPath } from './find.js';
import { override } from './overrides.js';
import { type Pipeline, schemaFor } from './schema.js';
import { expandSearch } from './search/space.js';
import { expand } from './shorthands.js';
import { formatPath, isMapping, type Source } from './source.js';
import { parseYaml } from './yaml-source.js';

export type { Pipeline } from './schema.js';

export interface LoadOptions {
  /** Settings laid over the file, in order: `training.epochs=5`, `embeddings.0.dim=50`, `decoder=softmax`. */
  readonly set?: readonly string[];
  /** The folder that references are relative to; the process's own by default. */
  readonly cwd?: string;
}

/**
 * Finds, reads and checks a pipeline: `loadPipeline('wnut17', { set: ['training.epochs=5'] })`.
 * @throws TaggerError E_FILE_MISSING, or E_CONFIG with everything that is wrong and where.
 */
export async function loadPipeline(reference: string, options: LoadOptions = {}): Promise<Pipeline> {
  const { source, problems } = await readPipeline(reference, options);
  return finish(source, problems);
}

/**
 * Finds and reads a pipeline and lays the settings over it, for those who look at more of it than the pipeline: its value
 * is not checked. The problems are those of the settings.
 * @throws TaggerError E_FILE_MISSING, or E_CONFIG where it is not YAML.
 */
export async function readPipeline(
  reference: string,
  options: LoadOptions = {},
): Promise<{ source: Source; problems: Problem[] }> {
  const { set = [], cwd = process.cwd() } = options;
  const path = await findPipeline(reference, cwd);
  const file = shortPath(path, cwd);
  const yaml = parseYaml(await readBytes(path), file);
  const named = isMapping(yaml.value) ? { name: pipelineName(path), ...yaml.value } : yaml.value;
  return override({ ...yaml, value: expandAll(named) }, set);
}

/**
 * Checks a config that is data already, such as the one stored with a model.
 * @throws TaggerError E_CONFIG with everything that is wrong, at `place` and the key.
 */
export function parseConfig(value: unknown, place: Place): Pipeline {
  return finish({ value, place: (path) => ({ ...place, key: formatPath(path) }) });
}

/** Checks a source; the pipeline is frozen. */
export function checkPipeline(source: Source): Checked<Pipeline> {
  const value = expandAll(source.value);
  const checked = check(schemaFor(value), { ...source, value });
  return checked.value === undefined ? checked : { ...checked, value: deepFreeze(checked.value) };
}

function finish(source: Source, earlier: readonly Problem[] = []): Pipeline {
  const checked = checkPipeline(source);
  const problems = [...earlier, ...checked.problems];
  if (checked.value === undefined || problems.length > 0) throw new TaggerError('E_CONFIG', problems);
  return checked.value;
}

const expandAll = (value: unknown): unknown => expandSearch(expand(value));

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(deepFreeze);
  return value;
}
