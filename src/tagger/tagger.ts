/** A trained tagger: words or text in, tags or entities out. */
import { Arena } from '../core/arena.js';
import { type Engine, engine as sharedEngine } from '../core/engine.js';
import { TaggerError } from '../core/errors.js';
import type { CorpusDescription } from '../corpus/description.js';
import type { LabelledSentence } from '../corpus/labels.js';
import { type Calibration, calibration, evaluate, type Scores } from '../evaluation/index.js';
import type { Document } from '../text/document.js';
import type { MakeDocument } from '../text/make-document.js';
import { documentMakerOf } from '../text/options.js';
import { decodeSpans, type Scheme } from '../text/schemes.js';
import { type AnnotateOptions, type Annotation, annotationOf } from './annotation.js';
import { loadModel, type Model } from './model.js';
import type { ModelConfig } from './model-config.js';
import type { Network } from './network.js';
import {
  checkNBest,
  emptyPrediction,
  type Prediction,
  type PredictOptions,
  predictionOf,
} from './prediction.js';

/** Tokens of a batch: enough for long matrix products, few enough to stay in the cache. */
const BATCH_TOKENS = 512;
/** Distinct forms that are remembered; a service that runs for months meets ever new ones. */
const FORMS_LIMIT = 500_000;

export class Tagger {
  private readonly config: ModelConfig;
  private readonly network: Network;
  private readonly arena: Arena;
  private isClosed = false;
  private readonly makeDocument: MakeDocument;

  constructor({ config, network }: Model) {
    this.config = config;
    this.network = network;
    this.arena = new Arena(network.engine.heap);
    this.makeDocument = documentMakerOf(config.pipeline.tokenizer);
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

  /** The corpus that the model was trained on. */
  get corpus(): CorpusDescription {
    return this.config.corpus;
  }

  /** A text cut into sentences and tokens as those were that the model was trained on, or would have been. */
  document(text: string, id?: string): Document {
    return this.makeDocument(text, id);
  }

  /** The tags of sentences that are tokens already, one a token. */
  tag(sentences: readonly (readonly string[])[]): string[][] {
    const result: string[][] = sentences.map(() => []);
    this.eachBatch(sentences, (forms, indices) => {
      const tags = this.network.tag(forms, this.arena);
      indices.forEach((index, i) => {
        result[index] = Array.from(tags[i], (tag) => this.config.tags[tag]);
      });
    });
    return result;
  }

  /**
   * As `tag`, with exact probabilities of tags, spans and, on request, of the most probable sequences and of all tags.
   * Throws E_USAGE for an `nbest` that is no whole number from 1.
   *
   * @example
   * const [{ spans }] = tagger.predict([['Ada', 'Lovelace', 'lived', 'in', 'London']]);
   * console.log(spans[0].label, spans[0].score);
   */
  predict(sentences: readonly (readonly string[])[], options: PredictOptions = {}): Prediction[] {
    checkNBest(options.nbest);
    const result = sentences.map(() => emptyPrediction(options));
    this.eachBatch(sentences, (forms, indices) => {
      const distribution = this.network.distribution(forms, this.arena);
      indices.forEach((index, i) => {
        result[index] = predictionOf(distribution, i, this.tags, this.scheme, options);
      });
    });
    return result;
  }

  /**
   * Tokens and entities of a text, with their offsets into it; with `scores` their exact probabilities, with `nbest` the
   * most probable sequences of every sentence.
   */
  annotate(text: string, { scores = false, nbest }: AnnotateOptions = {}): Annotation {
    const document = this.document(text);
    const words = document.sentences.map(({ tokens }) => tokens.map((token) => token.text));
    return annotationOf(document, this.find(words, scores, nbest), this.scheme);
  }

  /** How well the tagger does on sentences with gold tags in its scheme. */
  evaluate(sentences: readonly LabelledSentence[]): Scores {
    return this.score(sentences, this.tag(sentences.map(({ tokens }) => tokens)));
  }

  /** How good predicted tags of sentences with gold tags are. */
  score(sentences: readonly LabelledSentence[], predicted: readonly (readonly string[])[]): Scores {
    const words = sentences.map(({ tokens }) => tokens);
    const gold = sentences.map(({ tags }) => tags);
    const isKnown = (word: string) => this.network.stack.knows(word) ?? true;
    // The script of CoNLL, whose figures people compare, knows nothing of BIOES.
    const countAs = this.scheme === 'none' ? 'none' : 'bio';
    return evaluate(gold, predicted, { scheme: this.scheme, countAs, words, isKnown });
  }

  /** How far the scores of predicted spans can be trusted, against sentences with gold tags in the tagger's scheme. */
  calibration(
    sentences: readonly LabelledSentence[],
    predicted: readonly Pick<Prediction, 'spans'>[] = this.predict(sentences.map(({ tokens }) => tokens)),
  ): Calibration {
    const gold = sentences.map(({ tags }) => decodeSpans(tags, this.scheme));
    return calibration(
      gold,
      predicted.map(({ spans }) => spans),
    );
  }

  /** Gives the memory back; the tagger cannot be used afterwards. Closing twice does no harm. */
  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.arena.release();
    this.network.release();
  }

  /** No more than what shall be shown: tags alone are faster. */
  private find(words: readonly (readonly string[])[], scores: boolean, nbest: number | undefined) {
    if (!scores && nbest === undefined) return this.tag(words).map((tags) => ({ tags }));
    const predictions = this.predict(words, { nbest });
    return scores ? predictions : predictions.map(({ tags, nbest }) => ({ tags, nbest }));
  }

  /** Hands over the form ids of some sentences at a time, in order, with their indices; none that is empty. */
  private eachBatch(
    sentences: readonly (readonly string[])[],
    handle: (forms: readonly Int32Array[], indices: readonly number[]) => void,
  ): void {
    if (this.isClosed) throw new TaggerError('E_USAGE', { message: `the tagger ${this.name} is closed` });
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
