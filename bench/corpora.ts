/** The sentences of the corpora that are at hand: the bundled one, and those in TAGGER_CORPORA. */
import { loadCorpus } from '../dist/corpus/load.js';
import { TaggerError } from '../dist/index.js';
import { describeCorpus } from '../dist/pipeline/corpus.js';

const names = ['news', 'ud-english-ewt', 'wnut17', 'bc5cdr', 'ncbi-disease'];

export interface CorpusSentences {
  readonly sentences: readonly (readonly string[])[];
  /** The names of the corpora. */
  readonly sources: readonly string[];
}

export async function corpusSentences(): Promise<CorpusSentences> {
  const sentences: (readonly string[])[] = [];
  const sources: string[] = [];
  for (const name of names) {
    try {
      const { splits } = await loadCorpus(await describeCorpus({ name }));
      for (const split of [splits.train, splits.dev, splits.test]) {
        for (const { tokens } of split?.sentences ?? []) sentences.push(tokens);
      }
      sources.push(name);
    } catch (error) {
      if (!(error instanceof TaggerError && error.code === 'E_CORPUS_MISSING')) throw error;
    }
  }
  return { sentences, sources };
}
