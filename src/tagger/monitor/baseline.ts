/** What the training set was like for the finished network: the file `monitor.json` of a model, which drift is measured against. */
import { z } from 'zod';
import type { Documents } from '../inference.js';
import { binOf, edgeOf, type Histogram, sorted } from './histogram.js';
import type { Watchers } from './watchers.js';

export const MONITOR_FILE = 'monitor.json';

const count = z.int().min(0);

const baselineSchema = z.strictObject({
  /** Training tokens by the norm of the vector that the decoder sees: the lower edges of the bins and the tokens in them. */
  norms: z.array(z.tuple([z.number().min(0), count])).min(1),
  /** Tokens of dev, and those among them whose form training did not see: what is usual for text of the same kind. */
  dev: z.strictObject({ tokens: count, unknown: count.optional() }),
});

export interface Baseline {
  readonly norms: Histogram;
  readonly dev: { readonly tokens: number; readonly unknown?: number };
}

/** Tokens that are looked at, about: a second or two at the end of a training. */
const TOKENS = 50_000;

interface Tagging {
  readonly watchers: Watchers;
  tagDocuments(documents: Documents): unknown;
}

/** Tags documents from all over both splits, as text of users is tagged; of a model of sentences each is one. */
export function measureBaseline(tagger: Tagging, train: Documents, dev: Documents): Baseline {
  const [{ norms }, { tokens, unknown }] = [train, dev].map((split) => {
    const documents = sample(split);
    return tagger.watchers.during(() => tagger.tagDocuments(documents)).tally;
  });
  return { norms, dev: { tokens, unknown } };
}

function sample(documents: Documents): Documents {
  const tokens = documents.flat().reduce((sum, { tokens }) => sum + tokens.length, 0);
  const step = Math.max(1, Math.ceil(tokens / TOKENS));
  return documents.filter((_, i) => i % step === 0);
}

export function writeBaseline({ norms, dev }: Baseline): string {
  const bins = sorted(norms).map(([bin, count]): [number, number] => [edgeOf(bin), count]);
  return `${JSON.stringify({ norms: bins, dev } satisfies z.input<typeof baselineSchema>)}\n`;
}

/** Throws a ZodError where it is not what `writeBaseline` writes. */
export function readBaseline(json: unknown): Baseline {
  const { norms, dev } = baselineSchema.parse(json);
  return { norms: new Map(norms.map(([edge, count]) => [binOf(edge), count])), dev };
}
