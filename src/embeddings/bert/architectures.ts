/**
 * The kinds of pretrained models that are known: what their `config.json` calls the sizes, and what their tensors are called.
 * All are the encoder of Vaswani et al. 2017 with a normalisation behind every part and learned positions, as in BERT (Devlin
 * et al. 2019): they differ in names, in where positions begin, and in whether token types and narrower embeddings are there.
 */
import { z } from 'zod';

const count = z.int().min(1);
const rate = z.number().min(0).lt(1);

/** The sizes of a model, and what it drops in training. */
export const architectureSchema = z.strictObject({
  /** Rows of the table of word pieces. */
  pieces: count,
  /** Columns of that table. */
  embedding: count,
  width: count,
  layers: count,
  heads: count,
  /** Columns inside the feed-forward networks. */
  inner: count,
  /** How many positions there are, and the row of the first one in the checkpoint. */
  positions: count,
  firstPosition: z.int().min(0),
  /** Token types; 0 where the model has none. */
  types: z.int().min(0),
  epsilon: z.number().positive(),
  dropout: rate,
  attentionDropout: rate,
});

export type Architecture = z.infer<typeof architectureSchema>;

/** Names of tensors without what all of them begin with; those of a layer come behind `layers`, a point, its number and a point. */
export interface TensorNames {
  readonly words: string;
  readonly positions: string;
  readonly types: string;
  readonly norm: string;
  /** From the embeddings to the layers, where these are wider. */
  readonly project: string;
  readonly layers: string;
  readonly query: string;
  readonly key: string;
  readonly value: string;
  readonly output: string;
  readonly attentionNorm: string;
  readonly widen: string;
  readonly narrow: string;
  readonly feedNorm: string;
}

export interface ModelType {
  /** From `config.json` to the sizes; refuses what our layers cannot do. */
  readonly config: z.ZodType<Architecture>;
  readonly names: TensorNames;
}

const activation = z.literal('gelu');

/** A rule for what two keys of a config have to do with each other. */
const heads = (key: string, width: string) => ({ path: [key], error: `does not divide ${width}` });
/** A word and its two marks. */
const FEWEST = 3;
const places = { path: ['max_position_embeddings'], error: 'leaves no room for a word between two marks' };

/** Configs of models that go by the names of BERT's; `firstPosition` from the number of the piece that fills short texts up. */
const bertConfig = (firstPosition: (padding: number) => number) =>
  z
    .looseObject({
      vocab_size: count,
      embedding_size: count.optional(),
      hidden_size: count,
      num_hidden_layers: count,
      num_attention_heads: count,
      intermediate_size: count,
      max_position_embeddings: count,
      type_vocab_size: z.int().min(0).default(2),
      hidden_act: activation,
      hidden_dropout_prob: rate.default(0.1),
      attention_probs_dropout_prob: rate.default(0.1),
      layer_norm_eps: z.number().positive().default(1e-12),
      position_embedding_type: z.literal('absolute').optional(),
      is_decoder: z.literal(false).optional(),
      pad_token_id: z.int().min(0).nullish(),
    })
    .refine(
      (config) => config.hidden_size % config.num_attention_heads === 0,
      heads('num_attention_heads', 'hidden_size'),
    )
    .refine(
      (config) => config.max_position_embeddings - firstPosition(config.pad_token_id ?? 0) >= FEWEST,
      places,
    )
    .transform((config): Architecture => {
      const first = firstPosition(config.pad_token_id ?? 0);
      return {
        pieces: config.vocab_size,
        embedding: config.embedding_size ?? config.hidden_size,
        width: config.hidden_size,
        layers: config.num_hidden_layers,
        heads: config.num_attention_heads,
        inner: config.intermediate_size,
        positions: config.max_position_embeddings - first,
        firstPosition: first,
        types: config.type_vocab_size,
        epsilon: config.layer_norm_eps,
        dropout: config.hidden_dropout_prob,
        attentionDropout: config.attention_probs_dropout_prob,
      };
    });

const distilbertConfig = z
  .looseObject({
    vocab_size: count,
    dim: count,
    n_layers: count,
    n_heads: count,
    hidden_dim: count,
    max_position_embeddings: count,
    activation,
    dropout: rate.default(0.1),
    attention_dropout: rate.default(0.1),
  })
  .refine((config) => config.dim % config.n_heads === 0, heads('n_heads', 'dim'))
  .refine((config) => config.max_position_embeddings >= FEWEST, places)
  .transform(
    (config): Architecture => ({
      pieces: config.vocab_size,
      embedding: config.dim,
      width: config.dim,
      layers: config.n_layers,
      heads: config.n_heads,
      inner: config.hidden_dim,
      positions: config.max_position_embeddings,
      firstPosition: 0,
      types: 0,
      epsilon: 1e-12,
      dropout: config.dropout,
      attentionDropout: config.attention_dropout,
    }),
  );

const bertNames: TensorNames = {
  words: 'embeddings.word_embeddings',
  positions: 'embeddings.position_embeddings',
  types: 'embeddings.token_type_embeddings',
  norm: 'embeddings.LayerNorm',
  project: 'embeddings_project',
  layers: 'encoder.layer',
  query: 'attention.self.query',
  key: 'attention.self.key',
  value: 'attention.self.value',
  output: 'attention.output.dense',
  attentionNorm: 'attention.output.LayerNorm',
  widen: 'intermediate.dense',
  narrow: 'output.dense',
  feedNorm: 'output.LayerNorm',
};

const distilbertNames: TensorNames = {
  ...bertNames,
  layers: 'transformer.layer',
  query: 'attention.q_lin',
  key: 'attention.k_lin',
  value: 'attention.v_lin',
  output: 'attention.out_lin',
  attentionNorm: 'sa_layer_norm',
  widen: 'ffn.lin1',
  narrow: 'ffn.lin2',
  feedNorm: 'output_layer_norm',
};

const bert: ModelType = { config: bertConfig(() => 0), names: bertNames };
/** Positions are counted from behind the number of the padding. */
const roberta: ModelType = { config: bertConfig((padding) => padding + 1), names: bertNames };

/** By `model_type` of `config.json`. */
export const modelTypes: Readonly<Record<string, ModelType>> = {
  bert,
  electra: bert,
  distilbert: { config: distilbertConfig, names: distilbertNames },
  roberta,
  'xlm-roberta': roberta,
  camembert: roberta,
};
