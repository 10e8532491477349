/** Tags of a text whose tokens come one by one, in constant memory: the recurrent states are kept, the tokens are not. */
import type { Arena } from '../core/arena.js';
import { makeBatch, trackLists } from '../core/batch.js';
import { States } from '../core/carry.js';
import { TaggerError } from '../core/errors.js';
import { inferenceRun, type Network } from './network.js';

export interface StreamOptions {
  /**
   * How many further tokens a tag may wait for, default 8. With 0 every token has its tag at once; with `Infinity` tags are those of
   * `tagger.tag`, and memory grows with the sentence until the paths agree.
   */
  readonly lag?: number;
}

export interface StreamedTag {
  /** Of the token in its sentence, from 0. */
  readonly index: number;
  readonly token: string;
  readonly tag: string;
}

export const DEFAULT_LAG = 8;

/** Throws E_USAGE where a model with such a lookahead cannot tag a stream, or with such a lag. */
export function checkStream(lookahead: number, lag: number): void {
  if (lookahead > 0) {
    throw new TaggerError('E_USAGE', {
      message: 'this model cannot tag a stream: it sees the tokens behind a token before it tags it',
      expected: 'a model whose encoder reads forward alone, without word lists',
      hint: 'train one with --set encoder.direction=forward',
    });
  }
  if (lag !== Number.POSITIVE_INFINITY && !(Number.isInteger(lag) && lag >= 0)) {
    const expected = 'a whole number from 0, or Infinity';
    throw new TaggerError('E_USAGE', { message: 'wrong lag', expected, found: String(lag) });
  }
}

interface StreamContext {
  readonly tags: readonly string[];
  /** Used within calls alone, so that several may have the same. */
  readonly arena: Arena;
  readonly lag: number;
  readonly readsDocuments: boolean;
  readonly onClose: () => void;
}

export class TagStream {
  private readonly network: Network;
  private readonly arena: Arena;
  private readonly tags: readonly string[];
  private readonly decoder: ReturnType<Network['stack']['online']>;
  private readonly states: States;
  private readonly onClose: () => void;
  private readonly readsDocuments: boolean;
  /** Tokens whose tags are not settled. */
  private readonly waiting: string[] = [];
  private index = 0;
  private isClosed = false;

  constructor(network: Network, { tags, arena, lag, readsDocuments, onClose }: StreamContext) {
    this.network = network;
    this.arena = arena;
    this.tags = tags;
    this.decoder = network.stack.online(lag);
    this.states = new States(network.engine.heap, 1);
    this.readsDocuments = readsDocuments;
    this.onClose = onClose;
  }

  /**
   * Takes the next token, and its value in every column that the model reads; gives the tags that are settled now, in order. Throws
   * E_USAGE once the stream is closed, E_COLUMN where a column is missing.
   */
  push(token: string, columns?: Readonly<Record<string, string>>): StreamedTag[] {
    if (this.isClosed) throw new TaggerError('E_USAGE', { message: 'this stream is closed' });
    if (typeof token !== 'string') {
      throw new TaggerError('E_USAGE', {
        message: 'a token is no string',
        expected: 'one token, as a string',
        found: typeof token,
      });
    }
    const { network, arena, states } = this;
    network.forgetForms();
    arena.reset();
    const values = columns && Object.entries(columns).map(([name, value]) => [name, [value]]);
    const sentence = network.encode({ tokens: [token], columns: values && Object.fromEntries(values) });
    const batch = makeBatch([sentence.forms], arena, trackLists(network.tracks.count, [sentence]));
    this.waiting.push(token);
    return this.settled(this.decoder.push(inferenceRun(network, batch, arena, states)));
  }

  /**
   * Ends the sentence and gives the tags that are left; the next token begins another sentence. A model that reads documents goes on
   * in the same one, unless `document` says that it ends too; for other models every sentence is a document.
   */
  end({ document = false }: { readonly document?: boolean } = {}): StreamedTag[] {
    const rest = this.settled(this.decoder.end());
    this.index = 0;
    if (document || !this.readsDocuments) this.states.clear();
    return rest;
  }

  /** Gives the memory back. Closing twice does no harm. */
  close(): void {
    this.isClosed = true;
    this.states.release();
    this.onClose();
  }

  /** For `using`. */
  [Symbol.dispose](): void {
    this.close();
  }

  private settled(tags: readonly number[]): StreamedTag[] {
    const tokens = this.waiting.splice(0, tags.length);
    return tags.map((tag, i) => ({ index: this.index++, token: tokens[i], tag: this.tags[tag] }));
  }
}
