/**
 * `npm run bench:crf`: our feature CRF against Wapiti, on dev of the corpora of `TAGGER_CORPORA`: the same words, features, loss and
 * end of training, both on all cores. Wants a program `wapiti` on the path; `--pipelines` and `--l2` choose what is trained.
 */
import { availableParallelism, cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { devScore } from '../../dist/baselines/dev-score.js';
import { type BaselineTask, baselineKinds } from '../../dist/baselines/index.js';
import { loadPipeline } from '../../dist/pipeline/config.js';
import { openCorpus } from '../../dist/pipeline/corpus.js';
import type { Fit, FitOptions } from './fit.js';
import { wapiti } from './wapiti.js';

const { values } = parseArgs({
  options: {
    pipelines: { type: 'string', default: 'wnut17,bc5cdr,ewt-upos' },
    l2: { type: 'string', default: '1,0.3,0.1' },
  },
});
const limits = { iterations: 200, tolerance: 1e-5 };
const systems = { ours, wapiti };

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
  for (const l2 of values.l2.split(',').map(Number)) {
    for (const [system, fit] of Object.entries(systems)) {
      const { seconds, iterations, tags } = await fit(task, { l2, ...limits });
      const score = devScore(task, tags).toFixed(2);
      console.log(
        `${name}  l2 ${l2}  ${system.padEnd(6)}  dev ${score}  ${seconds.toFixed(1)} s  ${iterations} iterations`,
      );
    }
  }
}

async function ours(task: BaselineTask, options: FitOptions): Promise<Fit> {
  const run = baselineKinds.crf.train(baselineKinds.crf.options.parse({ kind: 'crf', ...options }), task);
  let iterations = 0;
  const started = performance.now();
  for (;;) {
    const { value, done } = await run.next();
    if (!done) {
      if (value.text.startsWith('iteration')) iterations++;
      continue;
    }
    const seconds = (performance.now() - started) / 1000;
    return { seconds, iterations, tags: value.tag(task.dev) };
  }
}
