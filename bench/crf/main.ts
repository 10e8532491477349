/**
 * `npm run bench:crf`: our feature CRF against Wapiti, on the corpora of `TAGGER_CORPORA`: the same words, features, loss and end of
 * training, all on all cores; p is that of the difference from the first. Wants a program `wapiti` on the path; `--pipelines`,
 * `--systems` and `--l2` choose what is trained, `--on` (dev, test) the splits that are scored.
 */
import { availableParallelism, cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { type BaselineTask, baselineKinds } from '../../dist/baselines/index.js';
import { drain } from '../../dist/core/relay.js';
import type { Corpus } from '../../dist/corpus/load.js';
import {
  type SentenceCounts,
  scoreSystem,
  sentenceCounts,
  significance,
  testSetOf,
} from '../../dist/evaluation/index.js';
import { loadPipeline } from '../../dist/pipeline/config.js';
import { openCorpus } from '../../dist/pipeline/corpus.js';
import { ownScheme } from '../../dist/text/schemes.js';
import type { Fit, Fitting } from './fit.js';
import { wapiti } from './wapiti.js';

const { values } = parseArgs({
  options: {
    pipelines: { type: 'string', default: 'wnut17,bc5cdr,ewt-upos' },
    systems: { type: 'string', default: 'ours,wapiti' },
    l2: { type: 'string', default: '1,0.3,0.1' },
    on: { type: 'string', default: 'dev' },
  },
});
const limits = { iterations: 400, tolerance: 1e-5 };
/** `all`: with weights for every tag, as Wapiti has them; `seen`: for the tags that a feature had in training, as CRFsuite. */
const systems: Readonly<Record<string, Fitting>> = {
  ours: ours({}),
  all: ours({ everyTagFrom: 1 }),
  seen: ours({ everyTagFrom: Number.MAX_SAFE_INTEGER }),
  wapiti,
};

console.log(`${cpus()[0].model}, ${cpus().length} cores, Node ${process.versions.node}`);
for (const name of values.pipelines.split(',')) {
  const pipeline = await loadPipeline(name);
  const { corpus } = await openCorpus(pipeline);
  const task: BaselineTask = {
    train: corpus.splits.train.sentences,
    dev: [],
    scheme: corpus.scheme,
    seed: pipeline.seed,
    workers: availableParallelism(),
  };
  const scored = values.on.split(',').map((split) => ({ split, ...scorerOf(corpus, split) }));
  const untagged = scored.flatMap(({ sentences }) => sentences);
  for (const l2 of values.l2.split(',').map(Number)) {
    let first: SentenceCounts[] | undefined;
    for (const system of values.systems.split(',')) {
      const { seconds, iterations, tags } = await systems[system](task, { l2, ...limits, untagged });
      let end = 0;
      const results = scored.map(({ sentences, score }) => {
        end += sentences.length;
        return score(tags.slice(end - sentences.length, end));
      });
      const columns = results.map(({ percent, counts }, i) => {
        const p = first && significance(first[i], counts).p;
        const chance = p ? `  p ${Math.max(p.bootstrap, p.randomisation).toFixed(3)}` : '';
        return `${scored[i].split} ${percent.toFixed(2)}${chance}`;
      });
      first ??= results.map(({ counts }) => counts);
      console.log(
        `${name}  l2 ${l2}  ${system.padEnd(6)}  ${columns.join('  ')}  ${seconds.toFixed(1)} s  ${iterations} iterations`,
      );
    }
  }
}

/** The sentences of a split, and how tags of theirs are scored. */
function scorerOf({ splits, scheme: written }: Corpus, split: string) {
  const sentences = split === 'dev' || split === 'test' ? splits[split]?.sentences : undefined;
  if (!sentences)
    throw new Error(`--on ${split}: expected dev, test or dev,test, as far as the corpus has them`);
  const scheme = ownScheme(written);
  const gold = testSetOf(sentences, scheme);
  return {
    sentences,
    score(tags: Fit['tags']) {
      const { scores, sentences } = scoreSystem(gold, { tags, scheme });
      return { percent: written === 'none' ? scores.accuracy : scores.f1, counts: sentenceCounts(sentences) };
    },
  };
}

function ours(weights: { everyTagFrom?: number }): Fitting {
  const { options, train } = baselineKinds.crf;
  return async (task, { untagged, ...limits }) => {
    let iterations = 0;
    const started = performance.now();
    const trained = await drain(
      train(options.parse({ kind: 'crf', ...weights, ...limits }), task),
      ({ text }) => {
        if (text.startsWith('iteration')) iterations++;
      },
    );
    const seconds = (performance.now() - started) / 1000;
    return { seconds, iterations, tags: trained.tag(untagged) };
  };
}
