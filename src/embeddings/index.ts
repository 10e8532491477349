/** One line a kind of embedding. */
import { charCnn } from './char-cnn.js';
import { charLstm } from './char-lstm.js';
import { word } from './word.js';

export type { Embedding, EmbeddingKind, HalfRows, LearningContext } from './embedding.js';

export const embeddingKinds = {
  word,
  'char-cnn': charCnn,
  'char-lstm': charLstm,
} as const;
