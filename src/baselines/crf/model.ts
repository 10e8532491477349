/** A CRF that has been trained. */
import type { AllowedTransitions } from '../../text/schemes.js';
import type { TokenSentence } from '../../text/tracks.js';
import type { TrainedBaseline } from '../baseline.js';
import type { FeatureTable } from './features.js';
import type { Lists } from './lists.js';
import { Words } from './templates.js';
import { Viterbi } from './viterbi.js';

export class CrfModel implements TrainedBaseline {
  readonly parameters: number;
  readonly bytes: number;
  private readonly tags: readonly string[];
  private readonly tables: readonly FeatureTable[];
  private readonly tagsOfFeature: Lists;
  /** Those of features, numbered as in `tagsOfFeature`, then [K × K]. */
  private readonly weights: Float32Array;
  private readonly viterbi: Viterbi;

  constructor(
    tags: readonly string[],
    tables: readonly FeatureTable[],
    tagsOfFeature: Lists,
    weights: Float32Array,
    allowed: AllowedTransitions,
  ) {
    const k = tags.length;
    this.tags = tags;
    this.tables = tables;
    this.tagsOfFeature = tagsOfFeature;
    this.weights = weights;
    this.viterbi = new Viterbi(weights.subarray(weights.length - k * k), allowed);
    this.parameters = weights.length;
    const names = [...tags, ...tables.flatMap(({ ids }) => [...ids.keys()])];
    // Each name with a byte that ends it and its number of weights, each weight with its tag.
    const text = names.reduce((sum, name) => sum + Buffer.byteLength(name) + 1, 0);
    this.bytes =
      text + 4 * tagsOfFeature.starts.length + 2 * tagsOfFeature.values.length + weights.byteLength;
  }

  tag(sentences: readonly TokenSentence[]): string[][] {
    const words = new Words();
    const known = this.tables.map((table) => ({ table, sums: new Map<number, Float64Array>() }));
    return sentences.map(({ tokens }) => {
      const sentence = words.encode(tokens);
      const e = this.emissions(sentence, known, words);
      return this.viterbi.bestPath(e).map((tag) => this.tags[tag]);
    });
  }

  /** [T × K] Sums of the weights of what each token shows. `known` has those of the keys that were seen before. */
  private emissions(
    sentence: Int32Array,
    known: readonly { readonly table: FeatureTable; readonly sums: Map<number, Float64Array> }[],
    words: Words,
  ): Float64Array {
    const k = this.tags.length;
    const e = new Float64Array(sentence.length * k);
    for (const { table, sums } of known) {
      for (let t = 0; t < sentence.length; t++) {
        const key = table.template.keyAt(sentence, t);
        let sum = sums.get(key);
        if (!sum) {
          sum = this.sumOf(table, table.template.names(key, words));
          sums.set(key, sum);
        }
        for (let j = 0; j < k; j++) e[t * k + j] += sum[j];
      }
    }
    return e;
  }

  private sumOf({ ids }: FeatureTable, names: readonly string[]): Float64Array {
    const { starts, values: tags } = this.tagsOfFeature;
    const sum = new Float64Array(this.tags.length);
    for (const name of names) {
      const feature = ids.get(name);
      if (feature === undefined) continue;
      for (let w = starts[feature]; w < starts[feature + 1]; w++) sum[tags[w]] += this.weights[w];
    }
    return sum;
  }
}
