/** Words in, tags or predictions out: in batches of sentences, and long sentences in windows. */
import { Arena } from '../core/arena.js';
import type { Scheme } from '../text/schemes.js';
import type { Found, WantedScores } from './annotation.js';
import type { ModelConfig } from './model-config.js';
import { Counter } from './monitor/tally.js';
import { Watchers } from './monitor/watchers.js';
import type { Network } from './network.js';
import {
  emptyPrediction,
  type Prediction,
  type PredictOptions,
  predictionOf,
  type Window,
} from './prediction.js';
import { TagStream } from './tag-stream.js';
import { joinPredictions, joinTags, windowSize, windowsOf } from './windows.js';

/** Tokens of a batch: enough for long matrix products, few enough to stay in the cache. */
const BATCH_TOKENS = 512;

export class Inference {
  readonly network: Network;
  readonly watchers = new Watchers();
  private readonly tags: readonly string[];
  private readonly scheme: Scheme;
  private readonly arena: Arena;
  /** The most tokens that are tagged at once. */
  private readonly size: number;
  /** Of the sentences of training. */
  private readonly longest: number;
  /** Those that are not closed. */
  private readonly streams = new Set<TagStream>();

  constructor(network: Network, { tags, scheme, longest }: ModelConfig) {
    this.network = network;
    this.tags = tags;
    this.scheme = scheme;
    this.arena = new Arena(network.engine.heap);
    this.size = windowSize(longest);
    this.longest = longest ?? Number.POSITIVE_INFINITY;
  }

  /** The tags of sentences, one a token. */
  tag(sentences: readonly (readonly string[])[]): string[][] {
    return this.watched(sentences, () =>
      this.inWindows(
        sentences,
        (parts) => this.tagParts(parts),
        (windows, tags) => joinTags(windows, tags, this.scheme),
      ),
    );
  }

  predict(sentences: readonly (readonly string[])[], options: PredictOptions): Prediction[] {
    return this.watched(sentences, () =>
      this.inWindows(
        sentences,
        (parts) => this.predictParts(parts, options),
        (windows, predictions) => joinPredictions(windows, predictions, this.scheme),
      ),
    );
  }

  /** No more than what shall be shown: tags alone are faster. */
  find(sentences: readonly (readonly string[])[], wanted: WantedScores): Found[] {
    const { nbest } = wanted;
    const scores = wanted.scores || wanted.minScore !== undefined;
    if (!scores && nbest === undefined) {
      return this.tag(sentences).map((tags) => ({ tags, windows: this.windows(tags.length) }));
    }
    const predictions = this.predict(sentences, { nbest });
    return scores ? predictions : predictions.map(({ tags, nbest, windows }) => ({ tags, nbest, windows }));
  }

  /** Tags a sentence whose words come one by one; only of a network that reads forward. */
  stream(lag: number): TagStream {
    const { tags, arena, streams } = this;
    const stream = new TagStream(this.network, { tags, arena, lag, onClose: () => streams.delete(stream) });
    streams.add(stream);
    return stream;
  }

  /** The windows of a sentence that is too long to be tagged at once. */
  windows(length: number): readonly Window[] | undefined {
    return length > this.size ? windowsOf(length, this.size) : undefined;
  }

  release(): void {
    for (const stream of this.streams) stream.close();
    this.arena.release();
    this.network.release();
  }

  /** Counts what is seen of the sentences for those who want to know. */
  private watched<T>(sentences: readonly (readonly string[])[], work: () => T): T {
    const { network, watchers, longest } = this;
    if (watchers.isEmpty) return work();
    const knows = (form: string) => network.stack.knows(form);
    const counter = new Counter(sentences, { knows, longest });
    network.probe = counter;
    try {
      const result = work();
      watchers.tell(counter.tally);
      return result;
    } finally {
      network.probe = undefined;
    }
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
      this.network.forgetForms();
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
