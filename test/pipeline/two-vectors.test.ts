/** Two sets of word vectors side by side. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeSafetensors, type Tensor } from '../../src/core/safetensors.js';
import { loadPipeline } from '../../src/pipeline/config.js';
import { runPipeline } from '../../src/pipeline/run.js';
import { Tagger } from '../../src/tagger/index.js';
import { tinyFiles, workspace } from '../support/workspace.js';

const files = tinyFiles();
/** Numbers that half precision holds exactly. */
const vectorsOf = (words: readonly string[], dim: number) =>
  words
    .map((word, w) => `${word} ${Array.from({ length: dim }, (_, i) => (w + 1) / 4 - i).join(' ')}\n`)
    .join('');
const space = workspace({
  ...files,
  'one.txt': vectorsOf(['Rain', 'opened', 'harbour'], 3),
  'two.txt': vectorsOf(['opened', 'twice', 'lantern', 'gravel'], 5),
  'tiny.yaml': files['tiny.yaml'].replace(
    /^embeddings: .*$/m,
    `embeddings:
  - { kind: word, dim: 3, vectors: one.txt }
  - { kind: word, dim: 5, vectors: two.txt, tune: false }`,
  ),
});

const cache = process.env.TAGGER_CACHE;
let records: { kind: string; text?: string }[] = [];
let tensors: ReadonlyMap<string, Tensor>;
let vocabularies: readonly { readonly words: readonly string[]; readonly kept: readonly string[] }[];
beforeAll(async () => {
  process.env.TAGGER_CACHE = space.path('cache');
  const pipeline = await loadPipeline('tiny', { cwd: space.folder });
  const run = runPipeline(pipeline, { output: space.path('m'), base: space.folder, workers: 1 });
  records = [];
  for (let next = await run.next(); !next.done; next = await run.next()) records.push(next.value);
  const path = space.path('m/model.safetensors');
  tensors = decodeSafetensors(readFileSync(path), path);
  vocabularies = JSON.parse(readFileSync(space.path('m/vocabulary.json'), 'utf8'));
});
afterAll(() => {
  if (cache === undefined) delete process.env.TAGGER_CACHE;
  else process.env.TAGGER_CACHE = cache;
});

/** The row of a word in a table. */
function rowOf(embedding: number, word: string): number[] {
  const { bytes, shape } = tensors.get(`embeddings.${embedding}.table`) ?? expect.fail('no such table');
  const floats = new Float32Array(new Uint8Array(bytes).buffer);
  const row = vocabularies[embedding].words.indexOf(word) + 1;
  return [...floats.subarray(row * shape[1], (row + 1) * shape[1])];
}

describe('two word embeddings with vectors of their own', () => {
  it('have a table each, of their own width', () => {
    const widths = [0, 1].map((i) => tensors.get(`embeddings.${i}.table`)?.shape[1]);
    expect(widths).toEqual([3, 5]);
  });

  it('keep the words of their own file that training never saw', () => {
    expect(vocabularies.map(({ kept }) => kept)).toEqual([['harbour'], ['lantern', 'gravel']]);
    expect([0, 1].map((i) => tensors.get(`embeddings.${i}.kept`)?.shape)).toEqual([
      [1, 3],
      [2, 5],
    ]);
  });

  it('are trained or frozen each by itself', () => {
    expect(rowOf(1, 'opened')).toEqual([0.25, -0.75, -1.75, -2.75, -3.75]);
    expect(rowOf(1, 'twice')).toEqual([0.5, -0.5, -1.5, -2.5, -3.5]);
    expect(rowOf(0, 'opened')).not.toEqual([0.5, -0.5, -1.5]);
    for (const [i, value] of rowOf(0, 'opened').entries()) expect(value).not.toBe([0.5, -0.5, -1.5][i]);
  });

  it('are told of in the log, and what memory they take', () => {
    const texts = records.map(({ text }) => text ?? '').join('\n');
    expect(texts).toMatch(
      /word 3 \(\d+ words, one\.txt, 1 more kept\), word 5 \(\d+ words, two\.txt, 2 more kept\)/,
    );
    expect(texts).toMatch(/memory: parameters [\d.]+ \w+/);
  });

  it('are both there when the model is loaded', async () => {
    const tagger = await Tagger.load(space.path('m'));
    const score = (word: string) => tagger.annotate([word], { scores: true }).tokens[0].score;
    // A word that one of them knows is another than a word that none does; two that only differ there differ.
    const unknown = score('qqq');
    expect(score('harbour')).not.toBe(unknown);
    expect(score('lantern')).not.toBe(unknown);
    tagger.close();
  });
});
