/** Tagging speed on one thread, from tokens and from raw text, with probabilities too. Every round is new text of the same language. */
import { type AnnotateOptions, Tagger } from '../dist/index.js';
import { best, median, type Sample, sample } from './measure.js';
import { makeModel } from './model.js';
import type { Part, PartResult } from './part.js';
import { ratio, type Table, verdict, whole } from './table.js';
import { inventSentences, textOf } from './text.js';

const VOCABULARY_SENTENCES = 10_000;
const ROUNDS = 9;
const SENTENCES = 2000;
/** Sentences of one document, as `annotate` gets it. */
const DOCUMENT = 20;
/** Sequences a sentence where probabilities are asked for. */
const NBEST = 5;
const required = 40_000;

async function run(): Promise<PartResult> {
  const tokens = inventSentences(VOCABULARY_SENTENCES, 1).flatMap((sentence) => sentence.tokens);
  const tagger = new Tagger(await makeModel(tokens));
  const fromTokens: Sample[] = [];
  const fromText: Sample[] = [];
  const withScores: Sample[] = [];
  const withNBest: Sample[] = [];
  // The first round warms up and is not counted.
  for (let round = 0; round <= ROUNDS; round++) {
    const sentences = inventSentences(SENTENCES, 1000 + 2 * round).map((sentence) => sentence.tokens);
    const tokenSample = sample(() => tagger.tag(sentences).reduce((sum, tags) => sum + tags.length, 0));
    // New text for each, so that none meets words that another has remembered.
    const annotate = (part: number, options: AnnotateOptions) => {
      const texts = inventTexts(2000 + 3 * round + part);
      return sample(() => texts.reduce((sum, text) => sum + tagger.annotate(text, options).tokens.length, 0));
    };
    const textSample = annotate(0, {});
    const scoresSample = annotate(1, { scores: true });
    const nbestSample = annotate(2, { scores: true, nbest: NBEST });
    if (round === 0) continue;
    fromTokens.push(tokenSample);
    fromText.push(textSample);
    withScores.push(scoresSample);
    withNBest.push(nbestSample);
  }
  tagger.close();
  const tag = {
    tokensPerSecond: best(fromTokens.map(({ rate }) => rate)),
    textTokensPerSecond: best(fromText.map(({ rate }) => rate)),
    medianTokensPerSecond: median(fromTokens.map(({ rate }) => rate)),
    medianTextTokensPerSecond: median(fromText.map(({ rate }) => rate)),
    scoresTokensPerSecond: best(withScores.map(({ rate }) => rate)),
    scoresRatio: costOf(withScores, fromText),
    nbestRatio: costOf(withNBest, fromText),
  };
  return { json: { tag }, tables: [speedTable(fromTokens, fromText, withScores, withNBest)] };
}

/** Speed as a share of that without, by processor time: median of rounds. */
function costOf(samples: readonly Sample[], without: readonly Sample[]): number {
  return median(samples.map(({ cpuRate }, round) => cpuRate / without[round].cpuRate));
}

function inventTexts(seed: number): string[] {
  const sentences = inventSentences(SENTENCES, seed);
  return Array.from({ length: SENTENCES / DOCUMENT }, (_, i) =>
    textOf(sentences.slice(i * DOCUMENT, (i + 1) * DOCUMENT)),
  );
}

function speedTable(
  fromTokens: readonly Sample[],
  fromText: readonly Sample[],
  withScores: readonly Sample[],
  withNBest: readonly Sample[],
): Table {
  const row = (name: string, samples: readonly Sample[], least?: number) => {
    const rates = samples.map(({ rate }) => rate);
    return [
      name,
      whole(best(rates)),
      whole(median(rates)),
      whole(best(samples.map(({ cpuRate }) => cpuRate))),
      least === undefined ? '' : `≥ ${whole(least)}`,
      least === undefined ? '' : verdict(best(rates) >= least),
    ];
  };
  return {
    title: 'tagging: NCRF++ network, one thread, tokens/s',
    head: ['', 'best', 'median', 'best by processor time', 'required', 'met'],
    rows: [
      row('from tokens', fromTokens, required),
      row('from raw text', fromText),
      row('… with scores', withScores),
      row(`… and the ${NBEST} best`, withNBest),
    ],
    notes: [
      `by processor time and beside raw text alone: with scores ${ratio(costOf(withScores, fromText))}, and the ${NBEST} best ${ratio(costOf(withNBest, fromText))} of its speed`,
      `${ROUNDS} rounds, each of ${SENTENCES} sentences that were not seen before; raw text in documents of ${DOCUMENT} sentences`,
    ],
  };
}

export const tagging: Part = { title: 'tagging', run };
