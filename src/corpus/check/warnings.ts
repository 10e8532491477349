/** What is likely a mistake, a line each: what it is, and what to do. */
import { basename } from 'node:path';
import { nearest } from '../../core/nearest.js';
import type { CorpusFindings } from './findings.js';
import { rareBelow } from './label-counts.js';
import { longestUsual } from './lengths.js';
import { share } from './sizes.js';
import { entriesOf } from './splits.js';
import { atMost, counted, percent, quoted } from './wording.js';

/** Short sentences ("Thank you .") come up everywhere; more than this share of a split is no chance. */
const usualLeakage = 0.05;

export function warningsOf(findings: CorpusFindings): string[] {
  return [empty, leaking, unlearnable, overlong, inconsistent, odd].flatMap((theme) => theme(findings));
}

function empty({ sizes, labels, ofSpans }: CorpusFindings): string[] {
  return entriesOf(sizes).flatMap(([split, { sentences }]) => {
    if (sentences === 0) return [`${split} has no sentences: give it some under corpus.files.${split}`];
    const isBare = labels.every(({ counts }) => !counts[split]);
    return isBare && ofSpans
      ? [`${split} has no entities, so nothing can be learnt or scored on it: check its files and its label`]
      : [];
  });
}

function leaking({ leakage }: CorpusFindings): string[] {
  return entriesOf(leakage)
    .filter(([, repeats]) => repeats.share > usualLeakage)
    .map(
      ([split, repeats]) =>
        `${percent(repeats.share)} of the sentences of ${split} are in train too, so its scores will be too good: ` +
        `take them out of train or ${split}`,
    );
}

function unlearnable({ labels, ofSpans }: CorpusFindings): string[] {
  const known = labels.filter(({ counts }) => counts.train > 0).map(({ label }) => label);
  const missing = labels.filter(({ counts }) => counts.train === 0);
  if (missing.length === 0) return [];
  const names = missing.map(({ label, counts }) => {
    const where = entriesOf<number>(counts).filter(([, count]) => count > 0);
    // Parts of speech are short: each is similar to others.
    const similar = ofSpans ? nearest(label, known) : undefined;
    const guess = similar ? `; ${similar}?` : '';
    return `${label} (${where.map(([split, count]) => `${count} in ${split}`).join(', ')}${guess})`;
  });
  return [
    `not in train, so the model can never predict it: ${atMost(10, names)}: ` +
      'correct a slip of spelling, or move some of its sentences to train',
  ];
}

function overlong({ lengths }: CorpusFindings): string[] {
  return entriesOf(lengths)
    .filter(([, { overlong }]) => overlong > 0)
    .map(
      ([split, { overlong }]) =>
        `${split} has ${counted(overlong, 'sentence')} of more than ${longestUsual} tokens: ` +
        'look whether blank lines are missing between sentences',
    );
}

/** Single tokens are another thing: most frequent words have several parts of speech. */
function inconsistent({ labels, inconsistencies, ofSpans }: CorpusFindings): string[] {
  if (!ofSpans) return [];
  return labels.flatMap(({ label, counts: { train } }) => {
    const count = inconsistencies.asWritten.byLabel[label] ?? 0;
    if (train < rareBelow || count <= train / 2) return [];
    return [
      `${percent(share(count, train))} of the ${label} in train have words that elsewhere in train carry another ` +
        'label or none: read through its inconsistent forms, and correct what was overlooked',
    ];
  });
}

function odd({ oddTokens: { tokens, first } }: CorpusFindings): string[] {
  if (!first) return [];
  const { text, split, sentence, token, place } = first;
  const where = place?.file
    ? `${basename(place.file)}:${place.line}`
    : `${split}, sentence ${sentence}, token ${token}`;
  return [
    `${counted(tokens, 'token')} empty or with white space inside, first ${quoted(text)} (${where}): ` +
      'check the separator of the columns, or take the white space out',
  ];
}
