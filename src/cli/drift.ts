/** How far annotated documents are from the training set: a few lines on stderr, or a JSON file. */
import type { AnnotationResult } from '../annotation/index.js';
import type { Drift, DriftReport, Quantiles } from '../tagger/index.js';
import { writeLines } from './output.js';

interface Wishes {
  readonly isShown?: boolean;
  /** Its JSON has `documents` too: those of this run. */
  readonly file?: string;
}

export async function reportDrift(
  report: DriftReport,
  { fresh, counts }: Pick<AnnotationResult, 'fresh' | 'counts'>,
  { isShown, file }: Wishes,
): Promise<void> {
  const [documents, earlier] = [fresh.documents, counts.documents - fresh.documents];
  if (isShown) process.stderr.write(formatDrift(report, { documents, earlier }));
  if (file !== undefined) await writeLines(lineOf({ documents, ...report }), file);
}

const verdicts: Readonly<Record<Drift, string>> = {
  none: 'no drift',
  some: 'some drift',
  strong: 'strong drift',
  unclear: 'too few tokens to tell',
};

/** `earlier`: documents of runs before, which this one went on from and has not seen. */
export function formatDrift(
  { drift, sentences, tokens, vectors, unknown, long }: DriftReport,
  { documents, earlier }: { readonly documents: number; readonly earlier: number },
): string {
  const others = earlier > 0 ? ` of this run, without the ${show(earlier)} of earlier runs` : '';
  const seen = `${counted(documents, 'document')}${others}, ${counted(sentences, 'sentence')}, ${counted(tokens, 'token')}`;
  const { psi, training, now } = vectors;
  const lines = [
    `monitor: ${verdicts[drift]} against the training set (${seen})`,
    `  vectors   PSI ${psi.toFixed(3)}, ${verdicts[vectors.drift]}: ${now ? `${spread(now)}; in training ${spread(training)}` : 'nothing seen'}`,
  ];
  if (unknown) {
    const { psi, drift, dev, now } = unknown;
    lines.push(
      `  words     PSI ${psi.toFixed(3)}, ${verdicts[drift]}: ${percent(now)} that training did not see; on dev ${percent(dev)}`,
    );
  }
  if (long.sentences > 0) {
    lines.push(
      `  lengths   ${counted(long.sentences, 'sentence')} longer than any of training (${counted(long.longest ?? 0, 'token')})`,
    );
  }
  return `${lines.join('\n')}\n`;
}

async function* lineOf(value: object): AsyncGenerator<string> {
  yield JSON.stringify(value);
}

const show = (value: number): string => value.toLocaleString('en');
const counted = (count: number, noun: string): string => `${show(count)} ${noun}${count === 1 ? '' : 's'}`;
const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
const spread = ({ p10, p50, p90 }: Quantiles): string =>
  `norms ${p10.toPrecision(3)} to ${p90.toPrecision(3)}, median ${p50.toPrecision(3)}`;
