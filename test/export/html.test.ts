/** Pages: what is in them, for whom they can be read, and what nobody can put into them. */
import { describe, expect, it } from 'vitest';
import type { OutputFormat, OutputOptions } from '../../src/export/format.js';
import { colors, lines, stylesOf } from '../../src/export/html-colors.js';
import { nested } from '../../src/export/html-nesting.js';
import { page } from '../../src/export/html-style.js';
import { outputs } from '../../src/export/index.js';
import type { AnnotatedDocument } from '../../src/text/document.js';
import { seed, seeded } from '../support/arrays.js';
import { contentOf, stretchesOf } from './html-content.js';

const write = (documents: readonly AnnotatedDocument[], options: Partial<OutputOptions> = {}) => {
  const all = { label: 'ner', scheme: 'bioes', predicted: true, ...options } as const;
  const format = outputs.html.open(all) as OutputFormat;
  return format.head + documents.map((document) => format.write(document)).join(format.between) + format.tail;
};

/** Entities are told by their texts, each the first from where the one before began. */
function documentOf(
  id: string,
  text: string,
  ...stretches: readonly [text: string, label: string, score?: number][]
) {
  let from = 0;
  const entities = stretches.map(([part, label, score]) => {
    const start = text.indexOf(part, from);
    from = start;
    return { label, start, end: start + part.length, text: part, ...(score !== undefined && { score }) };
  });
  return { id, text, sentences: [], entities };
}

describe('a page', () => {
  it('has each document under its id, which is a link to it', () => {
    const html = write([documentOf('letters/a 1', 'Rain.'), documentOf('<b>"&', 'Sun.')]);
    expect(html).toContain(
      '<section id="letters%2Fa%201">\n<h2><a href="#letters%2Fa%201">letters/a 1</a></h2>',
    );
    expect(html).toContain('<a href="#%3Cb%3E%22%26">&lt;b&gt;&quot;&amp;</a>');
    expect(() => write([documentOf('half \ud83d', 'x')])).not.toThrow();
  });

  it('has labels beside entities, and probabilities where there are some', () => {
    const html = write([documentOf('a', 'Ada met Bo.', ['Ada', 'PER', 0.98765], ['Bo', 'PER'])]);
    expect(html).toMatch(
      /<mark class="\S+ \S+" data-label="PER" title="PER, probability 0\.98765">Ada<\/mark> met /,
    );
    expect(html).toMatch(/<mark class="\S+ \S+" data-label="PER">Bo<\/mark>/);
  });

  it('needs nothing else and runs nothing', () => {
    const html = write([documentOf('a', '<script>alert(1)</script>', ['alert', '"><script>x', 1])], {
      labels: ['<img src=x>'],
    });
    expect(html).not.toMatch(/<(?:script|link|img)|@import|url\(|<[^>]*\s(?:src|on\w+)=/);
    expect(html.match(/https?:/g)).toBeNull();
    expect(contentOf(html, 0)).toBe('<script>alert(1)</script>');
  });

  it('is text from right to left where the text is', () => {
    expect(write([documentOf('a', 'גר בירושלים')])).toContain('<div class="text" dir="auto">');
  });

  it('has no document but a head and a tail', () => {
    expect(write([])).toMatch(/^<!doctype html>\n.*<body>\n\n<\/body>\n<\/html>\n$/s);
  });
});

describe('stretches in each other', () => {
  const at = (start: number, end: number) => ({ start, end });

  it('stand in each other, the outer one first', () => {
    const html = write([
      documentOf('a', 'University of Bern', ['University of Bern', 'ORG'], ['Bern', 'LOC']),
    ]);
    expect(html).toMatch(/<mark [^>]*"ORG">University of <mark [^>]*"LOC">Bern<\/mark><\/mark>/);
    expect(stretchesOf(html, 0)).toMatchObject([{ text: 'University of Bern' }, { text: 'Bern' }]);
  });

  it('are cut where they cross, and the label stands at the end', () => {
    const [a, b, c] = [at(0, 5), at(3, 8), at(8, 9)];
    expect(nested([c, b, a])).toEqual([
      { of: a, start: 0, end: 5, isLast: true },
      { of: b, start: 3, end: 5, isLast: false },
      { of: b, start: 5, end: 8, isLast: true },
      { of: c, start: 8, end: 9, isLast: true },
    ]);
  });

  it(`never cross, cover what they covered and end once, seed ${seed}`, () => {
    const random = seeded();
    for (let round = 0; round < 300; round++) {
      const stretches = Array.from({ length: random.below(8) }, () => {
        const start = random.below(12);
        return at(start, start + 1 + random.below(6));
      });
      const pieces = nested(stretches);
      for (const [i, a] of pieces.entries()) {
        for (const b of pieces.slice(i + 1)) {
          expect(b.start).toBeGreaterThanOrEqual(a.start);
          expect(b.start >= a.end || b.end <= a.end, JSON.stringify(stretches)).toBe(true);
        }
      }
      for (const stretch of stretches) {
        const own = pieces.filter(({ of }) => of === stretch);
        expect(own.map(({ isLast }) => isLast)).toEqual(own.map((_, i) => i === own.length - 1));
        expect([own[0].start, own.at(-1)?.end]).toEqual([stretch.start, stretch.end]);
        expect(own.slice(1).every(({ start }, i) => start === own[i].end)).toBe(true);
      }
    }
  });
});

describe('colors', () => {
  it('are those of a label in every document and every file', () => {
    const labels = ['ORG', 'LOC', 'PER', 'MISC'];
    const [one, two] = [stylesOf(labels), stylesOf([...labels].reverse())];
    expect(labels.map(one)).toEqual(labels.map(two));
    expect(stylesOf()('PER')).toBe(stylesOf()('PER'));
    const html = (id: string) => write([documentOf(id, 'Ada', ['Ada', 'PER'])], { labels });
    expect(html('a').replaceAll('"a"', '"b"').replaceAll('#a', '#b').replaceAll('>a<', '>b<')).toBe(
      html('b'),
    );
  });

  it('differ for eight labels, and with the lines for 24', () => {
    const names = Array.from({ length: 30 }, (_, i) => `label-${i}`);
    const of = (count: number) => {
      const labels = names.slice(0, count);
      return labels.map(stylesOf(labels));
    };
    expect(new Set(of(8).map((style) => style % colors.length)).size).toBe(8);
    expect(new Set(of(24)).size).toBe(24);
    expect(of(30).every((style) => style < colors.length * lines.length)).toBe(true);
  });

  it('are in a legend where all labels are known', () => {
    const html = write([], { labels: ['LOC', 'P&R'] });
    expect([...html.matchAll(/<li><i class="c\d l\d"><\/i>(.*?)<\/li>/g)].map(([, label]) => label)).toEqual([
      'LOC',
      'P&amp;R',
    ]);
  });

  /** Least contrast of small text in WCAG 2 AA. */
  const least = 4.5;
  const rgb = (color: string) => [1, 3, 5].map((i) => Number.parseInt(color.slice(i, i + 2), 16));
  const mix = (a: number[], b: number[], percent: number) =>
    a.map((value, i) => (value * percent + b[i] * (100 - percent)) / 100);
  const luminance = (color: number[]) => {
    const [r, g, b] = color.map((value) => {
      const part = value / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (a: number[], b: number[]) => {
    const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y);
    return (light + 0.05) / (dark + 0.05);
  };

  it.each(['light', 'dark'] as const)('leave the text and the labels readable on a %s page', (name) => {
    const [paper, ink, quiet] = [page[name].paper, page[name].ink, page[name].quiet].map(rgb);
    expect(contrast(quiet, paper)).toBeGreaterThan(least);
    for (const color of colors.map(rgb)) {
      const background = mix(color, paper, page.background);
      const label = mix(color, ink, page.name);
      expect(contrast(ink, background)).toBeGreaterThan(7);
      expect(contrast(label, background)).toBeGreaterThan(least);
      expect(contrast(label, paper)).toBeGreaterThan(least);
    }
  });
});
