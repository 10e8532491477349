/** Words to pieces; what is expected of each was made by the Python library `tokenizers` of the same file. */
import { describe, expect, it } from 'vitest';
import { marksOf, openTokenizer, piecesOf } from '../../../src/embeddings/bert/tokenizer.js';
import { bytePieces, byteTokenizer, wordPieces, wordPieceTokenizer } from '../../support/checkpoint.js';

const tokenizers = {
  'word pieces': { json: wordPieceTokenizer(), pieces: wordPieces },
  'byte-level BPE': { json: byteTokenizer(), pieces: bytePieces },
};

describe.each([
  ['word pieces', 'the', ['the']],
  ['word pieces', 'THE', ['the']],
  ['word pieces', 'Risens', ['rise', '##n', '##s']],
  ['word pieces', 'risex', ['[UNK]']],
  ['word pieces', 'thé', ['the']],
  ['word pieces', '東東the', ['東', '東', 'the']],
  ['word pieces', 'the-alps', ['the', '[UNK]', 'alps']],
  ['word pieces', '😀', ['[UNK]']],
  ['word pieces', '\u0007', ['[UNK]']],
  ['word pieces', '[MASK]', ['[MASK]']],
  ['word pieces', 'a'.repeat(101), ['[UNK]']],
  ['byte-level BPE', 'alp', ['Ġalp']],
  ['byte-level BPE', 'palp', ['Ġ', 'p', 'a', 'lp']],
  ['byte-level BPE', 'ass', ['Ġa', 's', 's']],
] as const)('%s: the word %j', (kind, word, expected) => {
  it(`is ${expected.join(' ')}`, () => {
    const { json, pieces } = tokenizers[kind];
    const tokenizer = openTokenizer(json as never);
    const found = piecesOf(tokenizer, word, marksOf(tokenizer));
    expect(found.map((id) => pieces[id])).toEqual(expected);
  });
});

it('the marks around a sentence are those of the tokenizer', () => {
  expect(marksOf(openTokenizer(wordPieceTokenizer() as never))).toEqual({ begin: 2, end: 3, unknown: 1 });
  expect(marksOf(openTokenizer(byteTokenizer() as never))).toEqual({ begin: 0, end: 2, unknown: 2 });
});

it('a tokenizer that puts no marks around a sentence is refused', () => {
  const bare = { ...wordPieceTokenizer(), post_processor: null };
  expect(() => marksOf(openTokenizer(bare as never))).toThrow('puts 0 pieces around a text instead of 2');
});
