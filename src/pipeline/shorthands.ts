/** The shorthands of a pipeline file, written out: `crf` → `{kind: crf}`, and a stage left out → the usual one. */
import { isMapping } from './source.js';

export const usualEmbeddings = [{ kind: 'word' }, { kind: 'char-cnn' }];

/** Leaves what it does not understand for the schema to refuse. Expanding twice changes nothing. */
export function expand(value: unknown): unknown {
  if (!isMapping(value)) return value;
  const { training = {}, embeddings = usualEmbeddings, baselines = [] } = value;
  return {
    ...value,
    corpus: typeof value.corpus === 'string' ? { name: value.corpus } : value.corpus,
    tokenizer: expandTokenizer(withKind(value.tokenizer, 'treebank')),
    embeddings: Array.isArray(embeddings) ? embeddings.map((one) => withKind(one)) : embeddings,
    encoder: Array.isArray(value.encoder)
      ? value.encoder.map((one) => withKind(one))
      : withKind(value.encoder, 'lstm'),
    decoder: expandDecoder(withKind(value.decoder, 'crf')),
    training: isMapping(training)
      ? {
          ...training,
          optimizer: withKind(training.optimizer, 'sgd'),
          schedule: withKind(training.schedule, 'inverse-time'),
          average: withKind(training.average, 'none'),
        }
      : training,
    evaluation: value.evaluation === undefined ? {} : value.evaluation,
    baselines: Array.isArray(baselines) ? baselines.map((one) => withKind(one)) : baselines,
  };
}

function expandTokenizer(tokenizer: unknown): unknown {
  return isMapping(tokenizer)
    ? { ...tokenizer, sentences: withKind(tokenizer.sentences, 'natural') }
    : tokenizer;
}

function expandDecoder(decoder: unknown): unknown {
  return isMapping(decoder) && decoder.sampling !== undefined
    ? { ...decoder, sampling: withKind(decoder.sampling, 'none') }
    : decoder;
}

function withKind(stage: unknown, usual?: string): unknown {
  if (typeof stage === 'string') return { kind: stage };
  if (stage === undefined) return { kind: usual };
  return isMapping(stage) && usual ? { kind: usual, ...stage } : stage;
}
