import { describe, expect, it } from 'vitest';
import type { Document } from '../../src/text/document.js';
import { withEntities, withTags } from '../../src/text/entity-tags.js';
import { documentMaker } from '../../src/text/make-document.js';
import { encodeSpans, type SpanScheme } from '../../src/text/schemes.js';
import { createTokenizer } from '../../src/text/tokenizers/index.js';
import { randomSentences } from './random-spans.js';

const make = documentMaker({ tokenizer: createTokenizer({ kind: 'unicode', locale: 'en' }) });

function documentOf(text: string, parts: Record<string, string>): Document {
  const entities = Object.entries(parts).map(([part, label]) => {
    const start = text.indexOf(part);
    return { label, start, end: start + part.length, text: part };
  });
  return { ...make(text, 'd'), entities, fields: { author: 'me' } };
}

describe('a document with entities', () => {
  const text = 'Zoë 👩‍🚀 Ng sailed  to Port Elena.\r\nלינדבי is far.';
  const document = documentOf(text, { 'Zoë 👩‍🚀 Ng': 'PER', 'Port Elena': 'LOC', לינדבי: 'LOC' });

  it('gets a column of BIOES tags and keeps all that it has', () => {
    const { document: tagged, misaligned } = withTags(document, { label: 'ner', policy: 'error' });
    expect(misaligned).toEqual([]);
    expect(tagged).toMatchObject({ id: 'd', text, fields: { author: 'me' }, entities: document.entities });
    expect(tagged.sentences.map(({ columns }) => columns?.ner.join(' '))).toEqual([
      'B-PER I-PER E-PER O O B-LOC E-LOC O',
      'S-LOC O O O',
    ]);
  });

  it('gets the same entities back from its tags', () => {
    const { document: tagged } = withTags(document, { label: 'ner', policy: 'error' });
    const { entities: _, ...bare } = tagged;
    expect(withEntities(bare, 'ner', 'bioes')).toEqual(tagged);
  });
});

it('tags of every scheme come back from the entities that they write', () => {
  for (const scheme of ['iob1', 'bio', 'bioes'] as SpanScheme[]) {
    const cases = randomSentences(7, 200);
    const text = cases.map(({ length }) => 'w '.repeat(length)).join('\n');
    let offset = 0;
    const sentences = cases.map(({ spans, length }) => {
      const tokens = Array.from({ length }, (_, i) => {
        const start = offset + 2 * i;
        return { text: 'w', start, end: start + 1 };
      });
      offset += 2 * length + 1;
      return { tokens, columns: { ner: encodeSpans(spans, length, scheme) } };
    });
    const document = withEntities({ id: 'd', text, sentences }, 'ner', scheme);
    expect(document.entities).toHaveLength(cases.flatMap(({ spans }) => spans).length);
    const again = withTags(document, { label: 'again', policy: 'error' });
    expect(again.misaligned).toEqual([]);
    expect(again.document.sentences.map(({ columns }) => columns?.again)).toEqual(
      cases.map(({ spans, length }) => encodeSpans(spans, length, 'bioes')),
    );
  }
});

it('labels of single tokens are no entities', () => {
  const document = {
    ...make('go on'),
    sentences: [{ tokens: make('go').sentences[0].tokens, columns: { pos: ['VB'] } }],
  };
  expect(withEntities(document, 'pos', 'none')).toBe(document);
});
