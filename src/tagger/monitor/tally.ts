/** What is counted of sentences while they are tagged: plain data, which crosses threads and adds up. */
import { rowNorms } from '../../core/norms.js';
import type { Probe } from '../../core/run.js';
import type { TokenSentence } from '../../text/tracks.js';
import { addHistogram, addNumbers, type Histogram } from './histogram.js';

export interface Tally {
  readonly sentences: number;
  readonly tokens: number;
  /** Sentences longer than any that training saw. */
  readonly long: number;
  /** Tokens whose form training did not see; undefined where the network cannot tell. */
  readonly unknown?: number;
  /** Tokens by the norm of the vector that the decoder sees. Tokens that two windows share count twice. */
  readonly norms: Histogram;
}

export const noTally: Tally = { sentences: 0, tokens: 0, long: 0, unknown: 0, norms: new Map() };

export function addTallies(a: Tally, b: Tally): Tally {
  const norms = new Map(a.norms);
  addHistogram(norms, b.norms);
  const unknown = a.unknown === undefined || b.unknown === undefined ? undefined : a.unknown + b.unknown;
  const [sentences, tokens, long] = [a.sentences + b.sentences, a.tokens + b.tokens, a.long + b.long];
  return { sentences, tokens, long, unknown, norms };
}

/** What a model knows of the words and the lengths of its training. */
export interface Seen {
  knows(form: string): boolean | undefined;
  readonly longest: number;
}

/** Counts the passes over some sentences, as their probe. */
export class Counter implements Probe {
  private readonly sentences: readonly TokenSentence[];
  private readonly seen: Seen;
  private readonly norms = new Map<number, number>();

  constructor(sentences: readonly TokenSentence[], seen: Seen) {
    this.sentences = sentences;
    this.seen = seen;
  }

  states: Probe['states'] = (layer, vectors, run) => {
    if (layer === 'encoder') addNumbers(this.norms, rowNorms(vectors, run));
  };

  gate(): void {}

  get tally(): Tally {
    const { sentences, seen, norms } = this;
    let [tokens, long, unknown] = [0, 0, 0];
    // Words repeat, and looking one up takes longer than all else here.
    const known = new Map<string, boolean | undefined>();
    for (const { tokens: words } of sentences) {
      tokens += words.length;
      if (words.length > seen.longest) long++;
      for (const word of words) {
        if (!known.has(word)) known.set(word, seen.knows(word));
        if (known.get(word) === false) unknown++;
      }
    }
    const canTell = ![...known.values()].includes(undefined);
    const filled = sentences.filter(({ tokens }) => tokens.length > 0).length;
    return { sentences: filled, tokens, long, unknown: canTell ? unknown : undefined, norms };
  }
}
