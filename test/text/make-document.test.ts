import { describe, expect, it } from 'vitest';
import { documentMaker } from '../../src/text/make-document.js';
import { createSplitter, splitterKinds, splitterOptions } from '../../src/text/sentences.js';

const make = (kind: string, options = {}) => createSplitter(splitterOptions.parse({ kind, ...options }));
const sentences = (text: string, kind: string, options = {}) =>
  make(kind, options)
    .split(text)
    .map(({ start, end }) => text.slice(start, end));

describe.each(['natural', 'unicode'])('%s sentences', (kind) => {
  it('end at full stops, questions and exclamations, with their closing quotes', () => {
    const parts = ['Is it?', 'He said "Hi."', 'Go!', '(He left.)', '"Oh (well.)"', 'No $& end'];
    expect(sentences(parts.join('  '), kind)).toEqual(parts);
  });

  it('do not end after abbreviations, initials, numbers and in addresses', () => {
    const parts = [
      'Mr. J. Smith of example.com paid 3.14 in the U.S. economy.',
      'See Fig. 3 on www.a.org/b.html?c.',
    ];
    expect(sentences(parts.join(' '), kind)).toEqual(parts);
  });

  it('end with their line, unless the text is wrapped', () => {
    const text = 'A title\r\nin New\nYork.\n \nEnd';
    expect(sentences(text, kind)).toEqual(['A title', 'in New', 'York.', 'End']);
    expect(sentences(text, kind, { wrapped: true })).toEqual(['A title\r\nin New\nYork.', 'End']);
  });

  it('are found in one line of a million characters, and none is lost at a window', () => {
    const text = 'This is a sentence of some words.   So is this, is it not?  '.repeat(16_000);
    const found = sentences(text, kind);
    expect(found).toHaveLength(32_000);
    expect(new Set(found).size).toBe(2);
  });

  it('keep every character where nothing ends', () => {
    for (const text of ['a'.repeat(12_345), 'a b '.repeat(5_000), '. '.repeat(20_000), ' '.repeat(50_000)]) {
      expect(sentences(text, kind).join('').replace(/\s/g, '')).toBe(text.replace(/\s/g, ''));
    }
  });
});

describe('a document', () => {
  const text = ' Dr. Who left.\n\n“Don’t go!” she said to Zoë 😂.  Łódź is in Poland...';

  it.each(Object.keys(splitterKinds))('has tokens with offsets into its text, in order (%s)', (kind) => {
    const { sentences } = documentMaker({ splitter: make(kind) })(text, 'x');
    let end = 0;
    for (const token of sentences.flatMap(({ tokens }) => tokens)) {
      expect(text.slice(token.start, token.end)).toBe(token.text);
      expect(text.slice(end, token.start).trim()).toBe('');
      end = token.end;
    }
    expect(end).toBe(text.length);
  });

  it('of white space has no sentence', () => {
    for (const kind of Object.keys(splitterKinds)) {
      expect(documentMaker({ splitter: make(kind) })(' \n ').sentences).toEqual([]);
    }
  });
});
