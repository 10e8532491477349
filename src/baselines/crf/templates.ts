/**
 * What a token shows of itself and of its neighbours. A template looks at one place of the window, or at two neighbouring words,
 * and finds a key there; the features that it reads follow from the key alone, so that they are worked out once for all tokens
 * that have the same: some ten thousand words, instead of some hundred thousand tokens.
 */
import { shapeOf } from '../../embeddings/shape.js';

export interface TemplateOptions {
  /** Words to either side whose form and shape count. */
  readonly window: number;
  /** The longest prefix and suffix, in code points. */
  readonly affixes: number;
}

/** Words by numbers; 0 stands for what is beyond the edges of a sentence. */
export class Words {
  private readonly ids = new Map<string, number>();
  private readonly texts: (string | undefined)[] = [undefined];

  encode(words: readonly string[]): Int32Array {
    return Int32Array.from(words, (word) => {
      let id = this.ids.get(word);
      if (id === undefined) {
        id = this.texts.length;
        this.ids.set(word, id);
        this.texts.push(word);
      }
      return id;
    });
  }

  /** Undefined beyond the edges. */
  text(id: number): string | undefined {
    return this.texts[id];
  }
}

export interface Template {
  /** At token t of a sentence. */
  keyAt(sentence: Int32Array, t: number): number;
  /** The names of the features of a key. */
  names(key: number, words: Words): readonly string[];
}

/** Above all numbers of words; the product of two stays exact. */
const RADIX = 2 ** 26;

export function templatesOf({ window, affixes }: TemplateOptions): Template[] {
  const neighbours = Array.from({ length: window }, (_, i) => [i + 1, -i - 1]).flat();
  return [
    place(0, (word) => ownFeatures(word, affixes)),
    ...neighbours.map((offset) => place(offset, neighbourFeatures)),
    ...(window > 0 ? [pair(-1), pair(0)] : []),
  ];
}

function place(offset: number, features: (word: string) => string[]): Template {
  return {
    keyAt: (sentence, t) => sentence[t + offset] ?? 0,
    names: (key, words) => {
      const word = words.text(key);
      return word === undefined ? ['edge'] : features(word);
    },
  };
}

/** The word at an offset and the one behind it. */
function pair(offset: number): Template {
  return {
    keyAt: (sentence, t) => (sentence[t + offset] ?? 0) * RADIX + (sentence[t + offset + 1] ?? 0),
    names: (key, words) => {
      const both = [Math.floor(key / RADIX), key % RADIX].map((id) => words.text(id)?.toLowerCase() ?? '');
      return [both.join('\t')];
    },
  };
}

/** Of the word itself; every word has the first, for how frequent tags are. */
function ownFeatures(word: string, affixes: number): string[] {
  const characters = Array.from(word);
  const upTo = Array.from({ length: affixes }, (_, i) => i + 1);
  const lengths = upTo.slice(0, characters.length);
  return [
    'bias',
    ...neighbourFeatures(word),
    `lower=${word.toLowerCase()}`,
    ...lengths.map((length) => `prefix=${characters.slice(0, length).join('')}`),
    ...lengths.map((length) => `suffix=${characters.slice(-length).join('')}`),
    ...upTo.slice(characters.length).map((length) => `shorter than ${length}`),
    ...flags.map(([name, pattern]) => `${name}=${pattern.test(word)}`),
  ];
}

const flags: readonly (readonly [name: string, pattern: RegExp])[] = [
  ['digit', /\p{Nd}/u],
  ['number', /^[.,:/-]*\p{Nd}[\p{Nd}.,:/-]*$/u],
  ['hyphen', /-/],
  ['title', /^\p{Lu}/u],
  ['upper', /^(?=.*\p{Lu})\P{Ll}+$/u],
  ['capital inside', /.\p{Lu}/u],
  ['no letter', /^\P{L}*$/u],
];

function neighbourFeatures(word: string): string[] {
  return [`word=${word}`, `shape=${shapeOf(word)}`];
}
