/** A model and its directory: save and load. */
import { join } from 'node:path';
import { z } from 'zod';
import type { Engine } from '../core/engine.js';
import { TaggerError } from '../core/errors.js';
import { decodeSafetensors, encodeSafetensors, type Tensor } from '../core/safetensors.js';
import { allowedTransitions } from '../text/schemes.js';
import { CONFIG_FILE, type FileContent, modelJson, readModelFile, stampOf, writeDirectory } from './files.js';
import { type ModelConfig, parseModelConfig, problemsOf, sealed } from './model-config.js';
import { type Baseline, MONITOR_FILE, readBaseline } from './monitor/baseline.js';
import { Network } from './network.js';
import { embeddingKind } from './stack.js';
import { halfRowsOf, setWeights, tensorOf, weightsOf } from './weights.js';

const WEIGHTS_FILE = 'model.safetensors';
const VOCABULARY_FILE = 'vocabulary.json';

/** All that a trained tagger is: its config, the vocabulary of each embedding, and the network with its parameters. */
export interface Model {
  readonly config: ModelConfig;
  readonly vocabularies: readonly unknown[];
  readonly network: Network;
  /** What the training set was like; models of older versions do not know. */
  readonly baseline?: Baseline;
}

/** The network of a config, its parameters allocated and zero. */
export function networkOf(
  config: Pick<ModelConfig, 'pipeline' | 'tags' | 'scheme'>,
  vocabularies: readonly unknown[],
  engine: Engine,
): Network {
  const constraints = allowedTransitions(config.tags, config.scheme);
  return Network.create(config.pipeline, vocabularies, config.tags.length, constraints, engine);
}

/**
 * Writes the model directory and returns the sha256 of its weights. With `others` (metrics, model card, history) beside the model's own files. It is complete
 * or absent, also when the process dies on the way.
 */
export async function saveModel(
  directory: string,
  { config, vocabularies, network }: Model,
  others: ReadonlyMap<string, string>,
): Promise<string> {
  const tensors = weightsOf(network);
  const vocabulary = config.pipeline.embeddings.map((options, i) => {
    const { json, halves } = embeddingKind(options).save(vocabularies[i]);
    if (halves) tensors.set(halvesName(i), tensorOf(halves));
    return json;
  });
  const files = new Map<string, FileContent>([
    [VOCABULARY_FILE, JSON.stringify(vocabulary)],
    [WEIGHTS_FILE, encodeSafetensors(tensors)],
    ...others,
  ]);
  const stamps = Object.fromEntries(Array.from(files, ([name, content]) => [name, stampOf(content)]));
  files.set(CONFIG_FILE, sealed({ ...config, files: stamps }));
  await writeDirectory(directory, files);
  return stamps[WEIGHTS_FILE].sha256;
}

/** What a model is, without the model. Throws E_MODEL. */
export async function readModelConfig(directory: string): Promise<ModelConfig> {
  const path = join(directory, CONFIG_FILE);
  return parseModelConfig(modelJson(await readModelFile(directory, CONFIG_FILE), path), path);
}

/** Reads and checks a model directory: config, sizes, hashes, shapes. Throws E_MODEL. */
export async function loadModel(directory: string, engine: Engine): Promise<Model> {
  const configPath = join(directory, CONFIG_FILE);
  const config = await readModelConfig(directory);
  const contents = new Map<string, Buffer>();
  await Promise.all(
    Object.entries(config.files).map(async ([name, stamp]) => {
      contents.set(name, await readModelFile(directory, name, stamp));
    }),
  );
  const [weights, vocabulary] = [WEIGHTS_FILE, VOCABULARY_FILE].map((name) => {
    const content = contents.get(name);
    if (content) return content;
    throw new TaggerError('E_MODEL', { message: `the config names no ${name}`, place: { file: configPath } });
  });
  const weightsPath = join(directory, WEIGHTS_FILE);
  const tensors = decodeSafetensors(weights, weightsPath);
  const vocabularies = readVocabularies(config, vocabulary, tensors, join(directory, VOCABULARY_FILE));
  const baseline = readBaselineOf(contents.get(MONITOR_FILE), join(directory, MONITOR_FILE));
  const network = networkOf(config, vocabularies, engine);
  try {
    setWeights(network, tensors, weightsPath);
  } catch (error) {
    network.release();
    throw error;
  }
  return { config, vocabularies, network, baseline };
}

function halvesName(embedding: number): string {
  return `embeddings.${embedding}.kept`;
}

function readVocabularies(
  config: ModelConfig,
  bytes: Buffer,
  tensors: Map<string, Tensor>,
  file: string,
): unknown[] {
  const json = z.array(z.unknown()).safeParse(modelJson(bytes, file));
  if (!json.success || json.data.length !== config.pipeline.embeddings.length) {
    throw new TaggerError('E_MODEL', {
      message: 'the vocabulary does not fit the config',
      place: { file },
      expected: `one entry for each of ${config.pipeline.embeddings.length} embeddings`,
    });
  }
  return config.pipeline.embeddings.map((options, i) => {
    const kept = tensors.get(halvesName(i));
    const halves = kept?.dtype === 'F16' ? halfRowsOf(kept) : undefined;
    return checked(file, () => embeddingKind(options).load(options, json.data[i], halves));
  });
}

function readBaselineOf(bytes: Buffer | undefined, file: string): Baseline | undefined {
  return bytes && checked(file, () => readBaseline(modelJson(bytes, file)));
}

/** What does not have its schema is a fault of the file. */
function checked<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof z.ZodError) throw new TaggerError('E_MODEL', problemsOf(error, file));
    throw error;
  }
}
