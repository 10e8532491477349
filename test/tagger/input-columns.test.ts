/** Columns that go with given tokens. */
import { describe, expect, it } from 'vitest';
import { type AnnotateInput, documentOf } from '../../src/tagger/input.js';
import { documentMaker } from '../../src/text/make-document.js';

const of = (input: unknown) => documentOf(input as AnnotateInput, { makeDocument: documentMaker() });
const columnsOf = (input: unknown) => of(input).sentences.map(({ columns }) => columns);
const usage = (parts: object) =>
  expect.objectContaining({ code: 'E_USAGE', problems: [expect.objectContaining(parts)] });

describe('columns beside given tokens', () => {
  it('are those of each sentence, in lists as the tokens are', () => {
    expect(
      columnsOf({ tokens: ['Rain', 'fell'], columns: { pos: ['N', 'V'], lemma: ['rain', 'fall'] } }),
    ).toEqual([{ pos: ['N', 'V'], lemma: ['rain', 'fall'] }]);
    const tokens = [['Rain', 'fell'], [], ['Go']];
    expect(columnsOf({ tokens, columns: { pos: [['N', 'V'], [], ['V']] } })).toEqual([
      { pos: ['N', 'V'] },
      { pos: [] },
      { pos: ['V'] },
    ]);
    const offsets = [{ start: 0, end: 4 }];
    expect(columnsOf({ text: 'Rain', tokens: offsets, columns: { pos: ['N'] } })).toEqual([{ pos: ['N'] }]);
  });

  it('are absent where none are given', () => {
    expect(columnsOf({ tokens: ['Rain'] })).toEqual([undefined]);
    expect(columnsOf({ tokens: ['Rain'], columns: {} })).toEqual([undefined]);
    expect(of({ tokens: ['Rain', 'fell'] })).toEqual(of(['Rain', 'fell']));
  });

  it.each([
    ['too few', { tokens: ['Rain', 'fell'], columns: { pos: ['N'] } }, 'lists of 1'],
    ['in other lists', { tokens: [['Rain'], ['Go']], columns: { pos: ['N', 'V'] } }, 'lists of 2'],
    [
      'in lists of other lengths',
      { tokens: [['Rain'], ['Go']], columns: { pos: [['N', 'V'], []] } },
      'lists of 2, 0',
    ],
  ])('are refused where they are %s', (_, input, found) => {
    expect(() => of(input)).toThrow(
      usage({ message: 'the column "pos" does not go with the tokens', found }),
    );
  });

  it('are strings', () => {
    expect(() => of({ tokens: ['Rain'], columns: { pos: [7] } })).toThrow(
      usage({ message: 'a value of the column "pos" is no string', found: '7' }),
    );
    expect(() => of({ tokens: ['Rain'], columns: { pos: 'N' } })).toThrow(
      usage({ message: 'these are no values of the column "pos"' }),
    );
  });
});
