/**
 * A finished token classifier in ONNX, as transformers.js runs it, as a system of a comparison. It reads its own pieces of our words:
 * each word by itself, as if a space stood before it, and the label of the first piece is that of the word. What does not fit
 * into the model is not tagged, and so an error.
 */
import { stat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import type { z } from 'zod';
import { TaggerError } from '../../core/errors.js';
import { untagged } from '../../corpus/predictions.js';
import { parseTag, type Scheme } from '../../text/schemes.js';
import type { onnxOptions } from './competitors.js';
import { bytesIn } from './folder-size.js';
import type { System } from './system.js';
import { loadTransformersJs, type Tensor, type TokenClassifier, type Tokenizer } from './transformers-js.js';

export type OnnxOptions = z.output<typeof onnxOptions>;

/** What is to be tagged. */
export interface Task {
  /** Tags of the annotation. */
  readonly scheme: Scheme;
  readonly labels: readonly string[];
  /** The folder that a path is relative to. */
  readonly base?: string;
}

/** Throws E_MODEL where the model cannot be loaded, E_CONFIG where its labels are not those of the corpus and nothing says what they mean. */
export async function openOnnx(options: OnnxOptions, task: Task): Promise<System> {
  const folder = resolve(task.base ?? '.', options.model);
  const isLocal = await stat(folder).then(
    (found) => found.isDirectory(),
    () => false,
  );
  const transformers = await loadTransformersJs();
  const { env, AutoTokenizer, AutoModelForTokenClassification } = transformers;
  if (isLocal) Object.assign(env, { localModelPath: dirname(folder), allowRemoteModels: false });
  const id = isLocal ? basename(folder) : options.model;
  const load = async () => {
    const settings = {
      dtype: options.dtype,
      session_options: { intraOpNumThreads: 1, interOpNumThreads: 1 },
    };
    return [
      await AutoTokenizer.from_pretrained(id),
      await AutoModelForTokenClassification.from_pretrained(id, settings),
    ] as const;
  };
  const [tokenizer, model] = await load().catch((cause: Error) => {
    throw new TaggerError(
      'E_MODEL',
      {
        message: `transformers.js cannot load it: ${cause.message}`,
        place: { file: options.model },
        expected:
          'a folder with config.json, tokenizer.json, tokenizer_config.json and onnx/model.onnx, or the id of such a model',
      },
      { cause },
    );
  });
  const names = namesOf(model, options, task);
  const tag = taggerOf(tokenizer, model, names, (ids) => tensorsOf(ids, transformers.Tensor));
  return {
    scheme: schemeOf(names, task.scheme),
    ...(isLocal && { size: { bytes: await bytesIn(folder, true) } }),
    tag: async (documents) => {
      const tags: string[][] = [];
      for (const { tokens } of documents.flat()) tags.push(await tag(tokens));
      return tags;
    },
    close: async () => void (await model.dispose()),
  };
}

/** For each number of the model the tag that it stands for. */
export function namesOf(
  { config }: Pick<TokenClassifier, 'config'>,
  { model, labels: map }: Pick<OnnxOptions, 'model' | 'labels'>,
  { scheme, labels }: Task,
): string[] {
  const known = new Set(labels);
  const unknown = new Set<string>();
  const names = Object.values(config.id2label ?? {}).map((name) => {
    const found = map[name] ?? renamed(name, map, scheme);
    const label = scheme === 'none' ? found : parseTag(found)?.label;
    if (found !== outside && !(label !== undefined && known.has(label))) unknown.add(name);
    return found;
  });
  if (unknown.size === 0 && names.length > 0) return names;
  throw new TaggerError('E_CONFIG', {
    message: 'the labels of the model are not those of the corpus',
    place: { file: model },
    expected: labels.join(', '),
    found: names.length > 0 ? [...unknown].join(', ') : 'no id2label in its config.json',
    hint: 'labels: { PERSON: PER, DATE: O }, where O is for what the corpus does not annotate',
  });
}

const outside = 'O';

/** `B-PERSON` where the map has `PERSON: PER`. */
function renamed(name: string, map: OnnxOptions['labels'], scheme: Scheme): string {
  const tag = scheme === 'none' ? undefined : parseTag(name);
  const label = tag && map[tag.label];
  if (label === undefined) return name;
  return label === outside ? outside : `${name.slice(0, name.length - tag!.label.length)}${label}`;
}

/** Models without ends of spans may begin one with either tag, as the conlleval script reads it. */
function schemeOf(names: readonly string[], scheme: Scheme): Scheme {
  if (scheme === 'none') return 'none';
  return names.some((name) => /^[ES]-/.test(name)) ? 'bioes' : 'bio';
}

function taggerOf(
  tokenizer: Tokenizer,
  model: TokenClassifier,
  names: readonly string[],
  tensors: (ids: readonly number[]) => Readonly<Record<string, Tensor>>,
): (words: readonly string[]) => Promise<string[]> {
  const around = tokenizer.encode('');
  const begin = around.slice(0, Math.ceil(around.length / 2));
  const end = around.slice(begin.length);
  const room = Math.min(
    tokenizer.model_max_length ?? Infinity,
    model.config.max_position_embeddings ?? Infinity,
  );
  return async (words) => {
    const ids = [...begin];
    const firsts: number[] = [];
    for (const word of words) {
      const pieces = tokenizer.encode(` ${word}`, { add_special_tokens: false });
      if (pieces.length === 0) firsts.push(-1);
      else if (ids.length + pieces.length + end.length > room) break;
      else firsts.push(ids.length);
      ids.push(...pieces);
    }
    if (firsts.every((first) => first < 0)) return words.map(() => untagged);
    const { logits } = await model(tensors([...ids, ...end]));
    return words.map((_, i) => names[bestOf(logits, firsts[i] ?? -1)] ?? untagged);
  };
}

/** The number with the highest logit of a piece; −1 without one. */
function bestOf({ data, dims }: Tensor, piece: number): number {
  if (piece < 0) return -1;
  const width = dims[2];
  let best = 0;
  for (let i = 1; i < width; i++) if (data[piece * width + i] > data[piece * width + best]) best = i;
  return best;
}

function tensorsOf(
  ids: readonly number[],
  Tensor: new (type: 'int64', data: BigInt64Array, dims: readonly number[]) => Tensor,
) {
  const of = (values: readonly number[]) =>
    new Tensor('int64', BigInt64Array.from(values, BigInt), [1, ids.length]);
  return { input_ids: of(ids), attention_mask: of(ids.map(() => 1)), token_type_ids: of(ids.map(() => 0)) };
}
