/** Tiny pretrained models in the layout of Hugging Face, their tokenizers of invented words, their weights by a formula. */
import { encodeSafetensors, type Tensor } from '../../src/core/safetensors.js';
import { seeded } from './arrays.js';
import type { Files } from './workspace.js';

type Config = Readonly<Record<string, unknown>>;
type Shape = readonly number[];

const LAYERS = 2;
const INNER = 6;

interface Sizes {
  readonly pieces: number;
  readonly positions: number;
  readonly width: number;
  readonly embedding: number;
}

const bertConfig = ({ pieces, positions, width, embedding }: Sizes) => ({
  vocab_size: pieces,
  hidden_size: width,
  embedding_size: embedding,
  num_hidden_layers: LAYERS,
  num_attention_heads: 2,
  intermediate_size: INNER,
  max_position_embeddings: positions,
  type_vocab_size: 2,
  hidden_act: 'gelu',
  hidden_dropout_prob: 0,
  attention_probs_dropout_prob: 0,
  layer_norm_eps: 1e-12,
});

const bertLayer = (layer: string): Record<string, string> => ({
  query: `${layer}.attention.self.query`,
  key: `${layer}.attention.self.key`,
  value: `${layer}.attention.self.value`,
  output: `${layer}.attention.output.dense`,
  attentionNorm: `${layer}.attention.output.LayerNorm`,
  widen: `${layer}.intermediate.dense`,
  narrow: `${layer}.output.dense`,
  feedNorm: `${layer}.output.LayerNorm`,
});

const distilbertLayer = (layer: string): Record<string, string> => ({
  query: `${layer}.attention.q_lin`,
  key: `${layer}.attention.k_lin`,
  value: `${layer}.attention.v_lin`,
  output: `${layer}.attention.out_lin`,
  attentionNorm: `${layer}.sa_layer_norm`,
  widen: `${layer}.ffn.lin1`,
  narrow: `${layer}.ffn.lin2`,
  feedNorm: `${layer}.output_layer_norm`,
});

interface Kind {
  readonly sizes: Sizes;
  readonly config: (sizes: Sizes) => Config;
  readonly types: number;
  /** Names of the tensors of a layer. */
  readonly layer: (i: number) => Record<string, string>;
  readonly firstPosition: number;
  readonly epsilon: number;
}

const sizes: Sizes = { pieces: 12, positions: 8, width: 4, embedding: 4 };

const bertKind: Kind = {
  sizes,
  config: bertConfig,
  types: 2,
  layer: (i) => bertLayer(`encoder.layer.${i}`),
  firstPosition: 0,
  epsilon: 1e-12,
};

/** By `model_type`. */
export const kinds = {
  bert: bertKind,
  electra: { ...bertKind, sizes: { ...sizes, embedding: 6 } },
  roberta: {
    ...bertKind,
    sizes: { ...sizes, positions: 10 },
    config: (of: Sizes) => ({ ...bertConfig(of), type_vocab_size: 1, pad_token_id: 1, layer_norm_eps: 1e-5 }),
    types: 1,
    firstPosition: 2,
    epsilon: 1e-5,
  },
  distilbert: {
    ...bertKind,
    config: ({ pieces, positions, width }: Sizes) => ({
      vocab_size: pieces,
      dim: width,
      n_layers: LAYERS,
      n_heads: 2,
      hidden_dim: INNER,
      max_position_embeddings: positions,
      activation: 'gelu',
      dropout: 0,
      attention_dropout: 0,
    }),
    types: 0,
    layer: (i: number) => distilbertLayer(`transformer.layer.${i}`),
  },
} as const satisfies Record<string, Kind>;

export type ModelType = keyof typeof kinds;

/** What the tensors of a model are called, by what they are. */
export function namesOf(type: ModelType) {
  const { layer } = kinds[type];
  return { layers: Array.from({ length: LAYERS }, (_, i) => layer(i)) };
}

/** Shapes by name, names in order. */
function shapesOf(type: ModelType, changes: Partial<Sizes>): [name: string, shape: Shape][] {
  const { sizes, types } = kinds[type] as Kind;
  const { pieces, positions, width, embedding } = { ...sizes, ...changes };
  const map = (name: string, shape: Shape): [string, Shape][] => [
    [`${name}.weight`, shape],
    [`${name}.bias`, [shape[0]]],
  ];
  const shapes: [string, Shape][] = [
    ['embeddings.word_embeddings.weight', [pieces, embedding]],
    ['embeddings.position_embeddings.weight', [positions, embedding]],
    ...(types > 0
      ? [['embeddings.token_type_embeddings.weight', [types, embedding]] as [string, Shape]]
      : []),
    ...map('embeddings.LayerNorm', [embedding]),
    ...(embedding === width ? [] : map('embeddings_project', [width, embedding])),
    ...namesOf(type).layers.flatMap((names) =>
      Object.entries(names).flatMap(([role, name]) =>
        map(
          name,
          role.endsWith('Norm')
            ? [width]
            : role === 'widen'
              ? [INNER, width]
              : role === 'narrow'
                ? [width, INNER]
                : [width, width],
        ),
      ),
    ),
  ];
  return shapes.sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Values of the t-th tensor. */
export type Fill = (t: number, size: number, name: string) => Float32Array;

/** The same numbers in every language. */
export const waves: Fill = (t, size) =>
  Float32Array.from({ length: size }, (_, i) => Math.sin(1 + 0.7 * i + 3 * t));

/** As those of a new model, so that it learns: small weights, and gains about 1. */
export const fresh: Fill = (t, size, name) => {
  const random = seeded(t);
  const middle = /norm\.weight$/i.test(name) ? 1 : 0;
  return Float32Array.from({ length: size }, () => middle + (2 * random.uniform() - 1) * 0.3);
};

export function tensorsOf(
  type: ModelType,
  fill: Fill = waves,
  changes: Partial<Sizes> = {},
): Map<string, Tensor> {
  return new Map(
    shapesOf(type, changes).map(([name, shape], t) => {
      const values = fill(
        t,
        shape.reduce((product, n) => product * n, 1),
        name,
      );
      return [name, { dtype: 'F32' as const, shape, bytes: new Uint8Array(values.buffer) }];
    }),
  );
}

/** Word pieces by their numbers; `##` begins those inside a word. */
export const wordPieces = [
  '[PAD]',
  '[UNK]',
  '[CLS]',
  '[SEP]',
  '[MASK]',
  'the',
  'alps',
  'rise',
  '##n',
  'of',
  '東',
  '##s',
] as const;

/** The pieces in brackets, which no word has. */
const marksIn = (pieces: readonly string[]) =>
  pieces.flatMap((content, id) =>
    /^(\[.+\]|<.+>)$/.test(content)
      ? {
          id,
          content,
          single_word: false,
          lstrip: false,
          rstrip: false,
          normalized: false,
          special: true,
        }
      : [],
  );

export function wordPieceTokenizer(pieces: readonly string[] = wordPieces): object {
  const mark = (id: string) => ({ SpecialToken: { id, type_id: 0 } });
  const text = (id: string) => ({ Sequence: { id, type_id: 0 } });
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: marksIn(pieces),
    normalizer: {
      type: 'BertNormalizer',
      clean_text: true,
      handle_chinese_chars: true,
      strip_accents: null,
      lowercase: true,
    },
    pre_tokenizer: { type: 'BertPreTokenizer' },
    post_processor: {
      type: 'TemplateProcessing',
      single: [mark('[CLS]'), text('A'), mark('[SEP]')],
      pair: [mark('[CLS]'), text('A'), mark('[SEP]'), text('B'), mark('[SEP]')],
      special_tokens: Object.fromEntries(
        ['[CLS]', '[SEP]'].map((id) => [id, { id, ids: [pieces.indexOf(id)], tokens: [id] }]),
      ),
    },
    decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
    model: {
      type: 'WordPiece',
      unk_token: '[UNK]',
      continuing_subword_prefix: '##',
      max_input_chars_per_word: 100,
      vocab: Object.fromEntries(pieces.map((piece, i) => [piece, i])),
    },
  };
}

/** Byte-level BPE: `Ġ` is the space in front of a word. */
export const bytePieces = [
  '<s>',
  '<pad>',
  '</s>',
  '<unk>',
  'Ġ',
  'a',
  'l',
  'p',
  's',
  'Ġa',
  'lp',
  'Ġalp',
] as const;

export function byteTokenizer(): object {
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: marksIn(bytePieces),
    normalizer: null,
    pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true },
    post_processor: {
      type: 'RobertaProcessing',
      sep: ['</s>', 2],
      cls: ['<s>', 0],
      trim_offsets: true,
      add_prefix_space: false,
    },
    decoder: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true },
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: '',
      end_of_word_suffix: '',
      fuse_unk: false,
      byte_fallback: false,
      vocab: Object.fromEntries(bytePieces.map((piece, i) => [piece, i])),
      merges: [
        ['Ġ', 'a'],
        ['l', 'p'],
        ['Ġa', 'lp'],
      ],
    },
  };
}

export interface CheckpointWishes {
  readonly type?: ModelType;
  readonly fill?: Fill;
  readonly sizes?: Partial<Sizes>;
  /** Of `config.json`. */
  readonly config?: Config;
  readonly tokenizer?: object;
  /** What the tensors are in the file, by name. */
  readonly change?: (tensors: Map<string, Tensor>) => ReadonlyMap<string, Tensor>;
}

/** The files of a folder `checkpoint`. */
export function checkpointFiles(wishes: CheckpointWishes = {}): Record<string, string | Uint8Array> & Files {
  const { type = 'bert', fill, sizes: changes = {}, config = {}, change = (tensors) => tensors } = wishes;
  const kind: Kind = kinds[type];
  const tokenizer = wishes.tokenizer ?? (type === 'roberta' ? byteTokenizer() : wordPieceTokenizer());
  return {
    'checkpoint/config.json': JSON.stringify({
      model_type: type,
      ...kind.config({ ...kind.sizes, ...changes }),
      ...config,
    }),
    'checkpoint/tokenizer.json': JSON.stringify(tokenizer),
    'checkpoint/model.safetensors': Buffer.concat(encodeSafetensors(change(tensorsOf(type, fill, changes)))),
  };
}
