/** The process of a system: its memory is its own, and it does not outlive those who started it. */
import { existsSync, readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { drain } from '../../dist/core/relay.js';
import { runSystem } from '../../dist/pipeline/comparison/run-system.js';
import { loadPipeline } from '../../dist/pipeline/config.js';
import { workspace } from '../support/workspace.js';

const space = workspace();
const isLinux = process.platform === 'linux';

it('counts its own memory, and not that of the process that started it', async () => {
  const pipeline = await loadPipeline(space.path('tiny.yaml'));
  const baseline = { options: { kind: 'majority' }, pipeline, base: space.folder, workers: 1 } as const;
  const documents = [[{ tokens: ['Rain', 'fell', '.'] }]];
  const ballast = Buffer.alloc(500e6, 1);
  const { peakBytes } = await drain(runSystem({ system: { baseline }, documents }), () => {});
  expect(peakBytes).toBeGreaterThan(30e6);
  expect(peakBytes).toBeLessThan(ballast.length / 2);
});

it.runIf(isLinux)('ends when the command that started it is killed', async () => {
  const baselines = '[{ kind: crf, l2: 1e-9, iterations: 1000000, tolerance: 0 }]';
  const run = space.start(['train', 'tiny', '--set', `baselines=${baselines}`, '-o', 'killed']);
  await run.saw('iteration 1:');
  const { pid } = run.process;
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ');
  expect(children).toHaveLength(1);
  run.process.kill('SIGKILL');
  await run.ended;
  const [system] = children;
  for (let tries = 0; existsSync(`/proc/${system}`) && tries < 100; tries++) await setTimeout(100);
  expect(existsSync(`/proc/${system}`)).toBe(false);
});
