/**
 * The structured perceptron (Collins 2002): tag a sentence, and where the tags are wrong add 1 to the weights of what the right
 * ones have and take 1 from those of what was found. Its model is the average of the weights after every sentence.
 */
import type { TagSet } from '../tag-set.js';
import { AveragedWeights } from './averaged-weights.js';
import { FEATURES } from './features.js';
import { firstTransitions, type Model, tagsOf } from './model.js';

/** A sentence of train by numbers. */
export interface Example {
  /** FEATURES a token. */
  readonly features: Int32Array;
  readonly gold: Int32Array;
}

export class Learner {
  private readonly tags: TagSet;
  /** The number of what stands before the first token and after the last one. */
  private readonly edge: number;
  private readonly features: AveragedWeights;
  private readonly transitions: AveragedWeights;
  /** By feature, −1 where it has never changed. */
  private readonly rows: Int32Array;
  private steps = 0;

  /** `features`: how many there are. */
  constructor(features: number, tags: TagSet) {
    this.tags = tags;
    this.edge = tags.names.length;
    this.features = new AveragedWeights(this.edge);
    this.transitions = new AveragedWeights(this.edge + 1);
    for (const row of firstTransitions(tags)) this.transitions.addRow(row);
    this.rows = new Int32Array(features).fill(-1);
  }

  /** The row of a feature, −1 where it has none. */
  rowOf(feature: number): number {
    return feature < 0 ? -1 : this.rows[feature];
  }

  rowsOf(features: Int32Array): Int32Array {
    return features.map((feature) => this.rowOf(feature));
  }

  /** The tags that the weights as they are find for a sentence. */
  find(features: Int32Array): Int32Array {
    const model = { features: this.features.values, transitions: this.transitions.values };
    return tagsOf(model, this.rowsOf(features), this.tags);
  }

  /** Learns from a sentence; returns how many of its tags were wrong. */
  learn({ features, gold }: Example): number {
    const found = this.find(features);
    let wrong = 0;
    for (let i = 0; i <= gold.length; i++) {
      const [was, is] = [found[i - 1] ?? this.edge, gold[i - 1] ?? this.edge];
      const [wasNext, isNext] = [found[i] ?? this.edge, gold[i] ?? this.edge];
      if (was === is && wasNext === isNext) continue;
      this.transitions.change(is, isNext, 1, this.steps);
      this.transitions.change(was, wasNext, -1, this.steps);
      if (wasNext === isNext) continue;
      wrong++;
      for (let f = i * FEATURES; f < (i + 1) * FEATURES; f++) {
        const row = this.changingRow(features[f]);
        this.features.change(row, isNext, 1, this.steps);
        this.features.change(row, wasNext, -1, this.steps);
      }
    }
    this.steps++;
    return wrong;
  }

  /** The average of all steps so far, at least one. Its rows are those of `rowOf`. */
  average(): Model {
    return {
      rows: this.features.rows,
      features: this.features.average(this.steps),
      transitions: this.transitions.average(this.steps),
    };
  }

  private changingRow(feature: number): number {
    if (this.rows[feature] < 0) this.rows[feature] = this.features.addRow();
    return this.rows[feature];
  }
}
