/** A corpus that a small network learns by heart: `fox` is a name after a first name, and none after `the`. */
import { Arena } from '../../src/core/arena.js';
import { type Engine, engine as sharedEngine } from '../../src/core/engine.js';
import { Random } from '../../src/core/random.js';
import { Network } from '../../src/tagger/network.js';
import type { EncodedSentence } from '../../src/training/loop.js';
import { seed, seeded } from './arrays.js';
import { configOf, constraints, type NetworkSize, tags, vocabulariesOf } from './small-network.js';

type Sentence = readonly (readonly [word: string, tag: string])[];

const subjects: readonly Sentence[] = [
  ...['Ann', 'Bob', 'Cy', 'Di'].flatMap((first): Sentence[] => [
    [[first, 'S-X']],
    ...['fox', 'lee'].map(
      (last): Sentence => [
        [first, 'B-X'],
        [last, 'E-X'],
      ],
    ),
  ]),
  ...['fox', 'cat', 'lee'].map(
    (thing): Sentence => [
      ['the', 'O'],
      [thing, 'O'],
    ],
  ),
];

/** Subjects, and subjects that saw or met others. */
export const corpus: readonly Sentence[] = subjects.flatMap((subject, i) => {
  const random = seeded(i);
  const object = subjects[random.below(subjects.length)];
  return [subject, [...subject, [random.below(2) ? 'saw' : 'met', 'O'] as const, ...object]];
});

export interface TinyTask {
  readonly network: Network;
  readonly sentences: readonly EncodedSentence[];
  /** Percent of the tokens whose tag the network finds. */
  readonly accuracy: () => number;
}

/** A network with first values of this seed, and the corpus as it takes it. */
export async function tinyTask(
  size: NetworkSize = {},
  first = seed,
  engine: Engine = sharedEngine(),
): Promise<TinyTask> {
  const counts = new Map<string, number>();
  for (const [word] of corpus.flat()) counts.set(word, (counts.get(word) ?? 0) + 1);
  const config = configOf({ units: 8, dropout: 0.1, ...size });
  const vocabularies = await vocabulariesOf(config, { counts, place: {}, warn: () => {} });
  const network = Network.create(config, vocabularies, tags.length, constraints, engine);
  network.params.initialize(new Random(first));
  const sentences = corpus.map((sentence) => ({
    forms: network.forms.encode(sentence.map(([word]) => word)),
    tags: Int32Array.from(sentence, ([, tag]) => tags.indexOf(tag)),
  }));
  return { network, sentences, accuracy: () => accuracyOf(network, sentences) };
}

function accuracyOf(network: Network, sentences: readonly EncodedSentence[]): number {
  const arena = new Arena(network.engine.heap);
  const found = network.tag(
    sentences.map(({ forms }) => forms),
    arena,
  );
  arena.release();
  const right = sentences.flatMap(({ tags: gold }, s) => Array.from(gold, (tag, t) => tag === found[s][t]));
  return (100 * right.filter(Boolean).length) / right.length;
}
