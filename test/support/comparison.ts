/** Comparisons of systems that make errors by chance, on sentences of invented words; scored by the real functions. */

import type { Random } from '../../src/core/random.js';
import {
  breakdown,
  calibration,
  confusion,
  entityForms,
  errorKinds,
  exampleErrors,
  scoreInterval,
  scoreSystem,
  sentenceCounts,
  significance,
  spanErrors,
} from '../../src/evaluation/index.js';
import type { Comparison, ErrorExample, SystemReport } from '../../src/report/comparison.js';
import type { Scheme } from '../../src/text/schemes.js';
import { seeded } from './arrays.js';

/** Name, share of words that it gets wrong, tokens per second, epochs. */
type Profile = readonly [name: string, wrong: number, speed?: number, epochs?: number];

const profiles: readonly Profile[] = [
  ['tagger', 0.05, 21_400, 12],
  ['transformer', 0.052, 6_400, 8],
  ['crf', 0.12, 96_000, 20],
  ['perceptron', 0.17, 310_000, 6],
  ['majority', 0.3, 2_400_000],
];

const plainWords = [
  'the',
  'boat',
  'waits',
  'near',
  'a',
  'quiet',
  'mill',
  'where',
  'nobody',
  'sings',
  'of',
  'rain',
];
const entities: readonly (readonly [label: string, words: readonly string[]])[] = [
  ['RIVER', ['Olmera']],
  ['RIVER', ['Lower', 'Tisk']],
  ['TOWN', ['Brannow']],
  ['TOWN', ['Sankt', 'Vellin', 'am', 'Moor']],
  ['PERSON', ['Ida', 'Korvat']],
  ['PERSON', ['Jorun']],
  ['BOAT', ['Grey', 'Heron', 'II']],
];

interface Sentences {
  readonly words: string[][];
  readonly tags: string[][];
}

/** Entities of five systems. */
export const spanComparison = (names: Readonly<Record<string, string>> = {}): Comparison =>
  comparison('rivers', 'bio', spanSentences(seeded(71)), names);

/** Parts of speech by five systems. */
export const tokenComparison = (): Comparison =>
  comparison('small-talk', 'none', tokenSentences(seeded(72)), {});

function spanSentences(random: Random): Sentences {
  const pairs = Array.from({ length: 90 }, () => {
    const length = 2 + Math.floor(random.uniform() * 9);
    return Array.from({ length }, (): [string, string][] => {
      if (random.uniform() < 0.7) return [[pick(plainWords, random), 'O']];
      const [label, words] = pick(entities, random);
      return words.map((word, i) => [word, `${i === 0 ? 'B' : 'I'}-${label}`]);
    }).flat();
  });
  return { words: pairs.map((p) => p.map(([w]) => w)), tags: pairs.map((p) => p.map(([, t]) => t)) };
}

/** As many labels as Universal Dependencies have, so that tables are as wide. */
const universal = 'DET NOUN VERB ADP PRON ADJ ADV AUX CCONJ SCONJ PROPN PART NUM INTJ PUNCT SYM X'.split(' ');

function tokenSentences(random: Random): Sentences {
  const tagOf = new Map(universal.map((tag, i) => [plainWords[i] ?? `${plainWords[i % 12]}s`, tag]));
  const words = Array.from({ length: 90 }, () =>
    Array.from({ length: 3 + Math.floor(random.uniform() * 20) }, () => pick([...tagOf.keys()], random)),
  );
  return { words, tags: words.map((sentence) => sentence.map((word) => tagOf.get(word) ?? 'X')) };
}

function comparison(
  corpus: string,
  scheme: Scheme,
  { words, tags }: Sentences,
  names: Readonly<Record<string, string>>,
): Comparison {
  const isKnown = (word: string) => !/^[BST]/.test(word) && word !== 'mill';
  const test = { words, tags, scheme, isKnown };
  const known =
    scheme === 'none' ? {} : { entities: entityForms(words.slice(0, 20), tags.slice(0, 20), scheme) };
  const all = new Set(tags.flat());
  const scored = profiles.map((profile, i) => {
    const random = seeded(80 + i);
    const predicted = tags.map((column) =>
      column.map((tag) => (random.uniform() < profile[1] ? pick([...all], random) : tag)),
    );
    return { profile, random, ...scoreSystem(test, { tags: predicted, scheme }) };
  });
  const first = sentenceCounts(scored[0].sentences);
  const options = { resamples: 400 };
  const systems = scored.map(({ profile, random, scores, sentences }, i): SystemReport => {
    const [key, wrong, speed, epochs] = profile;
    const counts = sentenceCounts(sentences);
    const errors = spanErrors(sentences);
    const kinds = Object.keys(errorKinds) as ErrorExample['kind'][];
    return {
      name: names[key] ?? key,
      description: `an invented ${key}`,
      score: scoreInterval(counts, options),
      scores,
      breakdown: breakdown(sentences, { words, isKnown, ...known }),
      confusion: confusion(sentences),
      errors: {
        correct: errors.correct,
        counts: errors.counts,
        examples: kinds.flatMap((kind) => exampleErrors(errors, kind, 3)),
      },
      ...(i > 0 && { significance: significance(first, counts, options) }),
      ...(i < 2 && {
        calibration: calibration(
          sentences.map(({ gold }) => gold),
          sentences.map(({ predicted }) =>
            predicted.map((span) => ({ ...span, score: 1 - random.uniform() ** 2 * (0.4 + i / 4) })),
          ),
        ),
      }),
      ...(speed && {
        speed: {
          tokensPerSecond: speed,
          latency: { p50: 9000 / speed, p99: 31_000 / speed },
          peakBytes: 6e7 + 1e12 / speed,
        },
      }),
      size: { parameters: Math.round(4e9 / (speed ?? 1)), bytes: Math.round(1.61e10 / (speed ?? 1)) },
      training: {
        seconds: 5e6 / (speed ?? 1),
        ...(epochs && {
          curve: Array.from({ length: epochs }, (_, e) => ({
            epoch: e + 1,
            loss: 2 / (e + 1),
            score: 100 * (1 - wrong) - 40 / (e + 1),
          })),
        }),
      },
    };
  });
  const shown = new Set(systems.flatMap(({ errors }) => errors.examples.map(({ sentence }) => sentence)));
  return {
    version: 1,
    madeBy: '0.0.0',
    corpus: {
      name: corpus,
      label: scheme === 'none' ? 'pos' : 'ner',
      hasSpans: scheme !== 'none',
      split: 'test',
      sentences: words.length,
      tokens: words.flat().length,
    },
    machine: { cpu: 'Invented CPU', cores: 2, node: '20.0.0' },
    systems,
    sentences: [...shown].sort((a, b) => a - b).map((index) => ({ index, words: words[index] })),
  };
}

const pick = <T>(from: readonly T[], random: Random): T => from[Math.floor(random.uniform() * from.length)];
