/** Only what is built can start threads, so all of it is from `dist`. */
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { crf, crfOptions } from '../../../dist/baselines/crf/index.js';
import { runFit } from '../../../dist/baselines/crf/threads.js';
import { TaggerError } from '../../../dist/core/errors.js';
import { drain } from '../../../dist/core/relay.js';
import { seed, seeded } from '../../support/arrays.js';
import { workspace } from '../../support/workspace.js';
import { problemOfCorpus, randomCorpus } from './support.js';

/** Some thousand tokens, so that there are several jobs of each kind. */
const corpus = randomCorpus('bioes', 1500, 8, seeded(1));
const { problem } = problemOfCorpus(corpus);
const short = { l2: 1, iterations: 15, tolerance: 0 };
const endless = { l2: 1e-9, iterations: 1e6, tolerance: 0 };
const options = crfOptions.parse({ kind: 'crf', ...endless });
const task = { train: corpus.sentences, dev: [], scheme: corpus.scheme, seed };

async function failureOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => new Error('it was expected to fail'),
    (thrown: unknown) => thrown,
  );
}

describe(`threads, seed ${seed}:`, () => {
  it('there are several jobs of each kind', () => {
    for (const bounds of Object.values(problem.blocks)) expect(bounds.length).toBeGreaterThan(3);
  });

  it('1, 2 and 3 members find the same bits, at every iteration', async () => {
    const found = [];
    for (const members of [1, 2, 3]) {
      const losses: unknown[] = [];
      const weights = await drain(runFit(problem, short, { members }), (iteration) => losses.push(iteration));
      expect(losses).toHaveLength(short.iterations);
      found.push({ losses, weights: Buffer.from(new Float64Array(weights).buffer).toString('base64') });
    }
    expect(found[1]).toEqual(found[0]);
    expect(found[2]).toEqual(found[0]);
    expect(found[0].weights).not.toMatch(/^A*$/);
  });

  it.each([1, 2])('a signal ends the training of %i workers with its reason', async (workers) => {
    const leave = new AbortController();
    let lines = 0;
    const run = crf.train(options, { ...task, workers, signal: leave.signal });
    const error = await failureOf(
      drain(run, () => {
        if (++lines === 4) leave.abort();
      }),
    );
    expect(error).toMatchObject({ name: 'AbortError' });
  });

  it.each([1, 2])('a signal that came before is heard by %i workers', async (workers) => {
    const run = crf.train(options, { ...task, workers, signal: AbortSignal.abort() });
    expect(await failureOf(drain(run, () => {}))).toMatchObject({ name: 'AbortError' });
  });

  it('a reader who leaves ends the training', async () => {
    const run = crf.train(options, { ...task, workers: 2 });
    await run.next();
    await run.next();
    await run.return(undefined as never);
    expect(await run.next()).toEqual({ done: true, value: undefined });
  });

  it.each([
    ['exits', 'process.exit(3)', 'E_WORKER', 'it exited with code 3'],
    ['throws', `throw new Error('a fault of the test')`, 'E_WORKER', 'a fault of the test'],
  ])('a thread that %s ends the training with an error that says so', async (_, fault, code, found) => {
    const space = workspace({});
    const fit = pathToFileURL(resolve('dist/baselines/crf/fit.js')).href;
    space.write(
      'worker.mjs',
      `import { fit } from '${fit}';
      export default function work({ plan, index, port }) {
        for (const iteration of fit(plan, index)) {
          port?.postMessage(iteration);
          if (index === 1 && iteration.number === 3) ${fault};
        }
      }`,
    );
    const worker = pathToFileURL(space.path('worker.mjs'));
    const error = await failureOf(drain(runFit(problem, endless, { members: 3, worker }), () => {}));
    expect(error).toBeInstanceOf(TaggerError);
    const message = 'a worker thread of the CRF ended before its time';
    expect(error).toMatchObject({ code, problems: [{ message, found }] });
  });

  it.each([1, 2])(
    'a loss that is no number is an error of the training, with %i members',
    async (members) => {
      const broken = { ...problem, gold: problem.gold.map(() => 1) };
      broken.allowed = { ...problem.allowed, start: problem.allowed.start.map(() => false) };
      const error = await failureOf(drain(runFit(broken, short, { members }), () => {}));
      expect(error).toMatchObject({ code: 'E_TRAINING' });
    },
  );
});
