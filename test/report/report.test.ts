/** The files of a report: complete, well-formed, the same each time, and safe whatever the systems are called. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parseString } from 'fast-csv';
import { parseHTML } from 'linkedom';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Comparison } from '../../src/report/comparison.js';
import { writeReport } from '../../src/report/index.js';
import { spanComparison, tokenComparison } from '../support/comparison.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'report-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function filesOf(comparison: Comparison): Promise<Record<string, string>> {
  const paths = await writeReport(comparison, join(folder, 'a', 'b'));
  const files = paths.map(async (path) => [basename(path), await readFile(path, 'utf8')]);
  return Object.fromEntries(await Promise.all(files));
}

const csv = (text: string) =>
  new Promise<Record<string, string>[]>((resolve, reject) => {
    const rows: Record<string, string>[] = [];
    parseString(text, { headers: true })
      .on('error', reject)
      .on('data', (row) => rows.push(row))
      .on('end', () => resolve(rows));
  });

const hostile = {
  tagger: `<script>alert("1")</script>`,
  transformer: `a"b' & | *c* [d](e)\n\0`,
  crf: 'مُوَسِّم الكلمات',
  perceptron: 'long '.repeat(40),
  majority: '</style><img src=x onerror=y>',
};

describe.each([
  ['spans', spanComparison],
  ['single tokens', tokenComparison],
])('a report of %s', (_, make) => {
  it('is the same each time', async () => {
    expect(await filesOf(make())).toEqual(await filesOf(make()));
  });

  it('has every system in the page, in Markdown and in CSV, where figures are not rounded', async () => {
    const comparison = make();
    const files = await filesOf(comparison);
    const rows = await csv(files['systems.csv']);
    expect(rows.map(({ system, score, p }) => [system, Number(score), p === ''])).toEqual(
      comparison.systems.map(({ name, score, significance }) => [
        name,
        score.value,
        significance === undefined,
      ]),
    );
    for (const { name } of comparison.systems) expect(files['report.md']).toContain(`\n| ${name} |`);
    const { document } = parseHTML(files['report.html']);
    const names = [...document.querySelectorAll('table.plain tbody th bdi:first-child')].map(
      (e) => e.textContent,
    );
    expect(names.filter((name) => !name?.startsWith('an invented'))).toEqual(
      comparison.systems.map(({ name }) => name),
    );
    expect(JSON.parse(files['report.json'])).toEqual(comparison);
  });

  it('can be followed by those who hear it: captions, headers with a scope, pictures with title and description', async () => {
    const { document } = parseHTML((await filesOf(make()))['report.html']);
    const tables = [...document.querySelectorAll('table')];
    expect(tables.length).toBeGreaterThan(5);
    expect(tables.filter((table) => !table.querySelector('caption')?.textContent)).toEqual([]);
    expect(document.querySelectorAll('th:not([scope])')).toHaveLength(0);
    const pictures = [...document.querySelectorAll('svg')];
    expect(pictures).toHaveLength(4);
    for (const picture of pictures) {
      expect(picture.getAttribute('role')).toBe('img');
      const ids = picture.getAttribute('aria-labelledby')?.split(' ') ?? [];
      expect(ids.map((id: string) => document.getElementById(id)?.textContent !== '')).toEqual([true, true]);
    }
  });
});

it('names are text, whatever is in them, and nothing comes from elsewhere', async () => {
  const files = await filesOf(spanComparison(hostile));
  const { document } = parseHTML(files['report.html']);
  expect(document.querySelectorAll('script, img, link, iframe, [src], [href], [onerror]')).toHaveLength(0);
  expect(document.querySelector('.verdict')?.textContent).toContain(hostile.tagger);
  expect(files['report.html']).not.toMatch(/url\(|@import|\0/);
  expect(files['report.md']).toContain('a"b\' \\& \\| \\*c\\* \\[d\\](e) ');
  expect((await csv(files['systems.csv'])).map(({ system }) => system)).toEqual(
    // fast-csv leaves NUL out.
    Object.values(hostile).map((name) => name.replace('\0', '')),
  );
});

it('an error stands in its sentence with both spans marked', async () => {
  const comparison = spanComparison();
  const { document } = parseHTML((await filesOf(comparison))['report.html']);
  const example = comparison.systems[0].errors.examples.find(({ kind }) => kind === 'boundary')!;
  const words = comparison.sentences.find(({ index }) => index === example.sentence)!.words;
  const row = document.querySelector('table.examples tbody tr')!;
  const marked = (selector: string) =>
    [...row.querySelectorAll(selector)].map(({ textContent }) => textContent).join(' ');
  expect(marked('.gold')).toBe(words.slice(example.gold!.first, example.gold!.end).join(' '));
  expect(marked('.predicted')).toBe(words.slice(example.predicted!.first, example.predicted!.end).join(' '));
});

it('an error has the same sentence in the page and in CSV, counted from 1', async () => {
  const comparison = spanComparison();
  const files = await filesOf(comparison);
  const { document } = parseHTML(files['report.html']);
  const shown = document.querySelector('table.examples tbody th')!.textContent;
  const [{ sentence, text }] = await csv(files['errors.csv']);
  const { words } = comparison.sentences.find(({ index }) => index === Number(sentence) - 1)!;
  expect(text).toBe(words.join(' '));
  expect(shown).toBe(sentence);
});

it('labels that are alike up to where their names are cut have bars of their own', async () => {
  const comparison = spanComparison();
  const [one, other] = ['organization-sportsleague', 'organization-sportsteam'];
  const systems = comparison.systems.map((system) => {
    const [score] = Object.values(system.scores.byLabel);
    return { ...system, scores: { ...system.scores, byLabel: { [one]: score, [other]: score } } };
  });
  const { document } = parseHTML((await filesOf({ ...comparison, systems }))['report.html']);
  const bars = [...document.querySelectorAll('[aria-label="bar"] rect')];
  expect(bars).toHaveLength(8);
  // None begins where another ends.
  expect(new Set(bars.map((bar) => bar.getAttribute('x'))).size).toBe(1);
});

it('of dev says that who chooses on dev scores better there', async () => {
  const { corpus, ...rest } = spanComparison();
  const [test, dev] = [
    await filesOf({ corpus, ...rest }),
    await filesOf({ corpus: { ...corpus, split: 'dev' }, ...rest }),
  ];
  for (const name of ['report.html', 'report.md']) {
    expect(dev[name]).toContain('that choose on dev');
    expect(test[name]).not.toContain('that choose on dev');
  }
});

it('of 1,000 systems all are in the table, and pictures show the first and the best', async () => {
  const comparison = spanComparison();
  const last = comparison.systems[4];
  const many = Array.from({ length: 995 }, (_, i) => ({ ...last, name: `copy ${i}` }));
  const { document } = parseHTML(
    (await filesOf({ ...comparison, systems: [...comparison.systems, ...many] }))['report.html'],
  );
  expect(document.querySelectorAll('table.plain tbody tr')).toHaveLength(1000);
  expect(document.querySelectorAll('details')).toHaveLength(14);
});

it('of single tokens has no errors of spans', async () => {
  const text = async (make: typeof tokenComparison) =>
    parseHTML((await filesOf(make()))['report.html']).document.querySelector('main')?.textContent;
  expect(await text(spanComparison)).toMatch(/missed.*spurious.*boundary/s);
  expect(await text(tokenComparison)).not.toMatch(/missed|spurious|boundary/);
});

it('what was not measured has no picture', async () => {
  const comparison = spanComparison();
  const systems = comparison.systems.map(({ speed: _, calibration: __, training: ___, ...rest }) => rest);
  const { document } = parseHTML((await filesOf({ ...comparison, systems }))['report.html']);
  expect([...document.querySelectorAll('svg title')].map(({ textContent }) => textContent)).toEqual([
    'F1 of each label',
  ]);
});

it('refuses a comparison of nothing, and says where it cannot write', async () => {
  await expect(writeReport({ ...spanComparison(), systems: [] }, folder)).rejects.toMatchObject({
    code: 'E_USAGE',
  });
  const [page] = await writeReport(spanComparison(), folder);
  await expect(writeReport(spanComparison(), page)).rejects.toMatchObject({ code: 'E_WRITE' });
});
