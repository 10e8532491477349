/** Words in, tags or predictions out: in batches of sentences, and long sentences in windows. */
import { Arena } from '../core/arena.js';
import { type EncodedTokens, type TrackLists, trackLists } from '../core/batch.js';
import type { Scheme } from '../text/schemes.js';
import type { TokenSentence } from '../text/tracks.js';
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

  /** The tags of sentences, one a token. Throws E_COLUMN where a column is missing that the network reads. */
  tag(sentences: readonly TokenSentence[]): string[][] {
    return this.watched(sentences, () =>
      this.inWindows(
        sentences,
        (parts) => this.tagParts(parts),
        (windows, tags) => joinTags(windows, tags, this.scheme),
      ),
    );
  }

  predict(sentences: readonly TokenSentence[], options: PredictOptions): Prediction[] {
    return this.watched(sentences, () =>
      this.inWindows(
        sentences,
        (parts) => this.predictParts(parts, options),
        (windows, predictions) => joinPredictions(windows, predictions, this.scheme),
      ),
    );
  }

  /** No more than what shall be shown: tags alone are faster. */
  find(sentences: readonly TokenSentence[], wanted: WantedScores): Found[] {
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
  private watched<T>(sentences: readonly TokenSentence[], work: () => T): T {
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
    sentences: readonly TokenSentence[],
    work: (parts: readonly Part[]) => T[],
    join: (windows: readonly Window[], parts: readonly T[]) => T,
  ): T[] {
    const whole = sentences.map((sentence) => ({
      words: sentence.tokens,
      tracks: this.network.tracks.encode(sentence),
    }));
    if (whole.every(({ words }) => words.length <= this.size)) return work(whole);
    const windows = whole.map(({ words }) => windowsOf(words.length, this.size));
    const parts = work(whole.flatMap((part, s) => windows[s].map((window) => cut(part, window))));
    let next = 0;
    return windows.map((own) => {
      const found = parts.slice(next, next + own.length);
      next += own.length;
      return own.length === 1 ? found[0] : join(own, found);
    });
  }

  private tagParts(parts: readonly Part[]): string[][] {
    const result: string[][] = parts.map(() => []);
    this.eachBatch(parts, (forms, tracks, indices) => {
      const tags = this.network.tag(forms, this.arena, tracks);
      indices.forEach((index, i) => {
        result[index] = Array.from(tags[i], (tag) => this.tags[tag]);
      });
    });
    return result;
  }

  private predictParts(parts: readonly Part[], options: PredictOptions): Prediction[] {
    const result = parts.map(() => emptyPrediction(options));
    this.eachBatch(parts, (forms, tracks, indices) => {
      const distribution = this.network.distribution(forms, this.arena, tracks);
      indices.forEach((index, i) => {
        result[index] = predictionOf(distribution, i, this.tags, this.scheme, options);
      });
    });
    return result;
  }

  /** Hands over some parts at a time as numbers, in order, with their indices; none that is empty. */
  private eachBatch(
    parts: readonly Part[],
    handle: (forms: readonly Int32Array[], tracks: TrackLists, indices: readonly number[]) => void,
  ): void {
    const { forms, tracks } = this.network;
    let batch: EncodedTokens[] = [];
    let indices: number[] = [];
    let tokens = 0;
    const flush = () => {
      handle(
        batch.map(({ forms }) => forms),
        trackLists(tracks.count, batch),
        indices,
      );
      [batch, indices, tokens] = [[], [], 0];
      this.network.forgetForms();
    };
    parts.forEach(({ words, tracks }, index) => {
      if (words.length === 0) return;
      if (tokens > 0 && tokens + words.length > BATCH_TOKENS) flush();
      batch.push({ forms: forms.encode(words), tracks });
      indices.push(index);
      tokens += words.length;
    });
    if (tokens > 0) flush();
  }
}

/** The words of a sentence or of a window of it, and their numbers in the tracks, which are those of the whole sentence. */
interface Part {
  readonly words: readonly string[];
  readonly tracks: readonly Int32Array[];
}

function cut({ words, tracks }: Part, { first, end }: Window): Part {
  return { words: words.slice(first, end), tracks: tracks.map((track) => track.subarray(first, end)) };
}
