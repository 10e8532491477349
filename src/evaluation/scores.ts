/** What an evaluation finds. Shares are percentages, as the conlleval script counts them. */

export interface PrecisionRecall {
  readonly precision: number;
  readonly recall: number;
  /** Their harmonic mean. */
  readonly f1: number;
}

export interface Counts {
  /** Spans (or tokens) in the annotation. */
  readonly gold: number;
  readonly predicted: number;
  /** In both, with the same label. */
  readonly correct: number;
}

export interface LabelScores extends PrecisionRecall, Counts {}

export interface TokenScores {
  readonly accuracy: number;
  readonly tokens: number;
}

export interface Scores extends PrecisionRecall {
  /** Of tags, token by token. */
  readonly accuracy: number;
  /** By entity type or part of speech, in alphabetical order. */
  readonly byLabel: Readonly<Record<string, LabelScores>>;
  readonly sentences: number;
  readonly tokens: number;
  /** Counting only well-formed spans; absent for labels of single tokens. */
  readonly strict?: PrecisionRecall;
  /** Tokens whose word the tagger has seen in training, and the others; only where asked for. */
  readonly known?: TokenScores;
  readonly unknown?: TokenScores;
}

/** 0 of 0 is 0. */
export const percentage = (part: number, whole: number): number => (whole === 0 ? 0 : (100 * part) / whole);

export function precisionRecall({ gold, predicted, correct }: Counts): PrecisionRecall {
  const precision = percentage(correct, predicted);
  const recall = percentage(correct, gold);
  const f1 = precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall);
  return { precision, recall, f1 };
}

export function total(counts: Iterable<Counts>): Counts {
  const sum = { gold: 0, predicted: 0, correct: 0 };
  for (const { gold, predicted, correct } of counts) {
    sum.gold += gold;
    sum.predicted += predicted;
    sum.correct += correct;
  }
  return sum;
}
