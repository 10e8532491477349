/** What `annotate --monitor` tells, by the real command. */
import { cpSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { formatDrift } from '../../src/cli/drift.js';
import type { DriftReport } from '../../src/tagger/index.js';
import { sealed } from '../../src/tagger/model-config.js';
import { sentences, workspace } from '../support/workspace.js';

const space = workspace();
/** Documents of the kind of the training set, a line each; more than one chunk where they are many. */
const documents = (count: number) =>
  sentences(count)
    .map((rows) => `${JSON.stringify({ text: rows.map(({ word }) => word).join(' ') })}\n`)
    .join('');

beforeAll(() => {
  expect(space.run(['train', 'tiny', '--quiet', '--epochs', '8', '-o', 'm']).status).toBe(0);
  space.write('few.jsonl', documents(120));
  space.write('many.jsonl', documents(4000));
  const line = { text: 'Niemand wusste warum die Glocken der Kapelle schon vor Sonnenaufgang läuteten' };
  space.write('foreign.jsonl', `${JSON.stringify(line)}\n`.repeat(100));
  space.write('long.txt', `${'Rain fell on Lindby and '.repeat(40)}\n`);
});

describe('annotate --monitor', () => {
  it('tells at the end, on stderr alone, that documents are like the training set', () => {
    const plain = space.run(['annotate', 'm', 'few.jsonl']);
    const watched = space.run(['annotate', 'm', 'few.jsonl', '--monitor', '--quiet']);
    expect(watched).toMatchObject({ status: 0, stdout: plain.stdout });
    expect(watched.stderr).toMatch(
      /^monitor: no drift against the training set \(120 documents, 1\d\d sentences, \d{3} tokens\)\n {2}vectors {3}PSI 0\.0\d\d, no drift: norms .*; in training norms .*\n {2}words {5}PSI 0\.000, no drift: 0\.0 % that training did not see; on dev [\d.]+ %\n$/,
    );
  });

  it('tells of text of another kind', () => {
    const { stderr } = space.run(['annotate', 'm', 'foreign.jsonl', '--monitor', '--quiet']);
    expect(stderr).toMatch(
      /^monitor: strong drift .*\n {2}vectors {3}PSI .* strong drift.*\n.* 100\.0 % that/,
    );
  });

  it('tells of sentences that are longer than any of training', () => {
    const { stderr } = space.run(['annotate', 'm', 'long.txt', '--monitor', '--quiet']);
    expect(stderr).toMatch(/^monitor: too few tokens to tell/);
    expect(stderr).toMatch(/ 1 sentences? longer than any of training \(\d+ tokens\)/);
  });

  it('tells the same of any number of threads, as JSON', () => {
    const reports = [1, 2].map((workers) => {
      const file = `report-${workers}.json`;
      const args = ['annotate', 'm', 'many.jsonl', '-o', `out-${workers}.jsonl`, '--workers', `${workers}`];
      const { status, stderr } = space.run([...args, '--monitor-file', file, '--quiet']);
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      return JSON.parse(readFileSync(space.path(file), 'utf8'));
    });
    expect(reports[0]).toMatchObject({ documents: 4000, drift: 'none', unknown: { now: 0 } });
    expect(reports[1]).toEqual(reports[0]);
  });

  it('is refused by a model that knows no training set, before anything is written', () => {
    cpSync(space.path('m'), space.path('old'), { recursive: true });
    rmSync(space.path('old/monitor.json'));
    const { sha256, ...config } = JSON.parse(readFileSync(space.path('m/config.json'), 'utf8'));
    const { 'monitor.json': _, ...others } = config.files;
    space.write('old/config.json', sealed({ ...config, files: others }));
    const args = ['annotate', 'old', 'few.jsonl', '-o', 'old.jsonl'];
    const refused = space.run([...args, '--monitor']);
    expect(refused.status).toBe(2);
    expect(refused.stderr).toMatch(
      /^error E_MODEL: the model tiny does not know .*\n.*\n.*try: train it again/,
    );
    expect(existsSync(space.path('old.jsonl'))).toBe(false);
    expect(space.run([...args, '--quiet'])).toMatchObject({ status: 0, stderr: '' });
  });
});

describe('the report', () => {
  const report: DriftReport = {
    sentences: 1,
    tokens: 12_345,
    drift: 'some',
    vectors: {
      psi: 0.1234,
      drift: 'some',
      training: { p10: 1, p50: 2, p90: 3.456 },
      now: { p10: 1.5, p50: 2.5, p90: 4 },
    },
    long: { sentences: 2, longest: 113 },
  };

  it('is the same lines for every model, without words where the model cannot tell', () => {
    expect(formatDrift(report, { documents: 1000, earlier: 0 })).toBe(
      [
        'monitor: some drift against the training set (1,000 documents, 1 sentence, 12,345 tokens)',
        '  vectors   PSI 0.123, some drift: norms 1.50 to 4.00, median 2.50; in training norms 1.00 to 3.46, median 2.00',
        '  lengths   2 sentences longer than any of training (113 tokens)',
        '',
      ].join('\n'),
    );
  });

  it('says what it does not cover of a run that goes on', () => {
    expect(formatDrift(report, { documents: 1, earlier: 20 })).toContain(
      '(1 document of this run, without the 20 of earlier runs, 1 sentence, 12,345 tokens)',
    );
  });
});
