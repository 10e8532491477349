/** The corpus stage of a pipeline: the description that it means, its own or that of `corpora/NAME.yaml`, and the corpus itself. */
import { resolve } from 'node:path';
import { TaggerError } from '../core/errors.js';
import { type CorpusDescription, corpusSchema } from '../corpus/description.js';
import { type FindOptions, findDescription } from '../corpus/find.js';
import { type Corpus, type LoadOptions, loadCorpus } from '../corpus/load.js';
import { readBytes } from '../corpus/read.js';
import { documentMakerOf } from '../text/options.js';
import { check } from './check.js';
import { shortPath } from './find.js';
import type { Pipeline } from './schema.js';
import { formatPath, isMapping, type Source } from './source.js';
import { parseYaml } from './yaml-source.js';

/**
 * The keys of the stage (name, label, scheme, align) win over those of the description.
 * @throws TaggerError E_CORPUS_MISSING, or E_CONFIG with everything that is wrong in the description and where.
 */
export async function describeCorpus(
  stage: Pipeline['corpus'],
  options: FindOptions = {},
): Promise<CorpusDescription> {
  if ('format' in stage) return stage;
  const path = await findDescription(stage.name, options);
  const source = parseYaml(await readBytes(path), shortPath(path, options.cwd ?? process.cwd()));
  const value = isMapping(source.value) ? { ...source.value, ...stage } : source.value;
  const place: Source['place'] = (path, part) =>
    Object.hasOwn(stage, path[0]) ? { key: formatPath(['corpus', ...path]) } : source.place(path, part);
  const checked = check(corpusSchema, { value, place });
  if (checked.value === undefined) throw new TaggerError('E_CONFIG', checked.problems);
  return checked.value;
}

/**
 * `base`: the folder that paths in the pipeline are relative to, before the working directory. Text is cut by the
 * pipeline's tokenizer. Throws E_CORPUS_…
 */
export async function openCorpus(
  pipeline: Pipeline,
  base?: string,
  options: Pick<LoadOptions, 'places' | 'listsMisaligned'> = {},
): Promise<{ description: CorpusDescription; corpus: Corpus }> {
  const description = await describeCorpus(pipeline.corpus);
  const inline = 'format' in pipeline.corpus;
  const folders = inline ? [base ?? '.', '.'].map((folder) => resolve(folder)) : undefined;
  const make = documentMakerOf(pipeline.tokenizer);
  return {
    description,
    corpus: await loadCorpus(description, { ...pipeline.corpus, folders, make, ...options }),
  };
}
