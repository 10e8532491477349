/** A trained tagger: words or text in, tags or entities out. */
import { Arena } from '../core/arena.js';
import { type Engine, engine as sharedEngine } from '../core/engine.js';
import { TaggerError } from '../core/errors.js';
import type { CorpusDescription } from '../corpus/description.js';
import type { LabelledSentence } from '../corpus/labels.js';
import { evaluate, type Scores } from '../evaluation/index.js';
import type { Document, Entity } from '../text/document.js';
import { documentMakerOf } from '../text/options.js';
import { decodeSpans, type Scheme } from '../text/schemes.js';
import { loadModel, type Model } from './model.js';
import type { ModelConfig } from './model-config.js';
import type { Network } from './network.js';

/** A token with its offsets into the text, in UTF-16 code units. */
export interface TaggedToken {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** The BIOES tag; where labels are of single tokens (parts of speech), the label. */
  readonly tag: string;
}

export interface Annotation {
  readonly tokens: readonly TaggedToken[];
  /** Empty where labels are of single tokens. `text.slice(e.start, e.end) === e.text` for each. */
  readonly entities: readonly Entity[];
}

/** Tokens of a batch: enough for long matrix products, few enough to stay in the cache. */
const BATCH_TOKENS = 512;
/** Distinct forms that are remembered; a service that runs for months meets ever new ones. */
const FORMS_LIMIT = 500_000;

export class Tagger {
  private readonly config: ModelConfig;
  private readonly network: Network;
  private readonly arena: Arena;
  private isClosed = false;
  private documentMaker?: (text: string) => Document;

  constructor({ config, network }: Model) {
    this.config = config;
    this.network = network;
    this.arena = new Arena(network.engine.heap);
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

  /** The tags of sentences that are tokens already, one a token. */
  tag(sentences: readonly (readonly string[])[]): string[][] {
    if (this.isClosed) throw new TaggerError('E_USAGE', { message: `the tagger ${this.name} is closed` });
    const result: string[][] = sentences.map(() => []);
    const { forms } = this.network;
    let batch: { index: number; forms: Int32Array }[] = [];
    let tokens = 0;
    const flush = () => {
      const tags = this.network.tag(
        batch.map((sentence) => sentence.forms),
        this.arena,
      );
      batch.forEach(({ index }, i) => {
        result[index] = Array.from(tags[i], (tag) => this.config.tags[tag]);
      });
      batch = [];
      tokens = 0;
      if (forms.passing > FORMS_LIMIT) forms.forget();
    };
    sentences.forEach((words, index) => {
      if (words.length === 0) return;
      if (tokens > 0 && tokens + words.length > BATCH_TOKENS) flush();
      batch.push({ index, forms: forms.encode(words) });
      tokens += words.length;
    });
    if (tokens > 0) flush();
    return result;
  }

  /** Tokens and entities of a text, with their offsets into it. */
  annotate(text: string): Annotation {
    this.documentMaker ??= documentMakerOf(this.config.pipeline.tokenizer);
    const { sentences } = this.documentMaker(text);
    const tags = this.tag(sentences.map((sentence) => sentence.tokens.map((token) => token.text)));
    const tokens = sentences.flatMap((sentence, s) =>
      sentence.tokens.map(({ text, start, end }, t) => ({ text, start, end, tag: tags[s][t] })),
    );
    if (this.scheme === 'none') return { tokens, entities: [] };
    const entities = sentences.flatMap((sentence, s) =>
      decodeSpans(tags[s], this.scheme).map(({ label, first, end }) => {
        const from = sentence.tokens[first].start;
        const to = sentence.tokens[end - 1].end;
        return { label, start: from, end: to, text: text.slice(from, to) };
      }),
    );
    return { tokens, entities };
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

  /** Gives the memory back; the tagger cannot be used afterwards. Closing twice does no harm. */
  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.arena.release();
    this.network.release();
  }
}
