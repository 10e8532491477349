import { describe, expect, it } from 'vitest';
import { type AlignPolicy, alignPolicies, alignSpans } from '../../src/text/align-spans.js';
import type { Entity, Sentence, Span, Token } from '../../src/text/document.js';
import { randomNumbers } from './random-spans.js';

/** Tokens are what stands between spaces and bars, sentences what stands between line breaks. A bar is a character of the text. */
function cut(text: string): Sentence[] {
  return [...text.matchAll(/[^\n]+/g)].map(({ 0: line, index }) => ({
    tokens: [...line.matchAll(/[^\s|]+|\|/g)].map(({ 0: word, index: at }) => ({
      text: word,
      start: index + at,
      end: index + at + word.length,
    })),
  }));
}

const find = (text: string, part: string, label = 'X'): Entity => {
  const start = text.indexOf(part);
  return { label, start, end: start + part.length, text: part };
};

function align(text: string, parts: readonly (string | Entity)[], policy: AlignPolicy = 'drop') {
  const entities = parts.map((part) => (typeof part === 'string' ? find(text, part) : part));
  const { sentences, spans, misaligned } = alignSpans(text, cut(text), entities, policy);
  const words = spans.map((own, s) =>
    own.map(({ first, end }) => sentences[s].tokens.slice(first, end).map((token) => token.text)),
  );
  return { sentences, spans, words, misaligned };
}

describe('an entity on token edges', () => {
  it('becomes its tokens under every policy, without a record', () => {
    for (const policy of alignPolicies) {
      const { spans, misaligned } = align('Ada Weller came\nto Lindby', ['Ada Weller', 'Lindby'], policy);
      expect(spans).toEqual([[{ label: 'X', first: 0, end: 2 }], [{ label: 'X', first: 1, end: 2 }]]);
      expect(misaligned).toEqual([]);
    }
  });

  it('may be white space where there is a token of it', () => {
    const token = { text: ' ', start: 1, end: 2 };
    const sentence = { tokens: [{ text: 'a', start: 0, end: 1 }, token, { text: 'b', start: 2, end: 3 }] };
    const { spans, misaligned } = alignSpans('a b', [sentence], [{ label: 'X', ...token }], 'error');
    expect([spans, misaligned]).toEqual([[[{ label: 'X', first: 1, end: 2 }]], []]);
  });
});

describe('an entity that begins or ends inside a token', () => {
  const text = 'near Port-Elena Bay';
  const entity = find(text, 'Elena Bay');

  it('is expanded to all of the tokens that it touches', () => {
    const { words, misaligned } = align(text, [entity], 'expand');
    expect(words).toEqual([[['Port-Elena', 'Bay']]]);
    expect(misaligned).toEqual([
      {
        entity,
        reasons: ['edges'],
        outcome: 'expanded',
        outer: { start: 5, end: 19, text: 'Port-Elena Bay' },
        inner: { start: 16, end: 19, text: 'Bay' },
      },
    ]);
  });

  it('is contracted to the tokens wholly inside it, and dropped where there are none', () => {
    const { words, misaligned } = align(text, ['Elena Bay', 'nea'], 'contract');
    expect(words).toEqual([[['Bay']]]);
    expect(misaligned).toMatchObject([
      { outcome: 'contracted' },
      { reasons: ['edges'], outcome: 'dropped', outer: { text: 'near' }, inner: undefined },
    ]);
  });

  it.each([
    ['drop', 'dropped'],
    ['error', 'refused'],
  ] as const)('is left out under %s and marked as %s', (policy, outcome) => {
    const { words, misaligned } = align(text, [entity], policy);
    expect(words).toEqual([[]]);
    expect(misaligned).toMatchObject([{ entity, outcome, inner: { text: 'Bay' } }]);
  });
});

it('white space at the edges of an entity is taken off and is no fault', () => {
  for (const policy of alignPolicies) {
    const { words, misaligned } = align('in Port\u00A0 Elena  now', [' Port\u00A0 Elena  '], policy);
    expect(words).toEqual([[['Port', 'Elena']]]);
    expect(misaligned).toMatchObject([{ reasons: ['space'], outcome: 'kept' }]);
  }
});

describe('an entity of no token', () => {
  it.each([
    ['expand', 'dropped'],
    ['contract', 'dropped'],
    ['drop', 'dropped'],
    ['error', 'refused'],
  ] as const)('is recorded under %s as %s', (policy, outcome) => {
    const empty = { label: 'X', start: 1, end: 1, text: '' };
    const space = { label: 'X', start: 1, end: 3, text: '  ' };
    const beyond = { label: 'X', start: 9, end: 12, text: '' };
    const { words, misaligned } = align('a  b', [empty, space, beyond], policy);
    expect(words).toEqual([[]]);
    expect(misaligned.map(({ reasons, outcome }) => [reasons, outcome])).toEqual([
      [['empty'], outcome],
      [['empty'], outcome],
      [['empty'], outcome],
    ]);
  });
});

describe('of entities that overlap', () => {
  it('the longest stays, then the earliest, and each other one names the one that stays', () => {
    const { words, misaligned } = align('a b c d e', ['a b', 'b c d', 'd e', 'c']);
    expect(words).toEqual([[['b', 'c', 'd']]]);
    const stays = { text: 'b c d' };
    expect(misaligned).toMatchObject([
      { entity: { text: 'a b' }, reasons: ['overlap'], outcome: 'dropped', other: stays },
      { entity: { text: 'd e' }, reasons: ['overlap'], outcome: 'dropped', other: stays },
      { entity: { text: 'c' }, reasons: ['overlap'], outcome: 'dropped', other: stays },
    ]);
    expect(align('a b c', ['b c', 'a b']).words).toEqual([[['a', 'b']]]);
  });

  it('none may be left out under error', () => {
    expect(align('a b', ['a b', 'b'], 'error').misaligned).toMatchObject([{ outcome: 'refused' }]);
  });

  it('two with the same tokens and label are one, which is no fault', () => {
    const { words, misaligned } = align('a b', ['a b', 'a b '.trim()], 'error');
    expect(words).toEqual([[['a', 'b']]]);
    expect(misaligned).toMatchObject([{ reasons: ['repeated'], outcome: 'merged' }]);
    const other = find('a b', 'a b', 'Y');
    expect(align('a b', ['a b', other], 'error').misaligned).toMatchObject([{ outcome: 'refused' }]);
  });

  it('those that were dropped for their edges are in nobody’s way', () => {
    const { words, misaligned } = align('ab cd', ['b cd', 'cd']);
    expect(words).toEqual([[['cd']]]);
    expect(misaligned).toHaveLength(1);
  });
});

describe('an entity across sentences', () => {
  it('joins them, all that it touches, under every policy', () => {
    for (const policy of alignPolicies) {
      const { words, sentences, misaligned } = align(
        'at St.\nLind\nby\nPort\nx',
        ['St.\nLind\nby', 'x'],
        policy,
      );
      expect(sentences.map(({ tokens }) => tokens.length)).toEqual([4, 1, 1]);
      expect(words).toEqual([[['St.', 'Lind', 'by']], [], [['x']]]);
      expect(misaligned).toMatchObject([{ reasons: ['sentences'], outcome: 'kept' }]);
    }
  });

  it('joins nothing if it is dropped', () => {
    const { sentences, misaligned } = align('ab\ncd', ['b\ncd']);
    expect(sentences).toHaveLength(2);
    expect(misaligned).toMatchObject([{ reasons: ['edges'], outcome: 'dropped' }]);
  });

  it('keeps the columns that all of the sentences have', () => {
    const [first, second] = cut('a b\nc').map((sentence, i) => ({
      ...sentence,
      columns: {
        pos: sentence.tokens.map(({ text }) => text.toUpperCase()),
        ...(i === 0 && { odd: ['1', '2'] }),
      },
    }));
    const { sentences } = alignSpans('a b\nc', [first, second], [find('a b\nc', 'b\nc')], 'error');
    expect(sentences.map(({ columns }) => columns)).toEqual([{ pos: ['A', 'B', 'C'] }]);
  });
});

describe('whatever the text and the entities,', () => {
  const letters = [...'ab|| \n\u00A0é😂', 'e\u0301', '👩‍🚀', 'שלום', '  ', '\r\n'];

  function randomCase(seed: number) {
    const random = randomNumbers(seed);
    const below = (n: number) => Math.floor(random() * n);
    const text = Array.from({ length: below(40) }, () => letters[below(letters.length)]).join('');
    const entities = Array.from({ length: below(8) }, () => {
      const start = below(text.length + 1);
      const end = Math.min(text.length, start + below(9));
      return { label: ['X', 'Y'][below(2)], start, end, text: text.slice(start, end) };
    });
    return { text, sentences: cut(text), entities };
  }

  const inText = ({ label, first, end }: Span, tokens: readonly Token[]) => ({
    label,
    start: tokens[first].start,
    end: tokens[end - 1].end,
  });

  it.each(alignPolicies)('nothing is lost without a record, and tokens stay as they are (%s)', (policy) => {
    for (let seed = 1; seed <= 1500; seed++) {
      const { text, sentences, entities } = randomCase(seed);
      const aligned = alignSpans(text, sentences, entities, policy);
      const tokens = aligned.sentences.flatMap((sentence) => sentence.tokens);
      expect(tokens, `seed ${seed}`).toEqual(sentences.flatMap((sentence) => sentence.tokens));
      const found = aligned.spans.flatMap((own, s) =>
        own.map((span) => inText(span, aligned.sentences[s].tokens)),
      );
      const isFound = (label: string, at?: { start: number; end: number }) =>
        found.some((span) => span.label === label && span.start === at?.start && span.end === at?.end);
      // As many spans as entities that stay, and each of these is where its record says.
      const lost = aligned.misaligned.filter(({ outcome }) => /merged|dropped|refused/.test(outcome));
      expect(found.length + lost.length, `seed ${seed}`).toBe(entities.length);
      const recorded = new Map(aligned.misaligned.map((record) => [record.entity, record]));
      for (const entity of entities) {
        const { outcome = 'kept', outer = entity, inner, other } = recorded.get(entity) ?? {};
        const at = { kept: outer, expanded: outer, contracted: inner }[outcome as string];
        if (at) expect(isFound(entity.label, at), `seed ${seed}`).toBe(true);
        if (outcome === 'merged') expect(other?.label, `seed ${seed}`).toBe(entity.label);
      }
      for (let i = 1; i < found.length; i++) {
        expect(found[i].start, `seed ${seed}`).toBeGreaterThanOrEqual(found[i - 1].end);
      }
    }
  });

  it('what is expanded holds its entity, what is contracted lies in it', () => {
    const seen = { expanded: 0, contracted: 0 };
    for (let seed = 1; seed <= 1500; seed++) {
      const { text, sentences, entities } = randomCase(seed);
      for (const policy of ['expand', 'contract'] as const) {
        for (const { entity, outcome, outer, inner } of alignSpans(text, sentences, entities, policy)
          .misaligned) {
          const content = entity.text.trim();
          const start = entity.start + entity.text.indexOf(content);
          if (outer)
            expect(outer.start <= start && outer.end >= start + content.length, `seed ${seed}`).toBe(true);
          if (inner)
            expect(inner.start >= entity.start && inner.end <= entity.end, `seed ${seed}`).toBe(true);
          if (outcome === 'expanded' || outcome === 'contracted') seen[outcome]++;
          expect(outcome === 'refused', `seed ${seed}`).toBe(false);
        }
      }
    }
    expect(Math.min(seen.expanded, seen.contracted)).toBeGreaterThan(100);
  });

  it('entities that are runs of tokens come back exactly', () => {
    for (let seed = 1; seed <= 1500; seed++) {
      const { text, sentences } = randomCase(seed);
      const random = randomNumbers(seed + 0.5);
      const spans = sentences.map(({ tokens }) =>
        tokens.flatMap((_, first) => (random() < 0.4 ? [{ label: 'X', first, end: first + 1 }] : [])),
      );
      const entities = spans.flatMap((own, s) =>
        own.map((span) => {
          const { start, end } = inText(span, sentences[s].tokens);
          return { label: 'X', start, end, text: text.slice(start, end) };
        }),
      );
      const aligned = alignSpans(text, sentences, entities, 'error');
      expect(aligned, `seed ${seed}`).toEqual({ sentences, spans, misaligned: [] });
    }
  });
});

it('a hundred thousand nested entities in one sentence take a moment, not minutes', () => {
  const size = 100_000;
  const tokens = Array.from({ length: size }, (_, i) => ({ text: 'a', start: 2 * i, end: 2 * i + 1 }));
  const entities = Array.from({ length: size }, (_, i) => ({
    label: 'X',
    start: i & ~1,
    end: 2 * size - 1,
    text: '',
  }));
  const { spans, misaligned } = alignSpans('a '.repeat(size), [{ tokens }], entities, 'drop');
  expect([spans[0].length, misaligned.length]).toEqual([1, size - 1]);
});
