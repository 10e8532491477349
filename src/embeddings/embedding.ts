/** What a kind of embedding is: how it learns a vocabulary from the training words, and the layer it makes of it. */
import type { z } from 'zod';
import type { Place } from '../core/errors.js';
import type { KindSchema } from '../core/kind.js';
import type { Matrix } from '../core/matrix.js';
import type { Params } from '../core/params.js';
import type { Run } from '../core/run.js';
import type { FormFeatures } from '../text/forms.js';
import type { TrackFeatures } from '../text/tracks.js';

export interface Embedding {
  /** Columns that it fills. */
  readonly width: number;
  /** How many tokens behind it a row depends on; none where it is left out. */
  readonly lookahead?: number;
  /** Writes one row a token of the batch into out [N × width]; the backward function takes the gradient of out. */
  forward(out: Matrix, run: Run): (dout: Matrix) => void;
  /** Whether the form is one that training saw. */
  knows?(form: string): boolean;
}

/** Rows in half precision that are not parameters: pretrained vectors of words that training never saw. */
export interface HalfRows {
  readonly rows: number;
  readonly dim: number;
  readonly values: Uint16Array;
}

export interface CorpusColumns {
  readonly names: readonly string[];
  /** The column to learn, which no embedding may read. */
  readonly label: string;
  /** How often each value of a column occurs. */
  count(name: string): ReadonlyMap<string, number>;
}

export interface LearningContext {
  /** How often each form occurs in the training split; nothing else may enter a vocabulary. */
  readonly counts: ReadonlyMap<string, number>;
  /** The columns of the training split beside the one to learn: absent where nobody reads them. */
  readonly columns?: CorpusColumns;
  /** The words of a text as the tokenizer of the pipeline cuts it; for white space in between alone where absent. */
  readonly cut?: (text: string) => readonly string[];
  /** Folder that relative paths are relative to. */
  readonly base?: string;
  /** Where in the pipeline the embedding stands. */
  readonly place: Place;
  readonly warn: (text: string) => void;
}

/** Numbers that the shapes of a layer follow from. */
export type Sizes = Readonly<Record<string, number>>;

export interface CreationContext<Vocabulary> {
  readonly params: Params;
  /** Prefix of the names of its parameters. */
  readonly name: string;
  readonly forms: FormFeatures;
  readonly tracks: TrackFeatures;
  /**
   * For first values and for what is reserved with the parameters, so only ever called by these: other threads, which make
   * the same layer of the same memory, have no words.
   */
  readonly vocabulary: () => Vocabulary;
}

export interface EmbeddingKind<Schema extends KindSchema, Vocabulary> {
  readonly options: Schema;
  /** The columns of the input that it reads; none where absent. */
  columns?(options: z.output<Schema>): readonly string[];
  learn(options: z.output<Schema>, context: LearningContext): Promise<Vocabulary>;
  sizes(vocabulary: Vocabulary): Sizes;
  create(options: z.output<Schema>, sizes: Sizes, context: CreationContext<Vocabulary>): Embedding;
  /** The vocabulary as it stands in a model directory: JSON and, where there are any, rows in half precision. */
  save(vocabulary: Vocabulary): { readonly json: unknown; readonly halves?: HalfRows };
  /** The counterpart; throws a ZodError when the JSON is not what `save` writes. */
  load(options: z.output<Schema>, json: unknown, halves?: HalfRows): Vocabulary;
  /** One line for the log. */
  describe(options: z.output<Schema>, vocabulary: Vocabulary): string;
}
