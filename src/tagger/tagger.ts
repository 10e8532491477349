/** A trained tagger: words or text in, tags or entities out. */
import { type Engine, engine as sharedEngine } from '../core/engine.js';
import { TaggerError } from '../core/errors.js';
import { streamOf } from '../core/stream-of.js';
import type { CorpusDescription } from '../corpus/description.js';
import type { Calibration, Scores } from '../evaluation/index.js';
import type { AnnotatedDocument, Document } from '../text/document.js';
import { documentMakerOf } from '../text/options.js';
import { parseTag, type Scheme } from '../text/schemes.js';
import {
  type AnnotateManyOptions,
  annotateMany,
  type ManyItem,
  type ManyResult,
  workersOf,
} from './annotate-many.js';
import { type Annotation, annotated, annotationOf, checkWanted, type WantedScores } from './annotation.js';
import { stampOf } from './files.js';
import { type Gold, goldDocuments } from './gold.js';
import { Inference } from './inference.js';
import { type AnnotateInput, documentOf, sentenceOf, type Tokenize, type Words } from './input.js';
import { loadModel, type Model } from './model.js';
import type { ModelConfig } from './model-config.js';
import type { Baseline } from './monitor/baseline.js';
import { Monitor } from './monitor/monitor.js';
import type { Watchers } from './monitor/watchers.js';
import { checkNBest, type Prediction, type PredictOptions } from './prediction.js';
import { calibrationOf, scoresOf } from './scoring.js';
import { columnsOf } from './stack.js';
import { checkStream, DEFAULT_LAG, type StreamOptions, type TagStream } from './tag-stream.js';
import type { PoolOptions, TaggerPool } from './threads/pool.js';
import { TaggerPools } from './threads/pools.js';

export interface AnnotateOptions extends WantedScores {
  /** Instead of the tokenizer and the sentence splitter of the model. */
  readonly tokenize?: Tokenize;
}

export class Tagger {
  private readonly config: ModelConfig;
  private readonly inference: Inference;
  private readonly baseline?: Baseline;
  private readonly pools: TaggerPools;
  private end?: Promise<void>;
  private documentMaker?: (text: string) => Document;

  constructor({ config, network, baseline }: Pick<Model, 'config' | 'network' | 'baseline'>) {
    this.config = config;
    this.baseline = baseline;
    this.inference = new Inference(network, config);
    this.pools = new TaggerPools(config, network);
  }

  /**
   * Loads a model directory and checks every file's size and sha256 and every tensor's shape. Throws E_MODEL.
   *
   * @example
   * const tagger = await Tagger.load('models/conll');
   * const { entities } = tagger.annotate('Ada Lovelace lived in London.');
   */
  static async load(directory: string, engine: Engine = sharedEngine()): Promise<Tagger> {
    return new Tagger(await loadModel(directory, engine));
  }

  get name(): string {
    return this.config.pipeline.name;
  }

  /** The column of the corpus that the model has learnt, such as `ner`. */
  get label(): string {
    return this.config.label;
  }

  /** `bioes` for spans, `none` for labels of single tokens. */
  get scheme(): Scheme {
    return this.config.scheme;
  }

  get tags(): readonly string[] {
    return this.config.tags;
  }

  /** What entities, or tokens, can be labelled with. */
  get labels(): readonly string[] {
    const labels = this.tags.map((tag) => (this.scheme === 'none' ? tag : (parseTag(tag)?.label ?? '')));
    return [...new Set(labels)].filter((label) => label !== '').sort();
  }

  /** Tells this model from others: a sha256 of its config, which has those of all its files. */
  get fingerprint(): string {
    return stampOf(JSON.stringify(this.config)).sha256;
  }

  /** The corpus that the model was trained on. */
  get corpus(): CorpusDescription {
    return this.config.corpus;
  }

  /** Whether the model can tag a stream: its encoder reads forward alone. */
  get isStreaming(): boolean {
    return this.inference.network.stack.lookahead === 0;
  }

  /** The columns of its input that the model reads beside the words, such as `pos`; most models read none. */
  get columns(): readonly string[] {
    return columnsOf(this.config.pipeline.embeddings);
  }

  /** A text in sentences and tokens, as the model's pipeline cuts it. */
  cut(text: string): Document {
    this.documentMaker ??= documentMakerOf(this.config.pipeline.tokenizer);
    return this.documentMaker(text);
  }

  /**
   * The tags of sentences that are tokens already, one a token. A sentence longer than any of training is tagged in windows. A model
   * that reads documents (`training.context`) takes the sentences as those of one document, in order.
   * Throws E_COLUMN where a sentence lacks one of `columns`.
   */
  tag(sentences: readonly Words[]): string[][] {
    this.refuseClosed();
    return this.inference.tag([sentences.map(sentenceOf)]);
  }

  /** As `tag`, of the sentences of several documents: a list a sentence, through all of them. */
  tagDocuments(documents: readonly (readonly Words[])[]): string[][] {
    this.refuseClosed();
    return this.inference.tag(documents.map((sentences) => sentences.map(sentenceOf)));
  }

  /**
   * As `tag`, with exact probabilities of tags, spans and, on request, of the most probable sequences and of all tags.
   * Throws E_USAGE for an `nbest` that is no whole number from 1.
   *
   * @example
   * const [{ spans }] = tagger.predict([['Ada', 'Lovelace', 'lived', 'in', 'London']]);
   * console.log(spans[0].label, spans[0].score);
   */
  predict(sentences: readonly Words[], options: PredictOptions = {}): Prediction[] {
    checkNBest(options.nbest);
    this.refuseClosed();
    return this.inference.predict([sentences.map(sentenceOf)], options);
  }

  /**
   * Tokens and entities of a text, or of what is tokens already, with their offsets into the text; with `scores` their exact
   * probabilities, with `nbest` the most probable sequences of every sentence. Throws E_USAGE for options or tokens that are wrong.
   *
   * @example
   * tagger.annotate('Ada Lovelace lived in London.').entities;
   * tagger.annotate(['Ada', 'Lovelace', 'lived', 'in', 'London'], { scores: true }).entities;
   */
  annotate(input: AnnotateInput, options: AnnotateOptions = {}): Annotation {
    const makeDocument = (text: string) => this.cut(text);
    const document = documentOf(input, { makeDocument, tokenize: options.tokenize });
    return annotationOf(this.annotateDocuments([document], options)[0], this.label);
  }

  /**
   * Annotates any number of documents in threads, which share one copy of the model. Results come as a stream, in the order
   * of the documents, each with the `id` that its document came with; a document that fails is a result with an `error`. No
   * more documents are drawn than are worked on. Throws E_USAGE for wrong options and when the tagger is closed meanwhile, the
   * reason of a signal that aborts, and, after the results of all documents before, what the documents' own stream throws.
   *
   * @example
   * for await (const { id, error, entities } of tagger.annotateMany([{ id: 1, input: 'Ada lived in London.' }]))
   *   console.log(id, error ?? entities);
   */
  async *annotateMany<Id>(
    items: Iterable<ManyItem<Id>> | AsyncIterable<ManyItem<Id>>,
    { workers, tokenize, ...options }: AnnotateManyOptions = {},
  ): AsyncGenerator<ManyResult<Id>> {
    checkWanted(options);
    options.signal?.throwIfAborted();
    this.refuseClosed();
    const pool = await this.pools.ofDocuments(workersOf(workers));
    // Texts are cut into tokens by the threads, unless by the caller's own function.
    const uncut = (text: string) => ({ id: '', text, sentences: [] });
    const makeDocument = (input: AnnotateInput) => documentOf(input, { makeDocument: uncut, tokenize });
    yield* annotateMany(streamOf(items), makeDocument, { pool, watchers: this.watchers }, options);
  }

  /**
   * Documents with the tags of their sentences and their entities; one that has no sentences yet is cut into them first. Short
   * documents are faster together.
   */
  annotateDocuments(documents: readonly Document[], options: WantedScores = {}): AnnotatedDocument[] {
    checkWanted(options);
    this.refuseClosed();
    const cut = documents.map((document) => this.withSentences(document));
    const words = cut.map(({ sentences }) =>
      sentences.map(({ tokens, columns }) => ({ tokens: tokens.map(({ text }) => text), columns })),
    );
    const found = this.inference.find(words, options);
    let next = 0;
    return cut.map((document) => {
      const own = found.slice(next, next + document.sentences.length);
      next += own.length;
      return annotated(document, own, this, options);
    });
  }

  /**
   * Tags tokens as they come, one at a time, in constant memory: a state that goes on from token to token. Only a model whose encoder
   * reads forward can do it. Throws E_USAGE for other models and for a `lag` that is no whole number from 0. Streams end with the tagger.
   *
   * @example
   * const stream = tagger.stream({ lag: 2 });
   * for (const token of ['Ada', 'lived', 'in', 'London', '.']) console.log(stream.push(token));
   * console.log(stream.end());
   */
  stream({ lag = DEFAULT_LAG }: StreamOptions = {}): TagStream {
    this.refuseClosed();
    checkStream(this.inference.network.stack.lookahead, lag);
    return this.inference.stream(lag);
  }

  /**
   * Watches all that is tagged from now on, also by `annotateMany`, and tells how far it is from what the model was trained on.
   * Streams are not watched. Throws E_MODEL where the model does not know its training set.
   *
   * @example
   * const monitor = tagger.monitor();
   * tagger.annotate('Ada Lovelace lived in London.');
   * console.log(monitor.report().drift);
   */
  monitor(): Monitor {
    this.refuseClosed();
    const { name, watchers, baseline } = this;
    return new Monitor({ name, watchers, baseline, longest: this.config.longest });
  }

  /** Who is told of all that is tagged; whoever has other threads tag tells them too. */
  get watchers(): Watchers {
    return this.inference.watchers;
  }

  /** Whether training has seen a word; absent where the model reads none, but characters or pieces of them alone. */
  get isKnown(): ((word: string) => boolean) | undefined {
    const { stack } = this.inference.network;
    return stack.knows('') === undefined ? undefined : (word) => stack.knows(word) === true;
  }

  /** How well the tagger does on sentences with gold tags in its scheme. */
  evaluate(gold: Gold): Scores {
    return this.score(gold, this.tagDocuments(goldDocuments(gold)));
  }

  /** How good predicted tags of sentences with gold tags are. */
  score(gold: Gold, predicted: readonly (readonly string[])[]): Scores {
    return scoresOf(gold, predicted, this.scheme, this.isKnown);
  }

  /** How far the scores of predicted spans can be trusted, against sentences with gold tags in the tagger's scheme. */
  calibration(gold: Gold, predicted?: readonly Pick<Prediction, 'spans'>[]): Calibration {
    this.refuseClosed();
    const found = predicted ?? this.inference.predict(goldDocuments(gold), {});
    return calibrationOf(gold, found, this.scheme);
  }

  /**
   * Ends the threads and gives the memory back; the tagger cannot be used afterwards, and streams of `annotateMany` that are
   * not at their end throw E_USAGE. Closing twice does no harm.
   */
  close(): Promise<void> {
    this.end ??= this.release();
    return this.end;
  }

  /** For `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Threads that work with this tagger, by a module that has it from `workerTagger`. They are closed with the tagger. */
  async openPool<Job, Result>(options: PoolOptions): Promise<TaggerPool<Job, Result>> {
    this.refuseClosed();
    return this.pools.open(options);
  }

  private async release(): Promise<void> {
    // The memory is free at once where no thread works with it.
    await this.pools.close();
    this.inference.release();
  }

  private refuseClosed(): void {
    if (this.end) throw new TaggerError('E_USAGE', { message: `the tagger ${this.name} is closed` });
  }

  private withSentences(document: Document): Document {
    const isCut = document.sentences.length > 0 || document.text === '';
    return isCut ? document : { ...document, sentences: this.cut(document.text).sentences };
  }
}
