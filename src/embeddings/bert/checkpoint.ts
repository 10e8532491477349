/** Opens a pretrained model in the layout of Hugging Face: `config.json`, `model.safetensors` and `tokenizer.json` in a folder. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { type Place, type Problem, TaggerError } from '../../core/errors.js';
import { parseJson } from '../../core/json.js';
import { nearest } from '../../core/nearest.js';
import { SafetensorsFile } from '../../core/safetensors-file.js';
import { type Architecture, modelTypes } from './architectures.js';
import { CONFIG_FILE, locateCheckpoint } from './locate.js';
import {
  marksOf,
  openTokenizer,
  type TokenizerJson,
  type TokenizerMarks,
  tokenizerSchema,
} from './tokenizer.js';
import { Weights } from './weights.js';

const WEIGHTS_FILE = 'model.safetensors';
const TOKENIZER_FILE = 'tokenizer.json';

/** How to make what older models lack. */
const hints: Readonly<Record<string, string>> = {
  [WEIGHTS_FILE]:
    'load it with the Python library transformers and save it with save_pretrained, which writes this file',
  [TOKENIZER_FILE]:
    'load it with AutoTokenizer of the Python library transformers and save it with save_pretrained',
};

export interface Checkpoint {
  readonly architecture: Architecture;
  readonly tokenizer: TokenizerJson;
  readonly marks: TokenizerMarks;
  readonly weights: Weights;
}

/** Throws E_PRETRAINED where it is not found, or not one that our layers can be; nothing but the weights is read later. */
export async function openCheckpoint(reference: string, base?: string, place?: Place): Promise<Checkpoint> {
  const folder = await locateCheckpoint(reference, base, place);
  const [configPath, tokenizerPath, weightsPath] = [CONFIG_FILE, TOKENIZER_FILE, WEIGHTS_FILE].map((name) =>
    join(folder, name),
  );
  const { model_type: type } = checked(typeSchema, await readJson(configPath), configPath);
  const { config, names } = modelTypes[type];
  const architecture = checked(config, await readJson(configPath), configPath);
  const { tokenizer, marks } = await readTokenizer(tokenizerPath, architecture);
  const file = await SafetensorsFile.open(weightsPath, 'E_PRETRAINED').catch((error) => {
    throw error instanceof TaggerError ? error : unreadable(weightsPath, error);
  });
  return { architecture, tokenizer, marks, weights: new Weights(file, names, architecture) };
}

const typeSchema = z.looseObject({
  model_type: z.string().refine((type) => Object.hasOwn(modelTypes, type), {
    error: ({ input }) => {
      const known = Object.keys(modelTypes);
      const meant = nearest(String(input), known);
      return `"${input}" is none of the known types: ${known.join(', ')}${meant ? `; did you mean "${meant}"?` : ''}`;
    },
  }),
});

async function readTokenizer(path: string, { pieces }: Architecture) {
  const json = checked(tokenizerSchema, await readJson(path), path);
  try {
    const tokenizer = openTokenizer(json);
    const rows = Math.max(...tokenizer.get_vocab().values()) + 1;
    if (rows > pieces) throw new Error(`has ${rows} pieces, more than the ${pieces} of ${CONFIG_FILE}`);
    return { tokenizer: json, marks: marksOf(tokenizer) };
  } catch (error) {
    const problem = {
      message: 'this tokenizer cannot be used',
      place: { file: path },
      found: (error as Error).message,
    };
    throw new TaggerError('E_PRETRAINED', problem, { cause: error });
  }
}

async function readJson(path: string): Promise<unknown> {
  const text = await readFile(path, 'utf8').catch((error) => {
    throw unreadable(path, error);
  });
  const parsed = parseJson(text);
  if (parsed) return parsed.value;
  throw new TaggerError('E_PRETRAINED', { message: 'this file is not JSON', place: { file: path } });
}

function checked<T>(schema: z.ZodType<T>, value: unknown, file: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const problems = result.error.issues.map(
    ({ message, path }): Problem => ({ message, place: { file, key: path.join('.') } }),
  );
  throw new TaggerError('E_PRETRAINED', problems);
}

function unreadable(path: string, error: NodeJS.ErrnoException): TaggerError {
  const isMissing = error.code === 'ENOENT';
  const name = Object.keys(hints).find((name) => path.endsWith(name));
  return new TaggerError(
    'E_PRETRAINED',
    {
      message: isMissing ? 'this file of the pretrained model is missing' : `cannot read: ${error.message}`,
      place: { file: path },
      hint: isMissing && name ? hints[name] : undefined,
    },
    { cause: error },
  );
}
