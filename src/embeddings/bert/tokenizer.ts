/** The tokenizer of a pretrained model, by its `tokenizer.json`: words to word pieces. */
import { createRequire } from 'node:module';
import type { Tokenizer } from '@huggingface/tokenizers';
import { z } from 'zod';

const require = createRequire(import.meta.url);

/** The parts that the library takes; what is in them is its own affair. */
export const tokenizerSchema = z.looseObject({ model: z.looseObject({ type: z.string() }) });

export type TokenizerJson = z.infer<typeof tokenizerSchema>;

/** Numbers of pieces that do not come from words: those before and behind a text, and the one of what is unknown. */
export const marksSchema = z.strictObject({
  begin: z.int().min(0),
  end: z.int().min(0),
  unknown: z.int().min(0),
});

export type TokenizerMarks = z.infer<typeof marksSchema>;

const empty = {
  normalizer: null,
  pre_tokenizer: null,
  post_processor: null,
  decoder: null,
  added_tokens: [],
};

/** Throws an Error where the library does not know what is in it. */
export function openTokenizer(json: TokenizerJson): Tokenizer {
  // When first needed: all embeddings are loaded with this, most of which have no pieces.
  const { Tokenizer } = require('@huggingface/tokenizers') as typeof import('@huggingface/tokenizers');
  return new Tokenizer({ ...empty, ...json }, {});
}

/** Throws an Error where a text does not stand between two pieces. */
export function marksOf(tokenizer: Tokenizer): TokenizerMarks {
  const { ids } = tokenizer.encode('');
  if (ids.length !== 2) throw new Error(`puts ${ids.length} pieces around a text instead of 2`);
  const [begin, end] = ids;
  const known = tokenizer.token_to_id(String(tokenizer.model?.unk_token));
  return { begin, end, unknown: known ?? end };
}

/**
 * The pieces of a word as in a text: behind white space, which those that keep it (byte-level, SentencePiece) want to see, at
 * the beginning of a sentence too. A word of which nothing is left, such as a control character, is the unknown piece.
 */
export function piecesOf(tokenizer: Tokenizer, word: string, { unknown }: TokenizerMarks): number[] {
  const { ids } = tokenizer.encode(` ${word}`, { add_special_tokens: false });
  return ids.length > 0 ? ids : [unknown];
}
