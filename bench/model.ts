/** The network of NCRF++ (Yang and Zhang 2018), which all figures of training and tagging are for. */
import { type Engine, engine } from '../dist/core/engine.js';
import { Random } from '../dist/core/random.js';
import { corpusSchema } from '../dist/corpus/description.js';
import { parseConfig } from '../dist/pipeline/config.js';
import type { Pipeline } from '../dist/pipeline/schema.js';
import { type Model, networkOf } from '../dist/tagger/model.js';
import { embeddingKind } from '../dist/tagger/stack.js';
import { tagSet } from './text.js';

/** Every shape that the count of operations needs; vectors are random, which costs the same as pretrained ones. */
export const shape = {
  wordDim: 100,
  charDim: 30,
  filters: 50,
  width: 3,
  units: 100,
  tags: tagSet.length,
  dropout: 0.5,
} as const;

/** `encoder`: other options than those of NCRF++. */
export function ncrf(encoder: object = {}): Pipeline {
  const { wordDim, charDim, filters, width, dropout } = shape;
  return parseConfig(
    {
      name: 'bench',
      corpus: 'news',
      tokenizer: 'treebank',
      embeddings: [
        { kind: 'word', dim: wordDim },
        { kind: 'char-cnn', dim: charDim, filters, width, dropout },
      ],
      encoder: {
        kind: 'lstm',
        units: shape.units,
        direction: 'both',
        layers: 1,
        inputDropout: dropout,
        outputDropout: dropout,
        ...encoder,
      },
      decoder: 'crf',
      training: {
        batch: 10,
        optimizer: { kind: 'sgd', rate: 0.015, decay: 1e-8 },
        schedule: { kind: 'inverse-time', decay: 0.05 },
      },
    },
    { file: 'bench/model.ts' },
  );
}

/** A model with random parameters, whose vocabulary is that of `tokens`. */
export async function makeModel(
  tokens: Iterable<string>,
  on: Engine = engine(),
  encoder: object = {},
): Promise<Model> {
  const pipeline = ncrf(encoder);
  const counts = new Map<string, number>();
  for (const token of tokens) counts.set(token, (counts.get(token) ?? 0) + 1);
  const vocabularies = await Promise.all(
    pipeline.embeddings.map((options) =>
      embeddingKind(options).learn(options, { counts, place: {}, warn: () => {} }),
    ),
  );
  const config: Model['config'] = {
    schema: 1,
    tagger: '0.0.0',
    label: 'ner',
    scheme: 'bioes',
    tags: [...tagSet],
    pipeline,
    corpus: corpusSchema.parse({
      format: 'conll',
      columns: ['word', 'ner'],
      files: { train: 'train.txt', dev: 'dev.txt' },
    }),
    files: {},
  };
  const network = networkOf(config, vocabularies, on);
  network.params.initialize(new Random(pipeline.seed));
  return { config, vocabularies, network };
}
