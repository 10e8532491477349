/** Words in, tags or predictions out: in batches of sentences or of documents, and long sentences in windows. */
import { Arena } from '../core/arena.js';
import type { Scheme } from '../text/schemes.js';
import type { TokenSentence } from '../text/tracks.js';
import type { Found, WantedScores } from './annotation.js';
import type { ModelConfig } from './model-config.js';
import { Counter } from './monitor/tally.js';
import { Watchers } from './monitor/watchers.js';
import type { Network } from './network.js';
import { type Strand, strandsOf, type Unit } from './pieces.js';
import {
  emptyPrediction,
  type Prediction,
  type PredictOptions,
  predictionOf,
  type Window,
} from './prediction.js';
import { type Part, Reader } from './reader.js';
import { TagStream } from './tag-stream.js';
import { joinPredictions, joinTags, windowSize, windowsOf } from './windows.js';

/** Lists of sentences that belong together; results have an item a sentence, through all of them. */
export type Documents = readonly (readonly TokenSentence[])[];

export class Inference {
  readonly network: Network;
  readonly watchers = new Watchers();
  private readonly tags: readonly string[];
  private readonly scheme: Scheme;
  private readonly arena: Arena;
  private readonly reader: Reader;
  /** The most tokens of a sentence that is tagged at once. */
  private readonly size: number;
  /** The most tokens of a document that are read at once; undefined where sentences are read by themselves. */
  private readonly window?: number;
  /** Of the sentences of training. */
  private readonly longest: number;
  /** Those that are not closed. */
  private readonly streams = new Set<TagStream>();

  constructor(network: Network, { tags, scheme, longest, window }: ModelConfig) {
    this.network = network;
    this.tags = tags;
    this.scheme = scheme;
    this.arena = new Arena(network.engine.heap);
    this.reader = new Reader(network, this.arena);
    this.size = windowSize(longest);
    this.longest = longest ?? Number.POSITIVE_INFINITY;
    this.window = window;
  }

  /** The tags of sentences, one a token. Throws E_COLUMN where a column is missing that the network reads. */
  tag(documents: Documents): string[][] {
    return this.watched(documents, () =>
      this.inWindows(
        documents,
        (parts, strands) => this.tagParts(parts, strands),
        (windows, tags) => joinTags(windows, tags, this.scheme),
      ),
    );
  }

  predict(documents: Documents, options: PredictOptions): Prediction[] {
    return this.watched(documents, () =>
      this.inWindows(
        documents,
        (parts, strands) => this.predictParts(parts, strands, options),
        (windows, predictions) => joinPredictions(windows, predictions, this.scheme),
      ),
    );
  }

  /** No more than what shall be shown: tags alone are faster. */
  find(documents: Documents, wanted: WantedScores): Found[] {
    const { nbest } = wanted;
    const scores = wanted.scores || wanted.minScore !== undefined;
    if (!scores && nbest === undefined) {
      return this.tag(documents).map((tags) => ({ tags, windows: this.windows(tags.length) }));
    }
    const predictions = this.predict(documents, { nbest });
    return scores ? predictions : predictions.map(({ tags, nbest, windows }) => ({ tags, nbest, windows }));
  }

  /** Tags a sentence whose words come one by one; only of a network that reads forward. */
  stream(lag: number): TagStream {
    const { tags, arena, streams } = this;
    const stream = new TagStream(this.network, {
      tags,
      arena,
      lag,
      readsDocuments: this.window !== undefined,
      onClose: () => streams.delete(stream),
    });
    streams.add(stream);
    return stream;
  }

  /** The windows of a sentence that is too long to be tagged at once. */
  windows(length: number): readonly Window[] | undefined {
    return length > this.size ? windowsOf(length, this.size) : undefined;
  }

  release(): void {
    for (const stream of this.streams) stream.close();
    this.reader.release();
    this.arena.release();
    this.network.release();
  }

  /** Counts what is seen of the sentences for those who want to know. */
  private watched<T>(documents: Documents, work: () => T): T {
    const { network, watchers, longest } = this;
    if (watchers.isEmpty) return work();
    const knows = (form: string) => network.stack.knows(form);
    const counter = new Counter(documents.flat(), { knows, longest });
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
    documents: Documents,
    work: (parts: readonly Part[], strands: readonly Strand[]) => T[],
    join: (windows: readonly Window[], parts: readonly T[]) => T,
  ): T[] {
    const windows: (readonly Window[] | undefined)[] = [];
    const cut = documents.map((sentences) =>
      sentences.flatMap((sentence) => {
        const whole = { words: sentence.tokens, tracks: this.network.tracks.encode(sentence) };
        const own = this.windows(whole.words.length);
        windows.push(own);
        return own ? own.map((window) => partIn(whole, window)) : [{ ...whole, alone: false }];
      }),
    );
    const parts = cut.flat();
    const units = (this.window === undefined ? parts.map((part) => [part]) : cut).map(unitsOf);
    const found = work(parts, strandsOf(units, this.window ?? 0));
    let next = 0;
    return windows.map((own) => {
      if (!own) return found[next++];
      next += own.length;
      return join(own, found.slice(next - own.length, next));
    });
  }

  private tagParts(parts: readonly Part[], strands: readonly Strand[]): string[][] {
    const result: string[][] = parts.map(() => []);
    this.reader.read(parts, strands, ({ sequences, tracks, passage }, indices) => {
      const tags = this.network.tag(sequences, this.arena, tracks, passage);
      indices.forEach((index, i) => {
        result[index] = Array.from(tags[i], (tag) => this.tags[tag]);
      });
    });
    return result;
  }

  private predictParts(
    parts: readonly Part[],
    strands: readonly Strand[],
    options: PredictOptions,
  ): Prediction[] {
    const result = parts.map(() => emptyPrediction(options));
    this.reader.read(parts, strands, ({ sequences, tracks, passage }, indices) => {
      const distribution = this.network.distribution(sequences, this.arena, tracks, passage);
      indices.forEach((index, i) => {
        result[index] = predictionOf(distribution, i, this.tags, this.scheme, options);
      });
    });
    return result;
  }
}

interface CutPart extends Part {
  readonly alone: boolean;
}

function partIn({ words, tracks }: Part, { first, end }: Window): CutPart {
  const own = { words: words.slice(first, end), tracks: tracks.map((track) => track.subarray(first, end)) };
  return { ...own, alone: true };
}

const unitsOf = (parts: readonly CutPart[]): Unit[] =>
  parts.map(({ words, alone }) => ({ tokens: words.length, alone }));
