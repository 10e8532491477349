/**
 * An averaged, structured perceptron: features of words and affixes in a window, pairs of neighbouring tags, the exact best
 * sequence in training and tagging. Of all epochs the one is kept whose average is best on dev.
 */
import { z } from 'zod';
import { Random } from '../../core/random.js';
import type { BaselineKind } from '../baseline.js';
import { devScore } from '../dev-score.js';
import { inTurns } from '../in-turns.js';
import { tagSetOf } from '../tag-set.js';
import { jsonBytes } from '../written-size.js';
import { Features, type SeenWords } from './features.js';
import { type Example, Learner } from './learner.js';
import { type Model, tagsOf } from './model.js';

export const perceptronOptions = z.strictObject({
  kind: z.literal('perceptron'),
  epochs: z.int().min(1).max(100).default(8),
});

export const perceptron: BaselineKind<typeof perceptronOptions> = {
  options: perceptronOptions,
  takesSpans: true,
  summary: 'averaged perceptron over words, affixes and neighbours, with Viterbi',

  async *train({ epochs }, task) {
    const { train, dev, seed, signal } = task;
    const tags = tagSetOf(task);
    const features = new Features();
    const examples: Example[] = [];
    const seen: SeenWords = new Map();
    for await (const sentences of inTurns(train, signal)) {
      for (const { tokens, tags: gold } of sentences) {
        examples.push({
          features: features.add(tokens, seen),
          gold: Int32Array.from(gold, tags.numberOf),
        });
      }
    }

    const seenInDev = dev.map(({ tokens }) => features.find(tokens, seen));

    const learner = new Learner(features.size, tags);
    const tokens = examples.reduce((sum, { gold }) => sum + gold.length, 0);
    let best: { readonly model: Model; readonly score: number } | undefined;
    for (let epoch = 1; epoch <= epochs; epoch++) {
      const order = new Random(seed, epoch).permutation(examples.length);
      let wrong = 0;
      for await (const numbers of inTurns([...order], signal)) {
        for (const number of numbers) wrong += learner.learn(examples[number]);
      }
      const model = learner.average();
      const predicted: string[][] = [];
      for await (const sentences of inTurns(seenInDev, signal)) {
        for (const sentence of sentences)
          predicted.push(namesOf(tagsOf(model, learner.rowsOf(sentence), tags)));
      }
      const score = devScore(task, predicted);
      // Without dev the last epoch is as good as any.
      if (!best || score > best.score || dev.length === 0) best = { model, score };
      const error = ((100 * wrong) / tokens).toFixed(2);
      yield {
        kind: 'progress',
        text: `epoch ${epoch} of ${epochs}: ${error} % wrong in train, dev ${score.toFixed(2)}`,
      };
    }

    const { model } = best!;
    // Rows that came after the best epoch are not in its model.
    const known = features.withRows((feature) => {
      const row = learner.rowOf(feature);
      return row < model.rows ? row : -1;
    });
    const parameters = model.features.length + model.transitions.length;
    return {
      parameters,
      bytes: jsonBytes([tags.names, known]) + 4 * parameters,
      tag(sentences) {
        const seen: SeenWords = new Map();
        return sentences.map(({ tokens }) => namesOf(tagsOf(model, known.find(tokens, seen), tags)));
      },
    };

    function namesOf(found: Int32Array): string[] {
      return Array.from(found, (tag) => tags.names[tag]);
    }
  },
};
