/** Small corpora that a baseline can learn, and its training to the end. */

import type { BaselineKind, BaselineTask, TrainedBaseline } from '../../src/baselines/baseline.js';
import type { KindSchema } from '../../src/core/kind.js';
import type { LabelledSentence } from '../../src/corpus/labels.js';
import { encodeSpans } from '../../src/text/schemes.js';
import { randomSentences } from '../text/random-spans.js';
import { seed, seeded } from './arrays.js';
import { corpus as names } from './tiny-corpus.js';

type Pair = readonly [word: string, tag: string];

const sentenceOf = (pairs: readonly Pair[]): LabelledSentence => ({
  tokens: pairs.map(([word]) => word),
  tags: pairs.map(([, tag]) => tag),
});

/** A labelled sentence, written as word/TAG. */
export const labelled = (text: string): LabelledSentence =>
  sentenceOf(
    text
      .split(' ')
      .map((pair) => [pair.slice(0, pair.lastIndexOf('/')), pair.slice(pair.lastIndexOf('/') + 1)]),
  );

/** Some of them are words that every object of JavaScript has. */
const nouns = ['fox', 'river', 'constructor', '__proto__', 'walk', 'answer', 'paint'];
const verbs = ['see', 'hold', 'toString', 'walk', 'answer', 'paint'];
const adverbs = ['slowly', 'kindly', 'today'];

/** `walk` is a noun after a determiner and a verb after a pronoun. */
export function partsOfSpeech(count: number, ...stream: readonly number[]): LabelledSentence[] {
  const random = seeded(...stream);
  const any = (words: readonly string[], tag: string): Pair => [words[random.below(words.length)], tag];
  const thing = () => [any(['the', 'a'], 'DET'), any(nouns, 'NOUN')];
  const act = () => [any(['they', 'we'], 'PRON'), any(verbs, 'VERB')];
  const patterns = [
    () => thing(),
    () => [...act(), ...thing()],
    () => [...act(), any(adverbs, 'ADV')],
    () => [...thing(), any(adverbs, 'ADV'), ...act()],
  ];
  return Array.from({ length: count }, () => sentenceOf(patterns[random.below(patterns.length)]()));
}

/** `fox` is a name after a first name, and none after `the`. */
export const spans: readonly LabelledSentence[] = names.map(sentenceOf);

/** Random spans over few words, so that words and tags are in every combination; empty sentences among them. */
export function randomSpans(count: number, stream: number): LabelledSentence[] {
  const random = seeded(stream);
  return randomSentences(1000 * seed + stream, count).map(({ spans, length }) => ({
    tokens: Array.from({ length }, () => `w${random.below(6)}`),
    tags: encodeSpans(spans, length, 'bioes'),
  }));
}

/** Trains a kind with these options, defaults filled in, and reads its progress. */
export async function trained<S extends KindSchema>(
  kind: BaselineKind<S>,
  options: object,
  task: Partial<BaselineTask> & Pick<BaselineTask, 'train' | 'scheme'>,
): Promise<{ readonly model: TrainedBaseline; readonly progress: readonly string[] }> {
  const records = kind.train(kind.options.parse(options), { dev: [], seed, workers: 1, ...task });
  const progress: string[] = [];
  for (;;) {
    const { value, done } = await records.next();
    if (done) return { model: value, progress };
    progress.push(value.text);
  }
}

/** Percent of the tokens with the right tag. */
export function accuracyOf(model: TrainedBaseline, sentences: readonly LabelledSentence[]): number {
  const found = model.tag(sentences);
  const right = sentences.flatMap(({ tags }, s) => tags.map((tag, i) => tag === found[s][i]));
  return (100 * right.filter(Boolean).length) / right.length;
}
