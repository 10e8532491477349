/**
 * Invented text with the proportions of newswire: a language of made-up words with Zipf frequencies (Mandelbrot's
 * form), sentences of 14.5 tokens in the mean and 1 to 100, names of one to three tokens. No corpus is needed, and the
 * figures do not depend on one.
 */
import { Random } from '../dist/core/random.js';

/** Word forms of the language. */
const FORMS = 60_000;
/** Lengths are log-normal: mean 14.5, standard deviation 11, as in CoNLL-2003. */
const LENGTH = { mean: 14.5, sigma: 0.7, longest: 100 };

const onsets = ['b', 'c', 'd', 'f', 'g', 'h', 'l', 'm', 'n', 'p', 'r', 's', 't', 'v', 'st', 'tr', 'w', ''];
const nuclei = ['a', 'e', 'i', 'o', 'u', 'ea', 'ou'];
const codas = ['', '', 'n', 'r', 's', 't', 'l'];
const types = ['PER', 'LOC', 'ORG', 'MISC'];

export interface InventedSentence {
  readonly tokens: readonly string[];
  /** BIOES. */
  readonly tags: readonly string[];
}

/** The 17 BIOES tags of four types. */
export const tagSet: readonly string[] = [
  'O',
  ...types.flatMap((type) => ['B', 'I', 'E', 'S'].map((role) => `${role}-${type}`)),
].sort();

/** Sentences, others for every seed, in the same language. */
export function inventSentences(count: number, seed: number): InventedSentence[] {
  const random = new Random(seed);
  const { forms, cumulative } = language();
  return Array.from({ length: count }, () => {
    const length = sentenceLength(random);
    const ranks = Array.from({ length: length - 1 }, () => find(cumulative, random.uniform()));
    const words = ranks.map((rank) => forms[rank]);
    const first = words.length > 0 ? [capital(words[0]), ...words.slice(1)] : [];
    return { tokens: [...first, '.'], tags: [...tagsOf(ranks), 'O'] };
  });
}

/** The sentences as raw text: commas and full stops stand on their words. */
export function textOf(sentences: readonly InventedSentence[]): string {
  return sentences.map(({ tokens }) => tokens.join(' ').replace(/ ([.,])/g, '$1')).join(' ');
}

/** One word in nine begins a name, by its rank alone: so there is something to learn. */
function tagsOf(ranks: readonly number[]): string[] {
  const tags: string[] = [];
  while (tags.length < ranks.length) {
    const rank = ranks[tags.length];
    if (rank % 9 !== 4) tags.push('O');
    else {
      const length = Math.min(1 + (rank % 3), ranks.length - tags.length);
      const type = types[rank % types.length];
      const roles = length === 1 ? 'S' : `B${'I'.repeat(length - 2)}E`;
      tags.push(...Array.from(roles, (role) => `${role}-${type}`));
    }
  }
  return tags;
}

function sentenceLength(random: Random): number {
  const normal = Math.sqrt(-2 * Math.log(1 - random.uniform())) * Math.cos(2 * Math.PI * random.uniform());
  const mu = Math.log(LENGTH.mean) - LENGTH.sigma ** 2 / 2;
  return Math.min(LENGTH.longest, Math.max(1, Math.round(Math.exp(mu + LENGTH.sigma * normal))));
}

interface Language {
  /** By rank, all different. */
  readonly forms: readonly string[];
  /** Probability of all ranks up to this one. */
  readonly cumulative: Float64Array;
}

let made: Language | undefined;

function language(): Language {
  made ??= { forms: inventForms(), cumulative: zipf() };
  return made;
}

function zipf(): Float64Array {
  const cumulative = Float64Array.from({ length: FORMS }, (_, rank) => 1 / (rank + 2.7));
  for (let i = 1; i < FORMS; i++) cumulative[i] += cumulative[i - 1];
  return cumulative.map((value) => value / cumulative[FORMS - 1]);
}

function find(cumulative: Float64Array, value: number): number {
  let [low, high] = [0, cumulative.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (cumulative[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** All word forms of the language, by rank. */
export function inventForms(): string[] {
  const forms = new Set([',']);
  const random = new Random(1);
  while (forms.size < FORMS) forms.add(inventForm(forms.size, random));
  return [...forms];
}

/** Frequent words are short; among the others are names and numbers. */
function inventForm(rank: number, random: Random): string {
  if (rank > 100 && random.uniform() < 0.06) return String(random.below(rank * 10));
  const syllables = rank < 150 ? 1 : 1 + random.below(3) + (rank > 3000 ? 1 : 0);
  const pick = (from: readonly string[]) => from[random.below(from.length)];
  const word = Array.from({ length: syllables }, () => pick(onsets) + pick(nuclei) + pick(codas)).join('');
  return rank > 100 && random.uniform() < 0.3 ? capital(word) : word;
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
