import { describe, expect, it } from 'vitest';
import { createProgress } from '../../src/cli/progress.js';
import type { EpochRecord, StepRecord } from '../../src/pipeline/records.js';

const step: StepRecord = {
  kind: 'step',
  epoch: 2,
  epochs: 30,
  step: 40,
  steps: 340,
  loss: 0.12345,
  tokensPerSecond: 23456.7,
  etaSeconds: 187,
};
const dev: EpochRecord['dev'] = {
  precision: 60,
  recall: 50,
  f1: 54.55,
  accuracy: 93.1,
  byLabel: {},
  sentences: 10,
  tokens: 100,
};
const epoch: EpochRecord = {
  kind: 'epoch',
  epoch: 2,
  epochs: 30,
  loss: 0.1,
  rate: 0.015,
  gradientNorm: 3,
  monitors: {
    gradients: { decoder: 2, 'encoder.0.forward': 2.5 },
    updates: { decoder: 0.0012, 'encoder.0.forward': 0.004 },
    states: { embeddings: { mean: 1.5, max: 2 }, encoder: { mean: 2.84, max: 5 } },
    saturation: { 'encoder.0.forward': { input: 0.02, forget: 0.3, output: 0 } },
  },
  seconds: 62,
  tokensPerSecond: 23000,
  dev,
  best: true,
};

/** A screen that keeps what is written, and a clock that is moved by hand. */
function setUp(isTTY: boolean) {
  const written: string[] = [];
  const clock = { time: 0 };
  const screen = { isTTY, columns: 120, write: (text: string) => written.push(text) };
  return { written, clock, show: createProgress(screen, () => clock.time) };
}

describe('progress that is not on a terminal', () => {
  it('is plain lines: stages, warnings and epochs', () => {
    const { written, show } = setUp(false);
    show({ kind: 'stage', index: 1, name: 'corpus', text: 'wnut17: 3394/1009/1287 sentences' });
    show({ kind: 'warning', text: 'few sentences' });
    show(epoch);
    show({ kind: 'stopped', reason: 'patience', text: 'no better dev score for 30 epochs' });
    expect(written).toEqual([
      '[1/7] corpus     wnut17: 3394/1009/1287 sentences\n',
      'warning: few sentences\n',
      'epoch  2/30  loss 0.1000  rate 0.0150  23,000 tokens/s  1m02s  dev F1 54.55 accuracy 93.10 *\n',
      '  largest gradient encoder.0.forward 2.50  updates 0.0012 to 0.0040  vectors 2.84  gates saturated 11 %\n',
      'no better dev score for 30 epochs\n',
    ]);
  });

  it('says nothing of gates where a network has none', () => {
    const { written, show } = setUp(false);
    show({ ...epoch, monitors: { ...epoch.monitors, saturation: {} } });
    expect(written[1]).toMatch(/ {2}vectors 2\.84\n$/);
  });

  it('shows a step once in ten seconds', () => {
    const { written, clock, show } = setUp(false);
    for (clock.time = 0; clock.time <= 25_000; clock.time += 100) show(step);
    expect(written).toEqual(
      Array(2).fill('epoch 2/30  step 40/340  loss 0.1235  23,457 tokens/s  3m07s left\n'),
    );
  });
});

describe('progress on a terminal', () => {
  it('writes steps over one line, with the best score so far', () => {
    const { written, clock, show } = setUp(true);
    show(epoch);
    clock.time += 200;
    show(step);
    const line = 'epoch 2/30  step 40/340  loss 0.1235  23,457 tokens/s  3m07s left';
    expect(written[2]).toBe(`\r\u001b[K${line}  best F1 54.55 accuracy 93.10 (epoch 2)`);
  });

  it('never writes a line that wraps', () => {
    const written: string[] = [];
    let time = 0;
    const show = createProgress(
      { isTTY: true, columns: 30, write: (text) => written.push(text) },
      () => time,
    );
    time = 1000;
    show(step);
    expect(written[0].replace('\r\u001b[K', '')).toHaveLength(29);
  });
});
