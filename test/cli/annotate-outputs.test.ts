/** What `tagger annotate` writes, read back by `tagger convert` and `tagger corpus check`: the same entities in every format. */
import { existsSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { workspace } from '../support/workspace.js';

const space = workspace();
const texts = [
  ['a/1', 'Ada Weller opened a bakery in Lindby. 😂 Rain fell on Port  Elena all day.'],
  ['two', 'Yesterday 😂 Clara sailed home.\r\n\tZoe\u0308 Ng thanked no\u0303 one twice.'],
  ['empty', ''],
  ['none', 'home'],
] as const;

beforeAll(() => {
  const pos = ['--set', 'corpus.label=pos', '--set', 'corpus.scheme=none'];
  for (const [name, ...set] of [['m'], ['pos', ...pos]]) {
    expect(space.run(['train', 'tiny', '--quiet', '--epochs', '8', '-o', name, ...set]).status).toBe(0);
  }
  space.write('in.jsonl', texts.map(([id, text]) => `${JSON.stringify({ id, text })}\n`).join(''));
});

interface Stretch {
  readonly label: string;
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly score?: number;
}
interface Found {
  readonly id: string;
  readonly text: string;
  readonly tokens: readonly Stretch[];
  readonly entities: readonly Stretch[];
}

function tagger(...args: string[]): string {
  const { status, stdout, stderr } = space.run(args);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return stdout;
}

const read = (name: string) => readFileSync(space.path(name), 'utf8');
const records = (lines: string): Found[] =>
  lines.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line)]));
const annotate = (...options: string[]) => records(tagger('annotate', 'm', 'in.jsonl', ...options));
const bare = (entities: readonly Stretch[]) =>
  entities.map(({ label, start, end, text }) => ({ label, start, end, text }));
const withEntities = (found: readonly Found[]) =>
  found.map(({ id, text, entities }) => ({ id, text, entities: bare(entities) }));
const words = (entities: readonly Stretch[]) =>
  entities.map(({ label, text }) => [label, text.replace(/\s+/gu, ' ')]);

/** Entities as rows of columns show them. */
function entitiesOfRows(
  text: string,
  tagIn: (cells: readonly string[]) => string,
  wordAt: number,
): string[][] {
  const found: string[][] = [];
  for (const line of text.split('\n').filter((row) => row !== '' && !row.startsWith('# '))) {
    const cells = line.split(/[\t ]/);
    const [prefix, label] = tagIn(cells).split('-');
    if (prefix === 'B') found.push([label, cells[wordAt]]);
    if (prefix === 'I') found[found.length - 1][1] += ` ${cells[wordAt]}`;
  }
  return found;
}

/** Cells of CSV without quoted ones. */
const rowsOf = (text: string, separator: string) =>
  text
    .replace(/\n$/, '')
    .split('\n')
    .map((row) => row.split(separator));

describe('the same entities are in', () => {
  let found: Found[];
  beforeAll(() => {
    found = annotate();
    expect(found.map(({ entities }) => entities.length > 0)).toEqual([true, true, false, false]);
  });

  it.each(['jsonl', 'doccano', 'label-studio', 'prodigy', 'spacy'])('%s', (format) => {
    tagger('annotate', 'm', 'in.jsonl', '--to', format, '-o', `out.${format}`);
    const back = records(tagger('convert', `out.${format}`, '--from', format, '--to', 'jsonl'));
    expect(withEntities(back)).toEqual(withEntities(found));
    expect(tagger('corpus', 'check', `out.${format}`, '--format', format)).toMatch(/\bLOC +\d/);
  });

  it('brat, a pair of files a document', () => {
    tagger('annotate', 'm', 'in.jsonl', '--to', 'brat', '-o', 'pairs/');
    for (const [id, text] of texts) expect(read(`pairs/${id}.txt`)).toBe(text);
    const pairs = texts.map(([id]) => `pairs/${id}.ann`);
    const back = records(tagger('convert', ...pairs, '--from', 'brat', '--to', 'jsonl'));
    expect(back.map(({ text, entities }) => ({ text, entities: bare(entities) }))).toEqual(
      found.map(({ text, entities }) => ({ text, entities: bare(entities) })),
    );
  });

  it.each(['bio', 'bioes', 'iob1'])('conll, with --tags %s', (tags) => {
    tagger('annotate', 'm', 'in.jsonl', '--tags', tags, '-o', `${tags}.conll`);
    const check = tagger('corpus', 'check', `${tags}.conll`, '--columns', 'word,ner', '--scheme', tags);
    expect(check).toMatch(/\bPER +\d/);
    const back = records(
      tagger('convert', `${tags}.conll`, '--columns', 'word,ner', '--scheme', tags, '--to', 'jsonl'),
    );
    expect(back.flatMap(({ entities }) => words(entities))).toEqual(
      found.flatMap(({ entities }) => words(entities)),
    );
    expect(back.flatMap(({ tokens }) => tokens.map(({ text }) => text))).toEqual(
      found.flatMap(({ tokens }) => tokens.map(({ text }) => text)),
    );
  });

  it('conllu, whose text is whole', () => {
    tagger('annotate', 'm', 'in.jsonl', '-o', 'out.conllu');
    const text = read('out.conllu');
    const tagIn = (cells: readonly string[]) => /NER=([^|]+)/.exec(cells[9])?.[1] ?? 'O';
    expect(entitiesOfRows(text, tagIn, 1)).toEqual(found.flatMap(({ entities }) => words(entities)));
    expect(text).toContain('# newdoc id = a/1\n# text = Ada Weller opened a bakery in Lindby.\n');
    // What it was made of can be annotated again.
    const again = records(tagger('annotate', 'm', 'out.conllu'));
    expect(again.flatMap(({ entities }) => words(entities))).toEqual(
      found.flatMap(({ entities }) => words(entities)),
    );
  });

  it.each([
    ['csv', ','],
    ['tsv', '\t'],
  ])('%s', (format, separator) => {
    tagger('annotate', 'm', 'in.jsonl', '-o', `out.${format}`);
    const [head, ...rows] = rowsOf(read(`out.${format}`), separator);
    expect(head).toEqual(['id', 'start', 'end', 'label', 'text', 'score']);
    expect(rows).toEqual(
      found.flatMap(({ id, entities }) =>
        entities.map(({ start, end, label, text }) => [id, `${start}`, `${end}`, label, text, '']),
      ),
    );
  });

  it('a page', () => {
    tagger('annotate', 'm', 'in.jsonl', '-o', 'out.html');
    const page = read('out.html');
    for (const { entities } of found) for (const { text } of entities) expect(page).toContain(`>${text}<`);
    expect(page).not.toMatch(/\b(src|href)="?https?:/);
    expect(page.trimEnd().endsWith('</html>')).toBe(true);
  });
});

describe('where output goes', () => {
  it('a file by its ending, which --to overrules, is what goes to stdout', () => {
    for (const [ending, format] of [
      ['csv', 'csv'],
      ['ndjson', 'jsonl'],
      ['bio', 'conll'],
      ['TSV', 'tsv'],
      ['txt', 'jsonl'],
    ]) {
      tagger('annotate', 'm', 'in.jsonl', '-o', `by.${ending}`);
      expect(read(`by.${ending}`)).toBe(tagger('annotate', 'm', 'in.jsonl', '--to', format));
    }
    tagger('annotate', 'm', 'in.jsonl', '--to', 'doccano', '-o', 'other.csv');
    expect(JSON.parse(read('other.csv').split('\n')[0])).toMatchObject({
      id: 'a/1',
      label: [
        [0, 10, 'PER'],
        [30, 36, 'LOC'],
        [54, 65, 'LOC'],
      ],
    });
  });

  it('a folder of texts becomes a folder of pairs, and of any other format', () => {
    const files = { 'texts/a.txt': texts[0][1], 'texts/sub/b.txt': texts[1][1], 'texts/sub/c.txt': '' };
    for (const [name, text] of Object.entries(files)) space.write(name, text);
    tagger('annotate', 'm', 'texts', '--to', 'brat', '-o', 'texts/found');
    for (const [name, text] of Object.entries(files)) {
      expect(read(`texts/found/${name}.txt`)).toBe(text);
      expect(existsSync(space.path(`texts/found/${name}.ann`))).toBe(true);
    }
    // The files of the run itself are none of its inputs; those of another one are.
    tagger('annotate', 'm', 'texts/*.txt', 'texts/sub', '--to', 'conll', '-o', 'columns/');
    expect(read('columns/texts/a.txt.conll')).toMatch(/^Ada B-PER\nWeller I-PER\n/);
    expect(read('columns/texts/sub/c.txt.conll')).toBe('');
  });
});

describe('options of the output', () => {
  it('--offsets codepoint counts as Python does, in every place of a record', () => {
    const [utf16] = annotate('--nbest', '2');
    const [codepoint] = annotate('--nbest', '2', '--offsets', 'codepoint') as (Found & {
      nbest: (typeof utf16)[];
    })[];
    const characters = [...codepoint.text];
    for (const { start, end, text } of [...codepoint.tokens, ...codepoint.entities]) {
      expect(characters.slice(start, end).join('')).toBe(text);
    }
    expect(codepoint.entities.map(({ start }) => start)).toEqual(
      utf16.entities.map(({ start }) => [...utf16.text.slice(0, start)].length),
    );
    expect(codepoint.nbest.at(-1)).toMatchObject({ end: characters.length });
  });

  it('--min-score holds in every format, in columns too', () => {
    const scored = annotate('--scores').flatMap(({ entities }) => entities);
    const scores = scored.map(({ score }) => score as number).sort((a, b) => a - b);
    const least = (scores[1] + scores[2]) / 2;
    const kept = scored.filter(({ score }) => (score as number) >= least);
    expect(kept.length).toBeLessThan(scored.length);
    const at = (to: string) => tagger('annotate', 'm', 'in.jsonl', '--min-score', String(least), '--to', to);
    expect(records(at('jsonl')).flatMap(({ entities }) => entities)).toEqual(kept);
    expect(
      rowsOf(at('csv'), ',')
        .slice(1)
        .map(([, , , label, text, score]) => [label, text, Number(score)]),
    ).toEqual(kept.map(({ label, text, score }) => [label, text, score]));
    expect(entitiesOfRows(at('conll'), (cells) => cells[1], 0)).toEqual(words(kept));
    const tagIn = (cells: readonly string[]) => /NER=([^|]+)/.exec(cells[9])?.[1] ?? 'O';
    expect(entitiesOfRows(at('conllu'), tagIn, 1)).toEqual(words(kept));
  });
});

describe('a model of parts of speech', () => {
  const labelled = (tokens: readonly Stretch[] = []) =>
    tokens.map(({ label, start, end }) => [label, start, end]);
  let found: Found[];
  beforeAll(() => {
    found = records(tagger('annotate', 'pos', 'in.jsonl'));
    expect(found[0].tokens[0]).toEqual({ text: 'Ada', start: 0, end: 3, label: 'PROPN' });
    expect(found.flatMap(({ entities }) => entities)).toEqual([]);
  });

  it.each(['jsonl', 'spacy'])('has labels of tokens in %s', (to) => {
    tagger('annotate', 'pos', 'in.jsonl', '--to', to, '-o', `pos.${to}`);
    const back = records(tagger('convert', `pos.${to}`, '--from', to, '--to', 'jsonl'));
    expect(back.map(({ id, tokens }) => [id, labelled(tokens)])).toEqual(
      found.map(({ id, tokens }) => [id, labelled(tokens)]),
    );
  });

  it.each(['doccano', 'label-studio', 'prodigy'])('has a labelled stretch for each token in %s', (to) => {
    tagger('annotate', 'pos', 'in.jsonl', '--to', to, '-o', `pos.${to}`);
    const back = records(tagger('convert', `pos.${to}`, '--from', to, '--to', 'jsonl'));
    expect(back.map(({ id, entities }) => [id, labelled(entities)])).toEqual(
      found.map(({ id, tokens }) => [id, labelled(tokens)]),
    );
  });

  it('has a row for each token in columns and in CSV', () => {
    const tokens = found.flatMap(({ tokens }) => tokens.map(({ text, label }) => [text, label]));
    const at = (to: string) => tagger('annotate', 'pos', 'in.jsonl', '--to', to);
    const rows = at('conll')
      .split('\n')
      .filter((row) => row !== '');
    expect(rows.map((row) => row.split(' '))).toEqual(tokens);
    expect(
      rowsOf(at('csv'), ',')
        .slice(1)
        .map(([, , , label, text]) => [text, label]),
    ).toEqual(tokens);
    const cells = at('conllu')
      .split('\n')
      .map((row) => row.split('\t'))
      .filter(({ length }) => length === 10);
    expect(cells.map((row) => [row[1], /POS=(\w+)/.exec(row[9])?.[1]])).toEqual(tokens);
  });
});
