/**
 * What a perceptron sees at a token: views of the words around it, each with its place, numbered while training. A view of a
 * word is worked out once for all the places that look at it.
 */
import { affixOf } from '../../embeddings/affix.js';
import { shapeOf } from '../../embeddings/shape.js';

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
type Views = Readonly<Record<ViewName, string>>;

/** A feature is the value of these views, each of a word so many places away. */
type Template = readonly (readonly [place: number, view: ViewName])[];

const templates: readonly Template[] = [
  ...(Object.keys(views) as ViewName[]).map((view): Template => [[0, view]]),
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

/** What is seen of a word that is not there, beyond the ends of a sentence. */
const EDGE = '\0';
const edge = Object.fromEntries(Object.keys(views).map((name) => [name, EDGE])) as Views;

export const FEATURES = templates.length;

/** Views of words, for as long as somebody goes through sentences. */
export type SeenWords = Map<string, Views>;

export class Features {
  /** By template: the numbers of its values. */
  private readonly numbers: readonly Map<string, number>[];
  private count = 0;

  constructor(numbers: readonly Map<string, number>[] = templates.map(() => new Map())) {
    this.numbers = numbers;
  }

  get size(): number {
    return this.count;
  }

  /** Numbers of the features of every token, FEATURES each; values that are new get the next ones. */
  add(tokens: readonly string[], seen: SeenWords): Int32Array {
    return this.encode(tokens, seen, (numbers, value) => {
      numbers.set(value, this.count);
      return this.count++;
    });
  }

  /** The same where nothing is learnt: −1 for what is new. */
  find(tokens: readonly string[], seen: SeenWords): Int32Array {
    return this.encode(tokens, seen, () => -1);
  }

  /** Only the features that have a row, numbered by it. */
  withRows(rowOf: (feature: number) => number): Features {
    const kept = this.numbers.map((numbers) => {
      const rows = new Map<string, number>();
      for (const [value, feature] of numbers) if (rowOf(feature) >= 0) rows.set(value, rowOf(feature));
      return rows;
    });
    return new Features(kept);
  }

  /** Plain data. */
  toJSON(): unknown {
    return this.numbers.map((numbers) => [...numbers.keys()]);
  }

  private encode(
    tokens: readonly string[],
    seen: SeenWords,
    unknown: (numbers: Map<string, number>, value: string) => number,
  ): Int32Array {
    const words = tokens.map((form) => viewsOf(form, seen));
    const features = new Int32Array(tokens.length * FEATURES);
    let at = 0;
    for (let i = 0; i < words.length; i++) {
      for (let t = 0; t < FEATURES; t++) {
        const value = featureValue(templates[t], words, i);
        const numbers = this.numbers[t];
        features[at++] = numbers.get(value) ?? unknown(numbers, value);
      }
    }
    return features;
  }
}

function viewsOf(form: string, seen: SeenWords): Views {
  const known = seen.get(form);
  if (known) return known;
  const made = Object.fromEntries(Object.entries(views).map(([name, view]) => [name, view(form)])) as Views;
  seen.set(form, made);
  return made;
}

function featureValue(template: Template, words: readonly Views[], i: number): string {
  const [place, view] = template[0];
  let value = (words[i + place] ?? edge)[view];
  for (let part = 1; part < template.length; part++) {
    const [place, view] = template[part];
    value += EDGE + (words[i + place] ?? edge)[view];
  }
  return value;
}
