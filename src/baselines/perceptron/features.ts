/**
 * What a perceptron sees at a token: views of the words around it, each with its place, numbered while training. A view of a
 * word is worked out once for all the places that look at it.
 */
import { affixOf } from '../../embeddings/affix.js';
import { shapeOf } from '../../embeddings/shape.js';
import { Numbering } from '../numbering.js';

const affix = (side: 'prefix' | 'suffix', length: number) => (form: string) =>
  affixOf({ side, length }, form);

const views = {
  /** The same of every word: how frequent a tag is. */
  any: () => '',
  form: (form: string) => form,
  lower: (form: string) => form.toLowerCase(),
  shape: shapeOf,
  prefix1: affix('prefix', 1),
  prefix2: affix('prefix', 2),
  prefix3: affix('prefix', 3),
  prefix4: affix('prefix', 4),
  suffix1: affix('suffix', 1),
  suffix2: affix('suffix', 2),
  suffix3: affix('suffix', 3),
  suffix4: affix('suffix', 4),
} satisfies Record<string, (form: string) => string>;

type ViewName = keyof typeof views;
const viewNames = Object.keys(views) as ViewName[];
const makers = Object.values(views);

/** A feature is the value of one view or two, each of a word so many places away. */
type Part = readonly [place: number, view: ViewName];
type Template = readonly [Part, Part?];

const templates: readonly Template[] = [
  ...viewNames.map((view): Template => [[0, view]]),
  ...[-1, 1].flatMap((place): Template[] => [
    [[place, 'lower']],
    [[place, 'shape']],
    [[place, 'prefix3']],
    [[place, 'suffix3']],
  ]),
  ...[-2, 2].flatMap((place): Template[] => [[[place, 'lower']], [[place, 'suffix3']]]),
  [
    [-1, 'lower'],
    [0, 'lower'],
  ],
  [
    [0, 'lower'],
    [1, 'lower'],
  ],
];

/** The same with the numbers of the views; a template of one view has no second. */
const parts = templates.map((template) => {
  const [first, second] = template.map(
    (part) => part && { place: part[0], view: viewNames.indexOf(part[1]) },
  );
  return { first: first!, second };
});

export const FEATURES = templates.length;

/** What is seen of a word that is not there, beyond the ends of a sentence. */
const EDGE = '\0';

/** A value of a first view and of a second one in one number. */
const PAIR = 2 ** 26;

/** The numbers of the views of words, for as long as somebody goes through sentences; −1 for what is new. */
export type SeenWords = Map<string, Int32Array>;

export class Features {
  /** By view: its values. */
  private readonly values: readonly Numbering[];
  private readonly edge: Int32Array;
  /** By template: the numbers of its features, by those of their values. */
  private readonly numbers: readonly Map<number, number>[];
  private count = 0;

  constructor(
    values: readonly Numbering[] = makers.map(() => new Numbering()),
    numbers: readonly Map<number, number>[] = templates.map(() => new Map()),
  ) {
    this.values = values;
    this.numbers = numbers;
    this.edge = Int32Array.from(values, (view) => view.add(EDGE));
  }

  get size(): number {
    return this.count;
  }

  /** Numbers of the features of every token, FEATURES each; features that are new get the next ones. */
  add(tokens: readonly string[], seen: SeenWords): Int32Array {
    const words = this.look(tokens, seen, (values, value) => values.add(value));
    return this.encode(words, (numbers, key) => {
      numbers.set(key, this.count);
      return this.count++;
    });
  }

  /** The same where nothing is learnt: −1 for what is new. */
  find(tokens: readonly string[], seen: SeenWords): Int32Array {
    const words = this.look(tokens, seen, (values, value) => values.find(value));
    return this.encode(words, () => -1);
  }

  /** Only the features that have a row, numbered by it; `rowOf` gives −1 for the others. */
  withRows(rowOf: (feature: number) => number): Features {
    const kept = this.numbers.map((numbers) => {
      const rows = new Map<number, number>();
      for (const [key, feature] of numbers) if (rowOf(feature) >= 0) rows.set(key, rowOf(feature));
      return rows;
    });
    return new Features(this.values, kept);
  }

  /** Plain data. */
  toJSON(): unknown {
    return [this.values.map(({ names }) => names), this.numbers.map((numbers) => [...numbers.keys()])];
  }

  private look(
    tokens: readonly string[],
    seen: SeenWords,
    numberOf: (values: Numbering, value: string) => number,
  ): Int32Array[] {
    return tokens.map((form) => {
      const known = seen.get(form);
      if (known) return known;
      const made = Int32Array.from(makers, (view, v) => numberOf(this.values[v], view(form)));
      seen.set(form, made);
      return made;
    });
  }

  private encode(
    words: readonly Int32Array[],
    unknown: (numbers: Map<number, number>, key: number) => number,
  ): Int32Array {
    const features = new Int32Array(words.length * FEATURES);
    const at = (place: number) => words[place] ?? this.edge;
    for (let i = 0; i < words.length; i++) {
      for (let t = 0; t < FEATURES; t++) {
        const { first, second } = parts[t];
        let key = at(i + first.place)[first.view];
        // A new value, −1, makes a number that no feature has.
        if (second) key = key * PAIR + at(i + second.place)[second.view];
        features[i * FEATURES + t] = this.numbers[t].get(key) ?? unknown(this.numbers[t], key);
      }
    }
    return features;
  }
}
