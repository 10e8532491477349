/** What is used of the optional package `@huggingface/transformers`. */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { TaggerError } from '../../core/errors.js';

export interface Tokenizer {
  readonly model_max_length?: number;
  encode(text: string, options?: { readonly add_special_tokens?: boolean }): number[];
}

export interface Tensor {
  readonly dims: readonly number[];
  readonly data: Float32Array | BigInt64Array;
}

/** logits [1 × pieces × labels] */
export interface TokenClassifier {
  (inputs: Readonly<Record<string, Tensor>>): Promise<{ readonly logits: Tensor }>;
  readonly config: {
    readonly id2label?: Readonly<Record<string, string>>;
    readonly max_position_embeddings?: number;
  };
  dispose(): Promise<unknown>;
}

interface FromPretrained<T> {
  from_pretrained(id: string, options?: Readonly<Record<string, unknown>>): Promise<T>;
}

export interface TransformersJs {
  readonly env: { localModelPath: string; allowRemoteModels: boolean; allowLocalModels: boolean };
  readonly AutoTokenizer: FromPretrained<Tokenizer>;
  readonly AutoModelForTokenClassification: FromPretrained<TokenClassifier>;
  readonly Tensor: new (type: 'int64', data: BigInt64Array, dims: readonly number[]) => Tensor;
}

const name = '@huggingface/transformers';

export async function loadTransformersJs(): Promise<TransformersJs> {
  const module = await import(pathToFileURL(findTransformersJs()).href);
  return module.default ?? module;
}

/** Beside tagger, or where the command is run, for a tagger that is installed elsewhere. Throws E_CONFIG where it is not installed. */
export function findTransformersJs(): string {
  const path = resolved(import.meta.url) ?? resolved(join(process.cwd(), 'package.json'));
  if (path !== undefined) return path;
  throw new TaggerError('E_CONFIG', {
    message: `an ONNX model is run by the package ${name}, which is not installed`,
    hint: `npm install ${name} --onnxruntime-node-install=skip`,
  });
}

function resolved(base: string): string | undefined {
  try {
    return createRequire(base).resolve(name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw error;
    return undefined;
  }
}
