import { describe, expect, it } from 'vitest';
import { charCnn } from '../../src/embeddings/char-cnn.js';
import { embeddingConformance, embeddingLayer, learning, sentences } from '../conformance/embedding.js';
import { Trial } from '../conformance/layer.js';
import { exact, expectClose, roundings } from '../support/close.js';

const options = (width: number, dropout = 0) => ({ kind: 'char-cnn', dim: 4, filters: 5, width, dropout });

await embeddingConformance(
  charCnn,
  [1, 3, 5].map((width) => ({
    name: `char-cnn of width ${width}`,
    options: options(width),
    random: options(width, 0.4),
    limit: 2,
  })),
);

const vocabulary = await charCnn.learn(charCnn.options.parse(options(3)), learning);

/** The rows of words, each a sentence. */
function rowsOf(...words: string[]): number[][] {
  const layer = embeddingLayer(
    charCnn,
    options(3),
    vocabulary,
    words.map((word) => [word]),
  );
  const y = new Trial(layer).output();
  return words.map((_, i) => [...y.subarray(i * layer.output, (i + 1) * layer.output)]);
}

describe('char-cnn', () => {
  it('knows the characters of the training words, whole code points, and 0 for every digit', () => {
    const { chars } = vocabulary;
    expect(chars).toContain('ï');
    expect(chars.filter((char) => /\d/.test(char))).toEqual(['0']);
    expect(new Set(chars).size).toBe(chars.length);
  });

  it('tells words apart that differ in a letter, in its case or in order, and not those that differ in digits', () => {
    const [the, The, eth, year, other] = rowsOf('the', 'The', 'eth', '1984', '2017');
    expect(The).not.toEqual(the);
    expect(eth).not.toEqual(the);
    expect(other).toEqual(year);
  });

  it('takes characters that training did not see for one unknown character', () => {
    const [one, two, pair, emoji] = rowsOf('東', '京', '東京', '😀');
    expect(two).toEqual(one);
    expect(emoji).toEqual(one);
    expect(pair).not.toEqual(one);
  });

  it('takes the empty word for one unknown character, wherever it stands', () => {
    const [first, the, unknown, last] = rowsOf('', 'the', '東', '');
    expect(first).toEqual(unknown);
    expect(last).toEqual(unknown);
    expect(the).not.toEqual(unknown);
  });

  // In training every token has a row of its own, at inference every distinct form.
  it('has the same rows and gradients in training and at inference when nothing is dropped', () => {
    const trial = new Trial(embeddingLayer(charCnn, options(3), vocabulary, [...sentences, ...sentences]));
    expectClose(trial.output([1]), trial.output(), exact);
    const inference = trial.gradients();
    trial.gradients([1]).forEach(({ name, gradient }, i) => {
      expectClose(gradient, inference[i].gradient, roundings(256, 4), `d${name}`);
    });
  });

  it('drops other characters at every token of a form', () => {
    const layer = embeddingLayer(charCnn, options(3, 0.5), vocabulary, [['the', 'the', 'the', 'the']]);
    const y = new Trial(layer).output([1]);
    const rows = [0, 1, 2, 3].map((i) => y.subarray(i * layer.output, (i + 1) * layer.output).join());
    expect(new Set(rows).size).toBe(4);
  });
});
