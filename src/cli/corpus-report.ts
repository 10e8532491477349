/** What was found in a corpus, as text for people. */
import type { InconsistentForm } from '../corpus/check/consistency.js';
import type { CorpusFindings } from '../corpus/check/findings.js';
import { rareBelow } from '../corpus/check/label-counts.js';
import { type Lengths, longestUsual } from '../corpus/check/lengths.js';
import type { Repeats } from '../corpus/check/repeats.js';
import { entriesOf, type HeldOut } from '../corpus/check/splits.js';
import { atMost, counted, percent } from '../corpus/check/wording.js';
import type { MisalignedEntity } from '../corpus/misaligned.js';
import { shortPath } from '../pipeline/find.js';
import { formatColumns } from './columns.js';
import { formatMisaligned } from './misaligned-table.js';

export interface CorpusReport extends CorpusFindings {
  readonly corpus: string;
  /** The column with the labels. */
  readonly column: string;
  /** How the files write their tags. */
  readonly notation: string;
  readonly misaligned: readonly MisalignedEntity[];
  readonly warnings: readonly string[];
}

/** Part-of-speech sets have hundreds of labels; all of them are in the JSON. */
const mostLabels = 40;
const mostNames = 20;

export function formatCorpusCheck(report: CorpusReport): string {
  const themes = [head, sizes, labels, repeats, inconsistencies, misaligned, warnings];
  return themes
    .map((theme) => theme(report))
    .filter((text) => text !== '')
    .join('\n\n');
}

function head({ corpus, column, notation, labels, ofSpans }: CorpusReport): string {
  const written = ofSpans ? `spans in ${notation} → BIOES` : 'labels of single tokens';
  return `${corpus}: column ${column}, ${written}, ${counted(labels.length, 'label')}`;
}

function sizes({ sizes, lengths }: CorpusReport): string {
  const rows = entriesOf(sizes).map(([split, { sentences, tokens, forms, newShare }]) => {
    const isNew = split === 'train' ? '' : percent(newShare);
    const { median, p95 } = lengths[split] as Lengths;
    return [split, ...[sentences, tokens, forms, isNew, median, p95].map(String)];
  });
  const table = [['split', 'sentences', 'tokens', 'forms', 'new tokens', 'median length', '95 %'], ...rows];
  const longest = entriesOf(lengths).map(([split, { longest }]) => `${split} ${longestText(longest)}`);
  const long = entriesOf(lengths).map(([split, { overlong }]) => `${split} ${overlong}`);
  return [
    formatColumns(table),
    `longest sentence: ${longest.join(', ')}`,
    `sentences of more than ${longestUsual} tokens: ${long.join(', ')}`,
  ].join('\n');
}

function longestText(longest: Lengths['longest']): string {
  if (!longest) return 'none';
  const { tokens, sentence, place } = longest;
  const where = place?.file
    ? `${shortPath(place.file, process.cwd())}:${place.line}`
    : `sentence ${sentence}`;
  return `${counted(tokens, 'token')} (${where})`;
}

function labels({ labels, sizes, ofSpans }: CorpusReport): string {
  const splits = entriesOf(sizes).map(([split]) => split);
  const others = splits.filter((split) => split !== 'train');
  const rows = labels
    .slice(0, mostLabels)
    .map(({ label, counts, seen }) => [
      label,
      ...splits.map((split) => String(counts[split])),
      ...others.map((split) => (seen[split] === undefined ? '' : percent(seen[split]))),
    ]);
  const table = [
    [ofSpans ? 'spans' : 'tokens', ...splits, ...others.map((split) => `${split} seen`)],
    ...rows,
  ];
  const names = (wanted: (train: number) => boolean) =>
    atMost(
      mostNames,
      labels.filter(({ counts }) => wanted(counts.train)).map(({ label }) => label),
    ) || 'none';
  return [
    formatColumns(table),
    ...(labels.length > mostLabels ? [`${counted(labels.length - mostLabels, 'more label')}: --json`] : []),
    ...(others.length > 0 ? ['seen: train has the same words with the same label'] : []),
    `rare, fewer than ${rareBelow} in train: ${names((train) => train > 0 && train < rareBelow)}`,
    ...(others.length > 0 ? [`not in train, never predicted: ${names((train) => train === 0)}`] : []),
  ].join('\n');
}

function repeats({ duplicates, leakage }: CorpusReport): string {
  const lines = [`sentences that repeat an earlier one of their split: ${repeatTexts(duplicates)}`];
  if (entriesOf(leakage).length > 0) lines.push(`sentences that train has too: ${repeatTexts(leakage)}`);
  for (const [split, { examples }] of entriesOf(leakage)) {
    const pairs = examples.map(({ sentence, sameAs }) => `${sentence} = train ${sameAs}`);
    if (pairs.length > 0) lines.push(`  for example ${split} ${pairs.join(', ')}`);
  }
  return lines.join('\n');
}

const repeatTexts = (repeats: HeldOut<Repeats>): string =>
  entriesOf(repeats)
    .map(([split, { sentences, share }]) => `${split} ${sentences} (${percent(share)})`)
    .join(', ');

function inconsistencies({ inconsistencies: { asWritten, lowerCase }, ofSpans }: CorpusReport): string {
  const what = ofSpans
    ? 'entities of train whose words carry several labels, or one here and none there'
    : 'words of train with several labels';
  const forms = (most: readonly InconsistentForm[]) =>
    most.map(({ form, labels, unlabelled }) => {
      const counts = Object.entries(labels).map(([label, count]) => `${label} ${count}`);
      return `  ${form}: ${[...counts, ...(unlabelled > 0 ? [`unlabelled ${unlabelled}`] : [])].join(', ')}`;
    });
  const amount = `${asWritten.forms} as written, ${lowerCase.forms} in lower case`;
  if (lowerCase.forms === 0) return `${what}: ${amount}`;
  return [
    `${what}: ${amount}; the most frequent`,
    ...(asWritten.forms > 0 ? ['as written', ...forms(asWritten.most)] : []),
    'in lower case',
    ...forms(lowerCase.most),
  ].join('\n');
}

const misaligned = ({ misaligned }: CorpusReport): string => formatMisaligned(misaligned);

function warnings({ warnings }: CorpusReport): string {
  return warnings.length === 0 ? 'no warnings' : warnings.map((text) => `warning: ${text}`).join('\n');
}
