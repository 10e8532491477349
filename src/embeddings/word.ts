/**
 * A row of a table for every word. A form is looked up as it is, in lower case, with its digits as 0, and in lower case
 * with its digits as 0; then it is unknown (row 0). Rows come from pretrained vectors where these have the word.
 */
import { z } from 'zod';
import type { Initializer } from '../core/params.js';
import { StringIndex, unitsOf } from '../text/string-index.js';
import type {
  CreationContext,
  Embedding,
  EmbeddingKind,
  HalfRows,
  LearningContext,
  Sizes,
} from './embedding.js';
import { lookUp, markRare, numbersOfForms, shownRows } from './rows.js';
import type { WordVectors } from './vectors/index.js';

export const wordOptions = z.strictObject({
  kind: z.literal('word'),
  /** Width of a vector; that of the pretrained vectors where they are given. */
  dim: z.int().min(1).max(4096).default(100),
  /** Pretrained vectors: `glove-100d` or the path of a file; without, vectors start random. */
  vectors: z.string().min(1).optional(),
  /** Whether training changes the vectors of the training words. */
  tune: z.boolean().default(true),
  /** How many of the pretrained words that training never saw keep their row at inference. */
  keep: z.union([z.literal('all'), z.int().min(0)]).default('all'),
  /** Words seen less often than this in training, and without a pretrained vector, count as unknown. */
  minCount: z.int().min(1).default(1),
  /** Probability that training shows a word that occurs once and has no pretrained vector as the unknown word. */
  unknown: z.number().min(0).max(1).default(0.5),
  /** Probability that training shows any word as the unknown word. */
  dropout: z.number().min(0).lt(1).default(0),
});

export type WordOptions = z.infer<typeof wordOptions>;

export interface WordVocabulary {
  /** Words of the trained rows 1, 2, …; row 0 is the unknown word. */
  readonly words: readonly string[];
  /** Words of the pretrained rows behind them, and these rows. */
  readonly kept: readonly string[];
  readonly halves: HalfRows;
  /** Only while training: first rows, and the words that are now and then shown as unknown. */
  readonly learned?: { readonly vectors?: WordVectors; readonly rare: ReadonlySet<string> };
}

const savedVocabulary = z.strictObject({ words: z.array(z.string()), kept: z.array(z.string()) });

function zeroDigits(form: string): string {
  return form.replace(/\p{Nd}/gu, '0');
}

/** The spellings under which a form is looked up, in order. */
export function* spellings(form: string): Generator<string> {
  yield form;
  const lower = form.toLowerCase();
  yield lower;
  yield zeroDigits(form);
  yield zeroDigits(lower);
}

function findRow(form: string, row: (spelling: string) => number | undefined): number | undefined {
  for (const spelling of spellings(form)) {
    const found = row(spelling);
    if (found !== undefined && found >= 0) return found;
  }
  return undefined;
}

/** Words of the vocabulary with their counts: forms that vectors know are kept apart, the others share a row per shape of digits. */
function countWords(counts: ReadonlyMap<string, number>, vectors?: WordVectors): Map<string, number> {
  const words = new Map<string, number>();
  for (const [form, count] of counts) {
    const known = vectors && (vectors.row(form) >= 0 || vectors.row(form.toLowerCase()) >= 0);
    const word = known ? form : zeroDigits(form);
    words.set(word, (words.get(word) ?? 0) + count);
  }
  return words;
}

/** Loaded on request: only training opens vectors. */
async function vectorsOf(
  reference: string,
  expectedDim: number,
  { base, place }: LearningContext,
): Promise<WordVectors> {
  const { openVectors } = await import('./vectors/index.js');
  return openVectors(reference, { base, expectedDim, place });
}

async function learn(options: WordOptions, context: LearningContext): Promise<WordVocabulary> {
  const vectors = options.vectors ? await vectorsOf(options.vectors, options.dim, context) : undefined;
  for (const warning of vectors?.warnings ?? []) context.warn(warning);
  const hasVector = (word: string) =>
    vectors !== undefined && findRow(word, (s) => vectors.row(s)) !== undefined;
  const counted = [...countWords(context.counts, vectors)]
    .filter(([word, count]) => count >= options.minCount || hasVector(word))
    .sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
  const words = counted.map(([word]) => word);
  const rare = new Set(counted.filter(([word, n]) => n === 1 && !hasVector(word)).map(([word]) => word));
  return { words, ...keepRows(options, new Set(words), vectors), learned: { vectors, rare } };
}

/** The first `keep` rows of the vectors whose words training does not have. */
function keepRows(options: WordOptions, words: ReadonlySet<string>, vectors?: WordVectors) {
  const kept: string[] = [];
  const rows: number[] = [];
  const limit = options.keep === 'all' ? Number.POSITIVE_INFINITY : options.keep;
  for (let row = 0; row < (vectors?.size ?? 0) && kept.length < limit; row++) {
    const word = vectors?.word(row) ?? '';
    if (words.has(word)) continue;
    kept.push(word);
    rows.push(row);
  }
  const values = new Uint16Array(rows.length * options.dim);
  rows.forEach((row, i) => {
    if (vectors) values.set(vectors.half(row), i * options.dim);
  });
  return { kept, halves: { rows: rows.length, dim: options.dim, values } };
}

/** Pretrained rows where there are any, else uniform in ±√(3 / dim), which has the variance of a unit vector's entries. */
function firstRows(words: readonly string[], vectors?: WordVectors): Initializer {
  return (values, [rows, dim], random) => {
    const range = Math.sqrt(3 / dim);
    for (let row = 0; row < rows; row++) {
      const found = row > 0 && vectors ? findRow(words[row - 1], (s) => vectors.row(s)) : undefined;
      if (found !== undefined) vectors?.read(found, values, row * dim);
      else for (let j = 0; j < dim; j++) values[row * dim + j] = (2 * random.uniform() - 1) * range;
    }
  };
}

/** Words by row: 1 … for those of training, then the kept ones. */
const wordsByRow = ({ words, kept }: WordVocabulary): readonly string[] => [...words, ...kept];

function create(options: WordOptions, sizes: Sizes, context: CreationContext<WordVocabulary>): Embedding {
  const { params, forms, vocabulary } = context;
  const { dim } = options;
  const { trained, kept, units } = sizes;
  const firstValues: Initializer = (...given) => {
    const { words, learned } = vocabulary();
    firstRows(words, learned?.vectors)(...given);
  };
  const table = params.claimTable(`${context.name}.table`, trained, dim, options.tune, firstValues);
  const halfRows = params.reserve(kept * dim * 2, (address) => {
    params.heap.u16.set(vocabulary().halves.values, address >>> 1);
  });
  const index = StringIndex.reserve(params, trained - 1 + kept, units, () => wordsByRow(vocabulary()));
  const rowOf = (spelling: string) => index.find(spelling) + 1 || undefined;
  const numberOf = markRare(params, trained, () =>
    Array.from(vocabulary().learned?.rare ?? [], (word) => rowOf(word) ?? 0),
  );
  const numbers = forms.column(() => (form) => numberOf(findRow(form, rowOf) ?? 0));

  return {
    width: dim,
    knows: (form) => [form, zeroDigits(form)].some((word) => (rowOf(word) ?? trained) < trained),
    forward(out, run) {
      const rows = shownRows(numbersOfForms(numbers, run), options, run);
      return lookUp({ table, params, halves: halfRows }, rows, out, run);
    },
  };
}

export const word: EmbeddingKind<typeof wordOptions, WordVocabulary> = {
  options: wordOptions,
  learn,
  sizes: ({ words, kept }) => ({
    trained: words.length + 1,
    kept: kept.length,
    units: unitsOf(words) + unitsOf(kept),
  }),
  create,
  save: ({ words, kept, halves }) => ({
    json: { words, kept },
    halves: halves.rows > 0 ? halves : undefined,
  }),
  load({ dim }, json, halves = { rows: 0, dim, values: new Uint16Array(0) }) {
    const fits = ({ kept }: { kept: readonly string[] }) => kept.length === halves.rows && halves.dim === dim;
    const message = `does not fit the kept rows of the weights, which are [${halves.rows},${halves.dim}]`;
    return { ...savedVocabulary.refine(fits, { message, path: ['kept'] }).parse(json), halves };
  },
  describe: (options, { words, kept, learned }) => {
    const source = learned?.vectors ? `${learned.vectors.name}, ${kept.length} more kept` : 'random';
    return `word ${options.dim} (${words.length} words, ${source})`;
  },
};
