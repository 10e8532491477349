/** What a baseline is: another way to tag the same words, trained on the same split, to compare a tagger with. */
import type { z } from 'zod';
import type { KindSchema } from '../core/kind.js';
import type { LabelledSentence } from '../corpus/labels.js';
import type { Scheme } from '../text/schemes.js';
import type { TokenSentence } from '../text/tracks.js';

/** What a baseline learns from. Tags are BIOES, whatever the scheme of the files, or for scheme `none` labels of single tokens. */
export interface BaselineTask {
  readonly train: readonly LabelledSentence[];
  /** For choices among models; never for what is learnt. */
  readonly dev: readonly LabelledSentence[];
  readonly scheme: Scheme;
  readonly seed: number;
  /** Threads that it may use; does not change the result. */
  readonly workers: number;
  /** Ends the training early, with an AbortError. */
  readonly signal?: AbortSignal;
}

/** A line of a training's progress. */
export interface BaselineRecord {
  readonly kind: 'progress';
  readonly text: string;
}

export interface TrainedBaseline {
  /** Numbers that were learnt. */
  readonly parameters: number;
  /** The size of the model where it is written out, in bytes. */
  readonly bytes: number;
  /** One tag a token, of the tags of train; spans are valid BIOES, with `O` whether train has it or not. An empty sentence has no tags. */
  tag(sentences: readonly TokenSentence[]): string[][];
}

export interface BaselineKind<Schema extends KindSchema> {
  readonly options: Schema;
  /** Which tags it can learn: those of spans too, or labels of single tokens alone. */
  readonly takesSpans: boolean;
  /** What it is, in a line. */
  readonly summary: string;
  train(options: z.output<Schema>, task: BaselineTask): AsyncGenerator<BaselineRecord, TrainedBaseline>;
}
