/** Systems on the same sentences of one split: each tags them in its own process, one after the other, and all are scored alike. */
import { cpus } from 'node:os';
import { relay } from '../../core/relay.js';
import type { Split } from '../../corpus/load.js';
import {
  breakdown,
  calibration,
  confusion,
  type ErrorKind,
  entityForms,
  errorKinds,
  exampleErrors,
  type SentenceCounts,
  scoreInterval,
  scoreSystem,
  sentenceCounts,
  significance,
  spanErrors,
  type TaggedColumn,
  testSetOf,
} from '../../evaluation/index.js';
import type { Comparison, SystemReport } from '../../report/comparison.js';
import { goldDocuments } from '../../tagger/gold.js';
import { decodeSpans, parseTag, type Scheme } from '../../text/schemes.js';
import { version } from '../version.js';
import { type Entrant, named } from './entrants.js';
import type { Measured } from './measure.js';
import { runEntrant } from './run-entrant.js';
import type { Documents } from './system.js';

export interface Field {
  readonly corpus: Omit<Comparison['corpus'], 'sentences' | 'tokens' | 'hasSpans'>;
  /** What all are scored on, with gold tags in `scheme`. */
  readonly split: Split;
  readonly scheme: Scheme;
  /** What all have learnt from. */
  readonly train: Split;
}

export type CompareRecord =
  /** The system with this number, from 0, begins. */
  | { readonly kind: 'system'; readonly index: number; readonly name: string; readonly count: number }
  | { readonly kind: 'progress'; readonly name: string; readonly text: string }
  /** F1 or accuracy, in percent. */
  | {
      readonly kind: 'scored';
      readonly name: string;
      readonly metric: 'F1' | 'accuracy';
      readonly score: number;
    };

/** Throws what the systems throw, AbortError after the signal. */
export async function* compare(
  entrants: readonly Entrant[],
  field: Field,
  signal?: AbortSignal,
): AsyncGenerator<CompareRecord, Comparison> {
  const { sentences } = field.split;
  const judge = judgeOf(field);
  const metric = field.scheme === 'none' ? 'accuracy' : 'F1';
  const systems: SystemReport[] = [];
  let first: SentenceCounts | undefined;
  const work = { documents: documentsOf(field.split), scheme: field.scheme, labels: labelsOf(field) };
  for (const [index, { name, description, system }] of named(entrants).entries()) {
    yield { kind: 'system', index, name, count: entrants.length };
    const { tagged, run } = yield* relay(
      runEntrant(system, work, signal),
      (text): CompareRecord => ({ kind: 'progress', name, text }),
    );
    const { counts, ...judged } = judge(tagged, run?.measured.spans);
    systems.push({
      name,
      description,
      ...judged,
      ...(first && { significance: significance(first, counts) }),
      ...(run && measuresOf(run.measured, run.peakBytes)),
    });
    first ??= counts;
    yield { kind: 'scored', name, metric, score: judged.score.value };
  }
  const shown = new Set(systems.flatMap(({ errors }) => errors.examples.map(({ sentence }) => sentence)));
  return {
    version: 1,
    madeBy: version(),
    corpus: {
      ...field.corpus,
      hasSpans: field.scheme !== 'none',
      sentences: sentences.length,
      tokens: sentences.reduce((sum, { tokens }) => sum + tokens.length, 0),
    },
    machine: { cpu: cpus()[0]?.model.trim() ?? '', cores: cpus().length, node: process.versions.node },
    systems,
    sentences: [...shown].sort((a, b) => a - b).map((index) => ({ index, words: sentences[index].tokens })),
  };
}

/** All that is said of the tags of a system, and the counts that others are compared with. */
function judgeOf({ split, scheme, train }: Field) {
  const learnt = testSetOf(train.sentences, scheme);
  const seen = new Set(learnt.words.flat());
  const isKnown = (word: string) => seen.has(word);
  const test = testSetOf(split.sentences, scheme, isKnown);
  const { words } = test;
  const entities = scheme === 'none' ? undefined : entityForms(learnt.words, learnt.tags, scheme);
  const gold = test.tags.map((column) => decodeSpans(column, scheme));
  return (tagged: TaggedColumn, spans?: Measured['spans']) => {
    const { scores, sentences } = scoreSystem(test, tagged);
    const counts = sentenceCounts(sentences);
    const errors = spanErrors(sentences);
    return {
      counts,
      score: scoreInterval(counts),
      scores,
      breakdown: breakdown(sentences, { words, isKnown, entities }),
      confusion: confusion(sentences),
      errors: {
        correct: errors.correct,
        counts: errors.counts,
        examples: (Object.keys(errorKinds) as ErrorKind[]).flatMap((kind) => exampleErrors(errors, kind)),
      },
      ...(spans && { calibration: calibration(gold, spans) }),
    };
  };
}

function measuresOf({ tokensPerSecond, latency, size, training }: Measured, peakBytes: number) {
  return { speed: { tokensPerSecond, latency, peakBytes }, size, ...(training && { training }) };
}

/** The labels that the corpus annotates. */
function labelsOf({ train, split, scheme }: Field): string[] {
  const tags = new Set([train, split].flatMap(({ sentences }) => sentences.flatMap(({ tags }) => tags)));
  const labels = [...tags].flatMap((tag) => (scheme === 'none' ? tag : (parseTag(tag)?.label ?? [])));
  return [...new Set(labels)].filter((label) => label !== '').sort();
}

/** The sentences of each document, without what is to be found. */
const documentsOf = (split: Split): Documents =>
  goldDocuments(split).map((sentences) => sentences.map(({ tokens, columns }) => ({ tokens, columns })));
