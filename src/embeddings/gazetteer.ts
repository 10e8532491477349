/**
 * Lists of names and terms: whether a token stands in an entry of a list, and where in it (Chiu and Nichols 2016). Of every type
 * a token is at the beginning of an entry, inside, at its end, an entry by itself, or in none; each type has its own columns,
 * since what is listed as a person may be listed as a place too, which one number a token could not tell. Of entries of a type that
 * overlap the longest counts, of equally long ones the first.
 */
import { z } from 'zod';
import { gradient } from '../core/run.js';
import { PhraseIndex, type PhraseMatch, type Trie, trieOf } from '../text/phrase-index.js';
import { StringIndex, unitsOf } from '../text/string-index.js';
import type { FillTracks } from '../text/tracks.js';
import type { EmbeddingKind } from './embedding.js';
import { firstRows } from './values.js';
import { readLists } from './word-lists.js';

/** One bit of a mark each. */
const MOST_TYPES = 30;
const path = z.string().min(1);

export const gazetteerOptions = z.strictObject({
  kind: z.literal('gazetteer'),
  /** Files with an entry a line by the type of what they list; several of a type are a list of paths. */
  lists: z
    .record(z.string().min(1), z.union([path, z.array(path).min(1)]))
    .refine((lists) => Object.keys(lists).length > 0, 'no list')
    .refine((lists) => Object.keys(lists).length <= MOST_TYPES, `more than ${MOST_TYPES} types`),
  /** Whether words must have the case of the list. */
  case: z.enum(['exact', 'lower']).default('exact'),
  /** Numbers for a type. */
  dim: z.int().min(1).max(1024).default(5),
});

export interface GazetteerVocabulary {
  readonly types: readonly string[];
  /** Phrases by the bits of the types that list them, sorted, one a line. */
  readonly phrases: Readonly<Record<string, string>>;
  /** Made of the phrases: all words, and the phrases by the numbers of their words. */
  readonly words: readonly string[];
  readonly trie: Trie;
}

const saved = z.strictObject({
  types: z.array(z.string()).max(MOST_TYPES),
  phrases: z.record(z.string().regex(/^\d+$/), z.string()),
});

const normalizers = {
  exact: (word: string) => word,
  lower: (word: string) => word.toLowerCase(),
};

export const gazetteer: EmbeddingKind<typeof gazetteerOptions, GazetteerVocabulary> = {
  options: gazetteerOptions,

  async learn({ lists, case: spelling }, { base, place, cut }) {
    const normalize = normalizers[spelling];
    const marks = await readLists(lists, { base, place, cut, normalize });
    const groups = new Map<number, string[]>();
    for (const [phrase, mark] of marks) {
      const group = groups.get(mark);
      if (group) group.push(phrase);
      else groups.set(mark, [phrase]);
    }
    const phrases = Array.from(groups, ([mark, group]) => [mark, group.sort().join('\n')]);
    return compiled(Object.keys(lists), Object.fromEntries(phrases));
  },

  sizes: ({ types, words, trie }) => ({
    types: types.length,
    words: words.length,
    units: unitsOf(words),
    nodes: trie.marks.length,
  }),

  create({ dim, case: spelling }, sizes, { params, name, tracks, vocabulary }) {
    const { types } = sizes;
    const rows = 1 + 4 * types;
    const table = params.claim(`${name}.table`, [rows, dim], firstRows);
    const index = StringIndex.reserve(params, sizes.words, sizes.units, () => vocabulary().words);
    const phrases = PhraseIndex.reserve(params, sizes.nodes, () => vocabulary().trie);
    const normalize = normalizers[spelling];
    const first = tracks.claim(types, (): FillTracks => {
      return ({ tokens }, lists) => {
        const words = tokens.map((token) => index.find(normalize(token)));
        writeMatches(phrases.matches(words), lists);
      };
    });
    return {
      width: types * dim,
      lookahead: Number.POSITIVE_INFINITY,
      forward(out, run) {
        const { kernels, batch } = run;
        const { tokens } = batch;
        const own = batch.tracks.slice(first, first + types);
        own.forEach((track, type) => {
          const to = out.address + 4 * type * dim;
          kernels.gather(tokens, dim, track, params.address(table), rows, 0, to, out.stride);
        });
        return (dout) => {
          const sums = gradient(run, table);
          own.forEach((track, type) => {
            const from = dout.address + 4 * type * dim;
            kernels.scatter_add(tokens, dim, track, from, dout.stride, sums);
          });
        };
      },
    };
  },

  save: ({ types, phrases }) => ({ json: { types, phrases } }),
  load(_options, json) {
    const { types, phrases } = saved.parse(json);
    return compiled(types, phrases);
  },
  describe: ({ dim }, { types, trie }) => {
    const entries = trie.marks.reduce((sum, mark) => sum + (mark === 0 ? 0 : 1), 0);
    return `gazetteer ${types.length} × ${dim} (${entries} entries)`;
  },
};

function compiled(types: readonly string[], phrases: GazetteerVocabulary['phrases']): GazetteerVocabulary {
  const numbers = new Map<string, number>();
  const numberOf = (word: string) => {
    let number = numbers.get(word);
    if (number === undefined) {
      number = numbers.size;
      numbers.set(word, number);
    }
    return number;
  };
  function* numbered() {
    for (const [mark, lines] of Object.entries(phrases)) {
      for (const line of lines.split('\n'))
        yield { words: line.split(' ').map(numberOf), mark: Number(mark) };
    }
  }
  const count = Object.values(phrases).reduce((sum, lines) => sum + wordsIn(lines), 0);
  const trie = trieOf(numbered(), count);
  return { types, phrases, words: [...numbers.keys()], trie };
}

function wordsIn(lines: string): number {
  let words = 1;
  for (let i = 0; i < lines.length; i++) if (lines[i] === ' ' || lines[i] === '\n') words++;
  return words;
}

/** Rows of the table for a token: 0 in no entry of the type, then four of each type. */
const rowOf = (type: number, place: 'begin' | 'inside' | 'end' | 'single') =>
  1 + 4 * type + ['begin', 'inside', 'end', 'single'].indexOf(place);

function writeMatches(matches: readonly PhraseMatch[], tracks: readonly Int32Array[]): void {
  const byLength = [...matches].sort((a, b) => b.end - b.first - (a.end - a.first) || a.first - b.first);
  for (const { first, end, mark } of byLength) {
    tracks.forEach((track, type) => {
      // One that is longer than another cannot lie between its ends.
      const isTaken = track[first] !== 0 || track[end - 1] !== 0;
      if ((mark & (1 << type)) === 0 || isTaken) return;
      if (end - first === 1) {
        track[first] = rowOf(type, 'single');
        return;
      }
      track.fill(rowOf(type, 'inside'), first, end);
      track[first] = rowOf(type, 'begin');
      track[end - 1] = rowOf(type, 'end');
    });
  }
}
