/** A pretrained model, fine-tuned by a pipeline: what is learnt, saved and used without the checkpoint. */
import { readFileSync, rmSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { checkpointFiles, fresh, wordPieceTokenizer } from '../support/checkpoint.js';
import { sentences, tinyFiles, workspace } from '../support/workspace.js';

const marks = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]'];
/** The words of the corpus, but for one that is two pieces and one that is none of them. */
const words = new Set(sentences(24).flatMap((rows) => rows.map(({ word }) => word.toLowerCase())));
words.delete('bakery');
words.delete('sailed');
const pieces = [...marks, ...words, 'zoe', 'sail', '##ed'];

const files = tinyFiles();
const pipeline = (more: string) =>
  files['tiny.yaml'].replace(
    /\nembeddings[\s\S]*$/,
    `
embeddings: [{ kind: bert, checkpoint: checkpoint }]
${more}
training:
  epochs: 60
  batch: 4
  optimizer: { kind: adamw, rate: 0.01 }
  schedule: { kind: linear, warmup: 0.1 }
`,
  );

const space = workspace({
  ...files,
  ...checkpointFiles({
    fill: fresh,
    tokenizer: wordPieceTokenizer(pieces),
    sizes: { pieces: pieces.length, positions: 32, width: 16, embedding: 16 },
    config: { hidden_dropout_prob: 0.1, attention_probs_dropout_prob: 0.1 },
  }),
  'one.yaml': pipeline('encoder: none\ndecoder: softmax'),
  'above.yaml': pipeline(
    'encoder: { kind: lstm, units: 8, inputDropout: 0.1, outputDropout: 0.1 }\ndecoder: crf',
  ),
});

const text = 'Ada Weller opened a bakery in Lindby. Yesterday Boris Lund sailed home.\n';
const read = (name: string) => readFileSync(space.path(name));

function run(...args: string[]): string {
  const { status, stdout, stderr } = space.run(args, text);
  expect(status, stderr).toBe(0);
  return stdout;
}

beforeAll(() => {
  run('train', 'one.yaml', '--output', 'one', '--workers', '1');
  run('train', 'one.yaml', '--output', 'two', '--workers', '2');
  run('train', 'above.yaml', '--output', 'above', '--workers', '1');
  rmSync(space.path('checkpoint'), { recursive: true });
}, 120_000);

describe('a pretrained model that was fine-tuned', () => {
  it.each(['one', 'above'])('has learnt the corpus: %s', (model) => {
    const { dev } = JSON.parse(read(`${model}/metrics.json`).toString());
    expect(dev.f1).toBeGreaterThan(90);
  });

  it('is the same to the byte from one worker and from two', () => {
    for (const name of ['model.safetensors', 'vocabulary.json']) {
      expect(read(`one/${name}`).equals(read(`two/${name}`)), name).toBe(true);
    }
  });

  it.each(['one', 'above'])('scores without its checkpoint as in training: %s', (model) => {
    const { test } = JSON.parse(read(`${model}/metrics.json`).toString());
    const scores = JSON.parse(run('evaluate', model, 'test.txt', '--json'));
    expect(scores.f1).toBe(test.f1);
    // It knows pieces and no words.
    expect(scores).not.toHaveProperty('known');
  });

  it('annotates in threads, which have its tokenizer of the shared memory, as in one', () => {
    space.write('more.txt', text.repeat(50));
    const [one, two] = ['1', '2'].map((workers) => run('annotate', 'one', 'more.txt', '--workers', workers));
    expect(two).toBe(one);
    expect(one).toContain('Lindby');
  });

  it('cannot be trained again without its checkpoint', () => {
    const { status, stderr } = space.run(['train', 'one.yaml', '--output', 'three']);
    expect(status).toBe(2);
    expect(stderr).toContain('E_PRETRAINED');
    expect(stderr).toContain('there is no pretrained model "checkpoint"');
  });
});
