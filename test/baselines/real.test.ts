/** Baselines that take a second or two, on UD English-EWT: a fall, or a rise too good to be true, in what they were measured at. */
import { expect, it } from 'vitest';
import { hmm } from '../../src/baselines/hmm/hmm.js';
import { majority } from '../../src/baselines/majority.js';
import { TaggerError } from '../../src/core/errors.js';
import { type Corpus, loadCorpus } from '../../src/corpus/load.js';
import { describeCorpus } from '../../src/pipeline/corpus.js';
import { realCorpora } from '../corpus/files.js';
import { accuracyOf, trained } from '../support/baseline.js';

async function corpus(): Promise<Corpus | undefined> {
  const description = await describeCorpus({ name: 'ud-english-ewt', label: 'upos' });
  try {
    return await loadCorpus(description, { taggerCorpora: realCorpora });
  } catch (error) {
    if (error instanceof TaggerError && error.code === 'E_CORPUS_MISSING') return undefined;
    throw error;
  }
}

const ewt = await corpus();

it.skipIf(!ewt)(
  ewt ? 'majority and hmm are as good as they should be' : 'UD English-EWT is not here: set TAGGER_CORPORA',
  async () => {
    const { train, dev } = ewt!.splits;
    const task = { train: train.sentences, scheme: ewt!.scheme };
    const worth = async (work: ReturnType<typeof trained>) => accuracyOf((await work).model, dev.sentences);
    const trivial = await worth(trained(majority, { kind: 'majority' }, task));
    const markov = await worth(trained(hmm, { kind: 'hmm' }, task));
    // On dev 86.13 and 92.27.
    expect(trivial).toBeGreaterThan(85);
    expect(trivial).toBeLessThan(87);
    expect(markov).toBeGreaterThan(92);
    expect(markov).toBeLessThan(93);
  },
);
