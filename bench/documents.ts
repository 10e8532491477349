/** Documents as context: the memory that training takes and its speed as they grow, read whole and in windows of truncated back-propagation. */
import { drain } from '../dist/core/relay.js';
import { train } from '../dist/training/loop.js';
import { makeModel, ncrf } from './model.js';
import type { Part, PartResult } from './part.js';
import { encode } from './scaling.js';
import { type Table, tenth, whole } from './table.js';
import { type InventedSentence, inventSentences } from './text.js';

const SENTENCES = 7000;
/** Tokens of a document. */
const LENGTHS = [1000, 10_000, 100_000];
const WINDOW = 64;
const encoder = { direction: 'forward' };

interface Figures {
  readonly length: number;
  readonly tbptt: number | null;
  readonly arenaBytes: number;
  readonly tokensPerSecond: number;
}

async function run(): Promise<PartResult> {
  const corpus = inventSentences(SENTENCES, 1);
  const figures: Figures[] = [];
  for (const tbptt of [WINDOW, null]) {
    for (const length of LENGTHS) figures.push(await measure(corpus, length, tbptt));
  }
  return { json: { documents: figures }, tables: [tableOf(figures)] };
}

/** One document a step, by one worker that takes all of it. */
async function measure(
  corpus: readonly InventedSentence[],
  length: number,
  tbptt: number | null,
): Promise<Figures> {
  const { network } = await makeModel(
    corpus.flatMap(({ tokens }) => tokens),
    undefined,
    encoder,
  );
  const sentences = encode(corpus, network);
  const options = {
    ...ncrf(encoder).training,
    context: 'document' as const,
    tbptt,
    batch: 1,
    shards: 1,
    epochs: 1,
  };
  const documents = documentsOf(
    corpus.map(({ tokens }) => tokens.length),
    length,
  );
  const score = () => ({ value: 0, scores: undefined });
  const training = train({ network, sentences, documents, dev: [], options, seed: 1, score });
  let tokensPerSecond = 0;
  const { memory } = await drain(training, (record) => {
    if (record.kind === 'epoch') tokensPerSecond = record.tokensPerSecond;
  });
  network.release();
  return { length, tbptt, arenaBytes: memory.arenas[0], tokensPerSecond };
}

/** How many sentences documents of about so many tokens have. */
function documentsOf(sentences: readonly number[], length: number): number[] {
  const counts: number[] = [];
  let tokens = Number.POSITIVE_INFINITY;
  for (const own of sentences) {
    if (tokens >= length) {
      counts.push(0);
      tokens = 0;
    }
    counts[counts.length - 1]++;
    tokens += own;
  }
  return counts;
}

function tableOf(figures: readonly Figures[]): Table {
  return {
    title: 'documents as context: network of NCRF++ that reads forward, a document a step, one worker',
    head: ['', 'tokens of a document', 'working memory, MiB', 'tokens/s'],
    rows: figures.map(({ length, tbptt, arenaBytes, tokensPerSecond }) => [
      tbptt === null ? 'whole' : `tbptt: ${tbptt}`,
      whole(length),
      tenth(arenaBytes / 2 ** 20),
      whole(tokensPerSecond),
    ]),
    notes: ['working memory: all that the passes of a step hold, without parameters and the corpus'],
  };
}

export const documents: Part = { title: 'documents', run };
