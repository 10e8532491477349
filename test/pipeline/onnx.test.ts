/** Finished token classifiers, run by transformers.js where `TAGGER_TRANSFORMERS` names the folder that it is installed in. */
import { existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { namesOf } from '../../src/pipeline/comparison/onnx-system.js';
import { onnxFiles } from '../support/onnx-model.js';
import { sentences, tinyFiles, workspace } from '../support/workspace.js';

const modules = process.env.TAGGER_TRANSFORMERS ?? '';
const isThere = existsSync(join(modules, '@huggingface/transformers'));
const spans = { scheme: 'bioes', labels: ['LOC', 'PER'] } as const;
const config = (...names: string[]) => ({ config: { id2label: Object.fromEntries(names.entries()) } });

describe('the labels of a model', () => {
  it('are those of the corpus, or what the map makes of them', () => {
    const names = ['O', 'B-PERSON', 'I-PERSON', 'B-LOC', 'I-DATE', 'LABEL_5'];
    const labels = { PERSON: 'PER', DATE: 'O', LABEL_5: 'I-LOC' };
    expect(namesOf(config(...names), { model: 'm', labels }, spans)).toEqual([
      'O',
      'B-PER',
      'I-PER',
      'B-LOC',
      'O',
      'I-LOC',
    ]);
    const single = { scheme: 'none', labels: ['NOUN', 'VERB'] } as const;
    expect(namesOf(config('NN', 'VERB'), { model: 'm', labels: { NN: 'NOUN' } }, single)).toEqual([
      'NOUN',
      'VERB',
    ]);
  });

  it.each([
    [['O', 'B-PERSON', 'B-LOC'], {}, 'B-PERSON'],
    [['O', 'B-PER'], { PER: 'PERSON' }, 'B-PER'],
    [['PER'], {}, 'PER'],
    [[], {}, 'no id2label'],
  ])('%j with the map %j are refused', (names, labels, found) => {
    const open = () => namesOf(config(...names), { model: 'm', labels }, spans);
    expect(open).toThrow(/^m: the labels of the model are not those of the corpus/);
    expect(open).toThrow(`found: ${found}`);
  });
});

it('says what to install where the package is missing, before it trains', () => {
  const space = workspace();
  const set = ['--set', 'baselines=[{ kind: onnx, model: classifier }]'];
  const { status, stdout, stderr } = space.run(['train', 'tiny', '--quiet', ...set]);
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toContain('npm install @huggingface/transformers');
});

describe.skipIf(!isThere)(
  `an ONNX model in a comparison${isThere ? '' : ' (TAGGER_TRANSFORMERS names no folder with @huggingface/transformers)'}`,
  () => {
    /** First words of names are known, and the other words of them have pieces of their own; nothing else has. */
    const pieces = {
      ada: 'B-PERSON',
      boris: 'B-PERSON',
      clara: 'B-PERSON',
      tomas: 'B-PERSON',
      wel: 'I-PERSON',
      '##ler': 'B-LOC',
      lund: 'I-PERSON',
      lind: 'B-LOC',
      '##by': 'O',
    };

    function compared(positions: number) {
      const files = { ...tinyFiles(), ...onnxFiles('classifier', { pieces, unknown: 'O', positions }) };
      const space = workspace(files);
      mkdirSync(space.path('node_modules/@huggingface'), { recursive: true });
      const name = '@huggingface/transformers';
      symlinkSync(join(modules, name), space.path(`node_modules/${name}`));
      const baselines = '[{ kind: onnx, model: classifier, labels: { PERSON: PER } }]';
      const args = ['train', 'tiny', '--quiet', '--epochs', '1', '--set', `baselines=${baselines}`];
      expect(space.run(args)).toMatchObject({ status: 0, stderr: '' });
      const report = JSON.parse(readFileSync(space.path('models/tiny/report/report.json'), 'utf8'));
      return report.systems[1];
    }

    /** Entities of the test set whose words are these. */
    const goldOf = (names: readonly string[]) => {
      const words = sentences(8, 2).map((rows) => rows.map(({ word }) => word).join(' '));
      return names.reduce((sum, name) => sum + words.filter((text) => text.includes(name)).length, 0);
    };

    it('has the label of the first piece of every word', () => {
      const { name, scores, speed, size } = compared(64);
      const found = goldOf(['Ada Weller', 'Boris Lund', 'Clara', 'Lindby']);
      expect(found).toBeGreaterThan(2);
      // A first name alone is not Tomas Iversen.
      const wrong = goldOf(['Tomas']);
      expect(name).toBe('onnx');
      expect(scores.precision).toBeCloseTo((100 * found) / (found + wrong), 9);
      expect(scores.recall).toBeCloseTo(
        (100 * found) /
          goldOf(['Ada', 'Boris', 'Clara', 'Tomas', 'Zoë', 'Brook', 'Elena', 'Lindby', 'Oakfield']),
        9,
      );
      expect(speed.tokensPerSecond).toBeGreaterThan(0);
      expect(size.bytes).toBeGreaterThan(1000);
    }, 60_000);

    it('has no tag for words that do not fit into it, and these are errors', () => {
      const { scores } = compared(4);
      const gold = sentences(8, 2);
      // Two pieces fit between the ends: what is outside of entities is wrong too from there on.
      const seen = gold.flatMap((rows) => rows.slice(0, 2)).length;
      expect(scores.accuracy).toBeLessThanOrEqual((100 * seen) / gold.flat().length);
      expect(scores.tokens).toBe(gold.flat().length);
    }, 60_000);
  },
);
