/** Which label was taken for which. */
import { countBy, type SentenceSpans } from './spans.js';

export interface Confusion {
  /** All that occur, in the order of code units: the rows and columns. */
  readonly labels: readonly string[];
  /** counts[gold][predicted]: spans (or tokens) with the same borders on both sides. */
  readonly counts: readonly (readonly number[])[];
  /** By label: spans of the annotation whose borders no prediction has. A row and its `missed` are all gold spans of the label. */
  readonly missed: readonly number[];
  /** By label: predicted spans whose borders the annotation does not have. */
  readonly spurious: readonly number[];
}

export function confusion(sentences: readonly SentenceSpans[]): Confusion {
  const totals = countBy(sentences, ({ label }) => label);
  const labels = [...totals.keys()].sort();
  const indexOf = new Map(labels.map((label, i) => [label, i]));
  const index = (label: string) => indexOf.get(label) as number;
  const counts = labels.map(() => labels.map(() => 0));
  const missed = labels.map((label) => totals.get(label)?.gold ?? 0);
  const spurious = labels.map((label) => totals.get(label)?.predicted ?? 0);
  for (const { gold, predicted } of sentences) {
    const byStart = new Map(gold.map((span) => [span.first, span]));
    for (const { first, end, label } of predicted) {
      const match = byStart.get(first);
      if (match?.end !== end) continue;
      counts[index(match.label)][index(label)]++;
      missed[index(match.label)]--;
      spurious[index(label)]--;
    }
  }
  return { labels, counts, missed, spurious };
}
