/** What a pipeline's `training.context` and `training.tbptt` make of its corpus: which sentences are read in one piece. */
import { TaggerError } from '../core/errors.js';
import type { Corpus, LabelledSentence, Split } from '../corpus/load.js';
import { decoderKinds } from '../decoders/index.js';
import { goldDocuments } from '../tagger/gold.js';
import type { ModelConfig } from '../tagger/model-config.js';
import { strandsOf } from '../tagger/pieces.js';
import { windowSize } from '../tagger/windows.js';
import type { TrainingTask } from '../training/loop.js';
import type { Pipeline } from './config.js';

/** How files say where a document begins. */
const MARKS =
  'documents begin with -DOCSTART- in CoNLL columns, with # newdoc in CoNLL-U, and with every file';

/**
 * Warns of splits whose sentences are not told apart by documents. Throws E_CORPUS_FORMAT where all of train is one document, and
 * E_CONFIG where sentences would be cut that the decoder needs whole.
 */
export function checkContext({ training, decoder }: Pipeline, { name, splits }: Corpus): string[] {
  const { context, tbptt } = training;
  const longest = splits.train.sentences.reduce((most, { tokens }) => Math.max(most, tokens.length), 0);
  if (tbptt !== null && longest > tbptt && !decoderKinds[decoder.kind].takesOpenEnds) {
    throw new TaggerError('E_CONFIG', {
      message: `the decoder ${decoder.kind} needs whole sentences, and training would cut some`,
      place: { key: 'training.tbptt' },
      expected: `at least ${longest}, the tokens of the longest sentence`,
      found: String(tbptt),
      hint: 'a larger tbptt, or the decoder crf or softmax',
    });
  }
  if (context === 'sentence') return [];
  if (isUnmarked(splits.train)) {
    throw new TaggerError('E_CORPUS_FORMAT', {
      message: `corpus ${name} does not say which sentences belong together: its split train is one document`,
      place: { key: 'training.context' },
      expected: MARKS,
      found: `${splits.train.sentences.length} sentences in one document`,
      hint: 'context: sentence',
    });
  }
  const unmarked = (['dev', 'test'] as const).filter((split) => isUnmarked(splits[split]));
  return unmarked.map((split) => `split ${split} of corpus ${name} is read as one document: ${MARKS}`);
}

const isUnmarked = (split: Split | undefined): boolean =>
  split !== undefined && split.sentences.length > 1 && countsOf(split).length === 1;

/** The window of a model that reads documents: that of `tbptt`, else the longest document of training. */
export function windowOf({ training }: Pipeline, train: Split): number | undefined {
  if (training.context === 'sentence') return undefined;
  return training.tbptt ?? lengthsOf(train).reduce((most, own) => Math.max(most, sum(own)), 1);
}

/** For training, how train and dev are read; dev as the finished model will read it. */
export function readingsOf(
  { window, longest }: ModelConfig,
  train: Split,
  dev: Split,
): Pick<TrainingTask<unknown>, 'documents' | 'devStrands'> {
  if (window === undefined) return {};
  const units = lengthsOf(dev).map((own) =>
    own.map((tokens) => ({ tokens, alone: tokens > windowSize(longest) })),
  );
  return { documents: countsOf(train), devStrands: strandsOf(units, window) };
}

/** The sentences of a split as the model reads them: document by document, or each by itself. */
export function documentsFor({ window }: ModelConfig, split: Split): (readonly LabelledSentence[])[] {
  return window === undefined ? split.sentences.map((sentence) => [sentence]) : goldDocuments(split);
}

/** How many sentences the documents have, those without left out. */
const countsOf = ({ documents }: Split): number[] =>
  documents.map(({ sentences }) => sentences.length).filter((count) => count > 0);

/** Of every document the tokens of its sentences. */
const lengthsOf = ({ documents }: Split): number[][] =>
  documents.map(({ sentences }) => sentences.map(({ tokens }) => tokens.length));

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
