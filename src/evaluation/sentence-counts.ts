/** Counts sentence by sentence, in columns: all that a resampled test set has to be scored by. */
import { correctSpans, type SentenceSpans } from './spans.js';

/** i32 [sentences] each. The unit may be a document, where sentences of one are too alike to be drawn one by one. */
export interface SentenceCounts {
  /** Spans (or tokens) in the annotation. */
  readonly gold: Int32Array;
  readonly predicted: Int32Array;
  /** In both, with the same label. */
  readonly correct: Int32Array;
}

export function sentenceCounts(sentences: readonly SentenceSpans[]): SentenceCounts {
  return {
    gold: Int32Array.from(sentences, ({ gold }) => gold.length),
    predicted: Int32Array.from(sentences, ({ predicted }) => predicted.length),
    correct: Int32Array.from(sentences, (sentence) => correctSpans(sentence).length),
  };
}
