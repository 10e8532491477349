/**
 * `npm run bench:crf`: our feature CRF against Wapiti, on dev of the corpora of `TAGGER_CORPORA`: the same words, features, loss and
 * end of training, all on all cores; p is that of the difference from the first. Wants a program `wapiti` on the path; `--pipelines`,
 * `--systems` and `--l2` choose what is trained.
 */
import { availableParallelism, cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { devScore } from '../../dist/baselines/dev-score.js';
import { type BaselineTask, baselineKinds } from '../../dist/baselines/index.js';
import { drain } from '../../dist/core/relay.js';
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
import type { Fit, FitOptions } from './fit.js';
import { wapiti } from './wapiti.js';

const { values } = parseArgs({
  options: {
    pipelines: { type: 'string', default: 'wnut17,bc5cdr,ewt-upos' },
    systems: { type: 'string', default: 'seen,unseen,wapiti' },
    l2: { type: 'string', default: '1,0.3,0.1' },
  },
});
const limits = { iterations: 400, tolerance: 1e-5 };
/** Weights of features for the tags that they had in training, or as Wapiti has them: for every tag. */
const systems: Readonly<Record<string, (task: BaselineTask, options: FitOptions) => Promise<Fit>>> = {
  seen: ours(false),
  unseen: ours(true),
  wapiti,
};

console.log(`${cpus()[0].model}, ${cpus().length} cores, Node ${process.versions.node}`);
for (const name of values.pipelines.split(',')) {
  const pipeline = await loadPipeline(name);
  const { corpus } = await openCorpus(pipeline);
  const task: BaselineTask = {
    train: corpus.splits.train.sentences,
    dev: corpus.splits.dev.sentences,
    scheme: corpus.scheme,
    seed: pipeline.seed,
    workers: availableParallelism(),
  };
  const scheme = ownScheme(corpus.scheme);
  const dev = testSetOf(task.dev, scheme);
  for (const l2 of values.l2.split(',').map(Number)) {
    let first: SentenceCounts | undefined;
    for (const system of values.systems.split(',')) {
      const { seconds, iterations, tags } = await systems[system](task, { l2, ...limits });
      const counts = sentenceCounts(scoreSystem(dev, { tags, scheme }).sentences);
      const p = first && significance(first, counts).p;
      first ??= counts;
      console.log(
        `${name}  l2 ${l2}  ${system.padEnd(6)}  dev ${devScore(task, tags).toFixed(2)}`,
        `${p ? ` p ${Math.max(p.bootstrap, p.randomisation).toFixed(3)}` : ''}  ${seconds.toFixed(1)} s  ${iterations} iterations`,
      );
    }
  }
}

function ours(unseen: boolean) {
  const { options, train } = baselineKinds.crf;
  return async (task: BaselineTask, limits: FitOptions): Promise<Fit> => {
    let iterations = 0;
    const started = performance.now();
    const trained = await drain(
      train(options.parse({ kind: 'crf', unseen, ...limits }), task),
      ({ text }) => {
        if (text.startsWith('iteration')) iterations++;
      },
    );
    const seconds = (performance.now() - started) / 1000;
    return { seconds, iterations, tags: trained.tag(task.dev) };
  };
}
