/**
 * The last layer of a pretrained transformer of the BERT family, fine-tuned with the rest of the network: a word is the vector of
 * its first piece (Devlin et al. 2019). What it has learnt before comes from a checkpoint; the model that is trained from it has
 * all that it needs, its tokenizer too.
 */
import { z } from 'zod';
import { matrix } from '../core/matrix.js';
import type { Lists } from '../text/forms.js';
import { type Architecture, architectureSchema } from './bert/architectures.js';
import { pieceLayers } from './bert/layers.js';
import {
  marksSchema,
  openTokenizer,
  piecesOf,
  type TokenizerJson,
  type TokenizerMarks,
  tokenizerSchema,
} from './bert/tokenizer.js';
import type { Weights } from './bert/weights.js';
import { layOutPieces } from './bert/windows.js';
import type { CreationContext, EmbeddingKind, Sizes } from './embedding.js';

const rate = z.number().min(0).lt(1);

export const bertOptions = z.strictObject({
  kind: z.literal('bert'),
  /** A folder, or the id of a model in the hub cache. */
  checkpoint: z.string().min(1),
  /** Dropout on the embeddings of pieces and on what each part of a layer adds; that of the checkpoint where left out. */
  dropout: rate.optional(),
  /** Dropout on the probabilities of attention; that of the checkpoint where left out. */
  attentionDropout: rate.optional(),
});

export interface BertVocabulary {
  readonly model: Architecture;
  readonly marks: TokenizerMarks;
  readonly tokenizer: TokenizerJson;
  /** Only while training: first values. */
  readonly learned?: Weights;
}

const savedVocabulary = z.strictObject({
  model: architectureSchema,
  marks: marksSchema,
  tokenizer: tokenizerSchema,
});

export const bert: EmbeddingKind<typeof bertOptions, BertVocabulary> = {
  options: bertOptions,

  async learn({ checkpoint }, { base, place }) {
    // Loaded on request: only training opens checkpoints.
    const { openCheckpoint } = await import('./bert/checkpoint.js');
    const at = { ...place, key: `${place.key ?? 'embeddings'}.checkpoint` };
    const { architecture, marks, tokenizer, weights } = await openCheckpoint(checkpoint, base, at);
    return { model: architecture, marks, tokenizer, learned: weights };
  },

  sizes: ({ model, marks, tokenizer }) => ({ ...model, ...marks, bytes: bytesOf(tokenizer).length }),

  create(options, sizes, context) {
    const { params, name, vocabulary } = context;
    const architecture = {
      ...(sizes as Sizes & Architecture),
      dropout: options.dropout ?? sizes.dropout,
      attentionDropout: options.attentionDropout ?? sizes.attentionDropout,
    };
    const { width } = architecture;
    const pieces = claimPieces(sizes, context);
    const layers = pieceLayers(params, name, architecture, () => weightsOf(vocabulary()));
    const marks = { begin: sizes.begin, end: sizes.end, most: sizes.positions };
    return {
      width,
      lookahead: Number.POSITIVE_INFINITY,
      forward(out, run) {
        const { kernels, arena } = run;
        const laidOut = layOutPieces(pieces, marks, run);
        const [y, backward] = layers.forward(laidOut, run);
        const { firsts } = laidOut;
        kernels.pick_rows(out.rows, width, firsts, y.address, y.stride, out.address, out.stride);
        return (dout) => {
          const dy = matrix(arena.zeros(y.rows * width), y.rows, width);
          kernels.scatter_add(out.rows, width, firsts, dout.address, dout.stride, dy.address);
          backward(dy);
        };
      },
    };
  },

  save: ({ model, marks, tokenizer }) => ({ json: { model, marks, tokenizer } }),
  load: (_options, json) => savedVocabulary.parse(json),
  describe: ({ checkpoint }, { model }) =>
    `bert ${checkpoint} (${model.layers} layers of ${model.width}, ${model.pieces} pieces)`,
};

function weightsOf({ learned }: BertVocabulary): Weights {
  if (!learned) throw new Error('first values are those of a checkpoint, which a saved model does not have');
  return learned;
}

const bytesOf = (tokenizer: TokenizerJson): Buffer => Buffer.from(JSON.stringify(tokenizer));

/** The pieces of every form. The tokenizer lies in the memory, where other threads make their own of it. */
function claimPieces(sizes: Sizes, { params, forms, vocabulary }: CreationContext<BertVocabulary>): Lists {
  const { bytes, begin, end, unknown } = sizes;
  const address = params.reserve(bytes, (address) => {
    params.heap.u8.set(bytesOf(vocabulary().tokenizer), address);
  });
  return forms.lists(() => {
    const text = Buffer.from(params.heap.u8.slice(address, address + bytes)).toString('utf8');
    const tokenizer = openTokenizer(JSON.parse(text));
    return (form) => piecesOf(tokenizer, form, { begin, end, unknown });
  });
}
