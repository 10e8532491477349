/**
 * The features that training has seen often enough. Each has a number; features of one key (see templates.ts) always come
 * together, as a bundle.
 */
import { type Lists, listsOf, sharedCopy } from './lists.js';
import { type Template, type TemplateOptions, templatesOf, Words } from './templates.js';

/** A template, and the numbers of its features by their names. */
export interface FeatureTable {
  readonly template: Template;
  readonly ids: ReadonlyMap<string, number>;
}

export interface Learnt {
  readonly tables: readonly FeatureTable[];
  readonly features: number;
  /** Of every token, sentence by sentence. */
  readonly bundlesOfToken: Lists;
  readonly featuresOfBundle: Lists;
}

export interface FeatureOptions extends TemplateOptions {
  /** Features that are rarer in training are left out. */
  readonly minCount: number;
}

export function learnFeatures(sentences: readonly (readonly string[])[], options: FeatureOptions): Learnt {
  const words = new Words();
  const encoded = sentences.map((tokens) => words.encode(tokens));
  const bundles: number[][] = [];
  let features = 0;
  const found = templatesOf(options).map((template) => {
    const table = { template, ids: new Map<string, number>() };
    const bundleOf = new Map<number, number>();
    for (const [key, names] of namesOf(template, encoded, words, options.minCount)) {
      for (const name of names) if (!table.ids.has(name)) table.ids.set(name, features++);
      bundleOf.set(key, bundles.length);
      bundles.push(names.map((name) => table.ids.get(name)!));
    }
    return { table, bundleOf };
  });
  return {
    tables: found.map(({ table }) => table),
    features,
    bundlesOfToken: bundlesOf(encoded, found),
    featuresOfBundle: listsOf(bundles),
  };
}

function bundlesOf(
  sentences: readonly Int32Array[],
  found: readonly { readonly table: FeatureTable; readonly bundleOf: ReadonlyMap<number, number> }[],
): Lists {
  const [starts, bundles] = [[0], [] as number[]];
  for (const sentence of sentences) {
    for (let t = 0; t < sentence.length; t++) {
      for (const { table, bundleOf } of found) {
        const bundle = bundleOf.get(table.template.keyAt(sentence, t));
        if (bundle !== undefined) bundles.push(bundle);
      }
      starts.push(bundles.length);
    }
  }
  return { starts: sharedCopy(starts), values: sharedCopy(bundles) };
}

/** The keys that a template finds, with those names of their features that are frequent enough; none without any. */
function namesOf(
  template: Template,
  sentences: readonly Int32Array[],
  words: Words,
  minCount: number,
): [key: number, names: string[]][] {
  const keys = new Map<number, number>();
  for (const sentence of sentences) {
    for (let t = 0; t < sentence.length; t++) {
      const key = template.keyAt(sentence, t);
      keys.set(key, (keys.get(key) ?? 0) + 1);
    }
  }
  const counts = new Map<string, number>();
  const all = Array.from(keys, ([key, count]) => {
    const names = template.names(key, words);
    for (const name of names) counts.set(name, (counts.get(name) ?? 0) + count);
    return [key, names] as const;
  });
  return all
    .map(([key, names]): [number, string[]] => [
      key,
      names.filter((name) => (counts.get(name) ?? 0) >= minCount),
    ])
    .filter(([, names]) => names.length > 0);
}
