/** What a report is made from: systems that tagged the same words of one test set, as plain data. `report.json` is this. */
import type {
  Breakdown,
  Calibration,
  Confusion,
  Estimate,
  Scores,
  Significance,
  SpanErrors,
} from '../evaluation/index.js';
import type { Span } from '../text/document.js';

export interface Comparison {
  /** 1; raised when a reader of this version could no longer read it. */
  readonly version: 1;
  /** Of tagger. */
  readonly madeBy: string;
  readonly corpus: {
    readonly name: string;
    readonly title?: string;
    readonly licence?: string;
    readonly label: string;
    /** Whether the labels are of spans, else of single tokens. */
    readonly hasSpans: boolean;
    readonly split: 'dev' | 'test' | 'file';
    readonly sentences: number;
    readonly tokens: number;
  };
  readonly machine: { readonly cpu: string; readonly cores: number; readonly node: string };
  /** The first one is what all others are compared with. */
  readonly systems: readonly SystemReport[];
  /** Sentences that examples of errors are in, by their number in the split. */
  readonly sentences: readonly { readonly index: number; readonly words: readonly string[] }[];
}

export interface SystemReport {
  readonly name: string;
  /** What it is, in a line. */
  readonly description: string;
  /** F1 of spans or accuracy, in percent, with its interval of confidence. */
  readonly score: Estimate;
  readonly scores: Scores;
  readonly breakdown: Breakdown;
  readonly confusion: Confusion;
  readonly errors: Pick<SpanErrors, 'correct' | 'counts'> & { readonly examples: readonly ErrorExample[] };
  /** Of the first system and this one: a difference above 0 speaks for the first. Absent for that one. */
  readonly significance?: Significance;
  /** Only where its scores are probabilities. */
  readonly calibration?: Calibration;
  /** What is absent was not measured, as of predictions from a file. */
  readonly speed?: Speed;
  readonly size?: { readonly parameters?: number; readonly bytes: number };
  readonly training?: { readonly seconds: number; readonly curve?: readonly CurvePoint[] };
}

export interface Speed {
  /** On one thread. */
  readonly tokensPerSecond: number;
  /** Milliseconds for one sentence. */
  readonly latency: { readonly p50: number; readonly p99: number };
  /** Resident bytes of its process at most. */
  readonly peakBytes?: number;
}

/** An epoch of training, or what comes near to one. */
export interface CurvePoint {
  readonly epoch: number;
  readonly loss?: number;
  /** On dev, in percent. */
  readonly score?: number;
}

export interface ErrorExample {
  readonly kind: keyof SpanErrors['counts'];
  /** In `Comparison.sentences`, by `index`. */
  readonly sentence: number;
  readonly gold?: Span;
  readonly predicted?: Span;
}
