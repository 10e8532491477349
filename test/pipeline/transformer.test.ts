/** The transformer that a tagger is compared with, as a pipeline of its own. */
import { expect, it } from 'vitest';
import { transformerOf } from '../../src/pipeline/comparison/transformer.js';
import { parseConfig } from '../../src/pipeline/config.js';

const kindsOf = (embeddings: readonly object[]) => {
  const pipeline = parseConfig({ name: 'mine', corpus: 'news', embeddings, encoder: 'none' }, {});
  const made = transformerOf(pipeline, { kind: 'transformer', set: [] });
  return [...made.embeddings, ...[made.encoder].flat()].map(({ kind }) => kind);
};

const bert = { kind: 'bert', checkpoint: 'there' };

it('is from scratch, whatever the pipeline begins with', () => {
  const [word, shape] = [{ kind: 'word' }, { kind: 'shape' }];
  expect(kindsOf([word, shape])).toEqual(['word', 'shape', 'transformer']);
  expect(kindsOf([bert, shape])).toEqual(['shape', 'transformer']);
  expect(kindsOf([bert])).toEqual(['word', 'char-cnn', 'transformer']);
});
