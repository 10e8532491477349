/** One line a kind of embedding. */
import { affix } from './affix.js';
import { bert } from './bert.js';
import { charCnn } from './char-cnn.js';
import { charGru } from './char-gru.js';
import { charLstm } from './char-lstm.js';
import { column } from './column.js';
import { gazetteer } from './gazetteer.js';
import { shape } from './shape.js';
import { word } from './word.js';

export type { Embedding, EmbeddingKind, HalfRows, LearningContext } from './embedding.js';

export const embeddingKinds = {
  word,
  'char-cnn': charCnn,
  'char-lstm': charLstm,
  'char-gru': charGru,
  shape,
  affix,
  column,
  gazetteer,
  bert,
} as const;
