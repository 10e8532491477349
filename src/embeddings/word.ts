/**
 * A row of a table for every word. A form is looked up as it is, in lower case, with its digits as 0, and in lower case
 * with its digits as 0; then it is unknown (row 0). Rows come from pretrained vectors where these have the word.
 */
import { z } from 'zod';
import type { Initializer } from '../core/params.js';
import type { Run } from '../core/run.js';
import { StringIndex, unitsOf } from '../text/string-index.js';
import type {
  CreationContext,
  Embedding,
  EmbeddingKind,
  HalfRows,
  LearningContext,
  Sizes,
} from './embedding.js';
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
  /** A byte a trained row: whether training shows its word as unknown now and then. */
  const rare = params.reserve(trained, (address) => {
    params.heap.u8.fill(0, address, address + trained);
    for (const word of vocabulary().learned?.rare ?? []) params.heap.u8[address + (rowOf(word) ?? 0)] = 1;
  });
  /** The row of a form; of a word that training shows as unknown now and then, ~row. */
  const rowOfForm = forms.column(() => (form) => {
    const row = findRow(form, rowOf) ?? 0;
    return row < trained && params.heap.u8[rare + row] === 1 ? ~row : row;
  });

  /** Rows of the batch's tokens, i32 [N]. */
  const batchRows = (run: Run): number => {
    const random = run.random?.fork();
    const { tokens, forms } = run.batch;
    const address = run.arena.words(tokens);
    const { i32 } = run.arena.heap;
    const [from, to] = [rowOfForm.address >>> 2, address >>> 2];
    for (let i = 0; i < tokens; i++) {
      const row = i32[from + forms[i]];
      if (row >= 0) i32[to + i] = row;
      else i32[to + i] = random && random.uniform() < options.unknown ? 0 : ~row;
    }
    return address;
  };

  return {
    width: dim,
    knows: (form) => [form, zeroDigits(form)].some((word) => (rowOf(word) ?? trained) < trained),
    forward(out, run) {
      const { kernels, arena, batch } = run;
      const n = batch.tokens;
      const ids = batchRows(run);
      const address = params.tableAddress(table);
      kernels.gather(n, dim, ids, address, trained, halfRows, out.address, out.stride);
      return (dout) => {
        if (!options.tune) return;
        const touched = distinctRows(run, ids, trained);
        const values = arena.zeros(touched.count * dim);
        kernels.scatter_add(n, dim, touched.slots, dout.address, dout.stride, values);
        run.tableGradients.push({ table, count: touched.count, ids: touched.ids, values });
      };
    },
  };
}

/** The distinct trained rows of a batch, and for every token which of them is its row (−1: a kept one, which never changes). */
function distinctRows(run: Run, ids: number, trained: number): { ids: number; slots: number; count: number } {
  const { tokens } = run.batch;
  const slots = run.arena.words(tokens);
  const distinct = run.arena.words(tokens);
  const view = run.arena.heap.i32;
  const seen = new Map<number, number>();
  for (let i = 0; i < tokens; i++) {
    const row = view[(ids >>> 2) + i];
    let slot = row < trained ? seen.get(row) : -1;
    if (slot === undefined) {
      slot = seen.size;
      seen.set(row, slot);
      view[(distinct >>> 2) + slot] = row;
    }
    view[(slots >>> 2) + i] = slot;
  }
  return { ids: distinct, slots, count: seen.size };
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
