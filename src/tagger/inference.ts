/** Words in, tags or predictions out: in batches of sentences, and long sentences in windows. */
import { Arena } from '../core/arena.js';
import type { Scheme } from '../text/schemes.js';
import type { ModelConfig } from './model-config.js';
import type { Network } from './network.js';
import {
  emptyPrediction,
  type Prediction,
  type PredictOptions,
  predictionOf,
  type Window,
} from './prediction.js';
import { joinPredictions, joinTags, windowSize, windowsOf } from './windows.js';

/** Tokens of a batch: enough for long matrix products, few enough to stay in the cache. */
const BATCH_TOKENS = 512;
/** Distinct forms that are remembered, some 8 MB in each thread; a service that runs for months meets ever new ones. */
const FORMS_LIMIT = 10_000;

export class Inference {
  readonly network: Network;
  private readonly tags: readonly string[];
  private readonly scheme: Scheme;
  private readonly arena: Arena;
  /** The most tokens that are tagged at once. */
  private readonly size: number;

  constructor(network: Network, { tags, scheme, longest }: ModelConfig) {
    this.network = network;
    this.tags = tags;
    this.scheme = scheme;
    this.arena = new Arena(network.engine.heap);
    this.size = windowSize(longest);
  }

  /** The tags of sentences, one a token. */
  tag(sentences: readonly (readonly string[])[]): string[][] {
    return this.inWindows(
      sentences,
      (parts) => this.tagParts(parts),
      (windows, tags) => joinTags(windows, tags, this.scheme),
    );
  }

  predict(sentences: readonly (readonly string[])[], options: PredictOptions): Prediction[] {
    return this.inWindows(
      sentences,
      (parts) => this.predictParts(parts, options),
      (windows, predictions) => joinPredictions(windows, predictions, this.scheme),
    );
  }

  /** The windows of a sentence that is too long to be tagged at once. */
  windows(length: number): readonly Window[] | undefined {
    return length > this.size ? windowsOf(length, this.size) : undefined;
  }

  release(): void {
    this.arena.release();
    this.network.release();
  }

  /** Sentences as parts that are short enough, and the results of the parts of a longer one joined to one. */
  private inWindows<T>(
    sentences: readonly (readonly string[])[],
    work: (parts: readonly (readonly string[])[]) => T[],
    join: (windows: readonly Window[], parts: readonly T[]) => T,
  ): T[] {
    if (sentences.every(({ length }) => length <= this.size)) return work(sentences);
    const windows = sentences.map(({ length }) => windowsOf(length, this.size));
    const parts = work(
      sentences.flatMap((words, s) => windows[s].map(({ first, end }) => words.slice(first, end))),
    );
    let next = 0;
    return windows.map((own) => {
      const found = parts.slice(next, next + own.length);
      next += own.length;
      return own.length === 1 ? found[0] : join(own, found);
    });
  }

  private tagParts(sentences: readonly (readonly string[])[]): string[][] {
    const result: string[][] = sentences.map(() => []);
    this.eachBatch(sentences, (forms, indices) => {
      const tags = this.network.tag(forms, this.arena);
      indices.forEach((index, i) => {
        result[index] = Array.from(tags[i], (tag) => this.tags[tag]);
      });
    });
    return result;
  }

  private predictParts(sentences: readonly (readonly string[])[], options: PredictOptions): Prediction[] {
    const result = sentences.map(() => emptyPrediction(options));
    this.eachBatch(sentences, (forms, indices) => {
      const distribution = this.network.distribution(forms, this.arena);
      indices.forEach((index, i) => {
        result[index] = predictionOf(distribution, i, this.tags, this.scheme, options);
      });
    });
    return result;
  }

  /** Hands over the form ids of some sentences at a time, in order, with their indices; none that is empty. */
  private eachBatch(
    sentences: readonly (readonly string[])[],
    handle: (forms: readonly Int32Array[], indices: readonly number[]) => void,
  ): void {
    const { forms } = this.network;
    let batch: Int32Array[] = [];
    let indices: number[] = [];
    let tokens = 0;
    const flush = () => {
      handle(batch, indices);
      [batch, indices, tokens] = [[], [], 0];
      if (forms.passing > FORMS_LIMIT) forms.forget();
    };
    sentences.forEach((words, index) => {
      if (words.length === 0) return;
      if (tokens > 0 && tokens + words.length > BATCH_TOKENS) flush();
      batch.push(forms.encode(words));
      indices.push(index);
      tokens += words.length;
    });
    if (tokens > 0) flush();
  }
}
