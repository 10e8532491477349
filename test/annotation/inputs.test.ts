import { rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { openSource, type SourceOptions, sourceKinds } from '../../src/annotation/sources/index.js';
import { chunksOf, idsOf, outcomesOf, problemsOf, textsOf } from '../conformance/source.js';
import { folderWith } from '../corpus/files.js';
import { taggerErrorOf } from '../support/tagger-error.js';

/** The texts of these files in this order, each of which holds its own name. */
async function namesIn(inputs: readonly string[], options: SourceOptions = {}): Promise<string[]> {
  const outcomes = await outcomesOf(await openSource(inputs, options), options);
  expect(problemsOf(outcomes)).toEqual([]);
  return textsOf(outcomes);
}

const folderOf = (...names: string[]) => folderWith(Object.fromEntries(names.map((name) => [name, name])));

describe('a folder', () => {
  it('is read with all folders in it in order of names, hidden files left out', async () => {
    const folder = await folderOf(
      'b.txt',
      'a/z.txt',
      'a/b/c.txt',
      'B.txt',
      'a.txt',
      '.x.txt',
      '.git/y.txt',
      'a/.z/z.txt',
    );
    expect(await namesIn([folder])).toEqual(['B.txt', 'a/b/c.txt', 'a/z.txt', 'a.txt', 'b.txt']);
  });

  it('is read as far as files have an ending of the format', async () => {
    const folder = await folderWith({
      'a.txt': 'a',
      'b.TXT': 'b',
      'c.txt.gz': gzipSync('c'),
      'd.csv': 'text\nd',
      'e.md': 'e',
      'f.jsonl': '{"text":"f"}',
      'g.ndjson.gz': gzipSync('{"text":"g"}'),
      'h.txt.bz2': 'h',
    });
    expect(await namesIn([folder], { from: 'text' })).toEqual(['a', 'b', 'c']);
    expect(await namesIn([folder], { from: 'lines' })).toEqual(['a', 'b', 'c']);
    expect(await namesIn([folder], { from: 'jsonl' })).toEqual(['f', 'g']);
    expect(await namesIn([folder])).toEqual(['a', 'b', 'c', 'd', 'f', 'g']);
  });

  it('is walked through links to files, not to folders, which may lead back', async () => {
    const folder = await folderOf('a/a.txt');
    await symlink(join(folder, 'a/a.txt'), join(folder, 'b.txt'));
    await symlink(folder, join(folder, 'a/again'));
    await symlink(join(folder, 'nothing'), join(folder, 'c.txt'));
    expect(await namesIn([folder])).toEqual(['a/a.txt', 'a/a.txt']);
  });

  it('gives every document the path as it was given', async () => {
    const folder = await folderOf('a/b.txt', 'c.txt');
    const given = relative('.', folder);
    const outcomes = await outcomesOf(await openSource([`${given}/`, join(folder, 'c.txt')]), {});
    expect(idsOf(outcomes)).toEqual([join(given, 'a/b.txt'), join(given, 'c.txt'), join(folder, 'c.txt')]);
    expect(outcomes.map(({ position }) => [position.input, position.number, position.record])).toEqual([
      [0, 0, 0],
      [1, 0, 1],
      [2, 0, 2],
    ]);
  });
});

describe('what the run itself writes', () => {
  it('is left out of folders and patterns, and is no input of its own', async () => {
    const folder = await folderOf('a.txt', 'found/b.txt', 'found/a/c.txt', 'x.txt', 'y/x.txt');
    await symlink(join(folder, 'x.txt'), join(folder, 'z.txt'));
    const at = (name: string) => join(folder, name);
    const read = async (inputs: readonly string[], ...written: string[]) =>
      textsOf(await outcomesOf(await openSource(inputs, {}, { written }), {}));
    expect(await read([folder], at('found/'), at('x.txt'))).toEqual(['a.txt', 'y/x.txt', 'x.txt']);
    expect(await read([at('**/*.txt')], at('found'), relative('.', at('z.txt')))).toEqual([
      'a.txt',
      'y/x.txt',
    ]);
    expect(await read([at('a.txt')], at('none/a.txt'), at('b.txt'))).toEqual(['a.txt']);
    const error = await taggerErrorOf(
      openSource(
        [folder, at('z.txt'), at('a.txt'), at('found')],
        {},
        { written: [at('x.txt'), at('found/')] },
      ),
    );
    expect({ code: error.code, problems: error.problems }).toEqual({
      code: 'E_USAGE',
      problems: [at('z.txt'), at('found')].map((file) => ({
        message: 'this is an input, and would be written to',
        place: { file },
        hint: 'another name after --output or --errors',
      })),
    });
  });
});

describe('a pattern', () => {
  it.each([
    ['*.txt', ['a.txt', 'b.txt']],
    ['?.md', ['a.md']],
    ['**/*.txt', ['a/c.txt', 'a/x/c.txt', 'a.txt', 'b.txt']],
    ['a/**', ['a/c.txt', 'a/x/c.txt', 'a/x/d.md']],
    ['**/x/**/*', ['a/x/c.txt', 'a/x/d.md']],
    ['**/**/c.txt', ['a/c.txt', 'a/x/c.txt']],
    ['*/x/*.md', ['a/x/d.md']],
    ['.h*/*', ['.hidden/e.txt']],
    ['[a]*', ['[a].log']],
  ])('%s', async (pattern, names) => {
    const folder = await folderOf(
      'a.txt',
      'b.txt',
      'a.md',
      'a/c.txt',
      'a/x/c.txt',
      'a/x/d.md',
      '.hidden/e.txt',
      '.f.txt',
      '[a].log',
    );
    expect(await namesIn([join(folder, pattern)])).toEqual(names);
  });

  it('that is the name of a file is that file', async () => {
    const folder = await folderOf('what?.txt', 'whats.txt', '*');
    expect(await namesIn([join(folder, 'what?.txt'), join(folder, '*')])).toEqual(['what?.txt', '*']);
  });
});

describe('the format', () => {
  it('is that of the ending, each file its own, and text where there is none that says it', async () => {
    const files = {
      'a.jsonl': '{"text":"a"}',
      'b.tsv': 'text\nb',
      'c.iob.gz': gzipSync('c\n'),
      'd.log': 'd',
      e: 'e',
    };
    const folder = await folderWith(files);
    expect(await namesIn(Object.keys(files).map((name) => join(folder, name)))).toEqual([
      'a',
      'b',
      'c',
      'd',
      'e',
    ]);
  });

  it('of every ending belongs to one kind, but for plain text', () => {
    const endings = Object.values(sourceKinds).flatMap((kind) => kind.endings);
    expect(endings.filter((ending, i) => endings.indexOf(ending) < i)).toEqual(['.txt']);
  });
});

describe('inputs that are not there', () => {
  it('are named all before any work', async () => {
    const folder = await folderOf('a.txt', 'b/x.md');
    const inputs = ['none.txt', 'a.txt', 'b', '*.csv', 'none/*.txt'].map((name) => join(folder, name));
    const error = await taggerErrorOf(openSource(inputs, { from: 'text' }));
    expect(error.code).toBe('E_FILE_MISSING');
    expect(error.problems).toMatchObject([
      { message: 'cannot read the file', place: { file: inputs[0] }, found: expect.stringMatching(/ENOENT/) },
      {
        message: 'there is no file to read in the folder',
        place: { file: inputs[2] },
        expected: 'names that end in .txt, or that and .gz',
      },
      { message: 'no file has such a name', place: { file: inputs[3] } },
      { message: 'no file has such a name', place: { file: inputs[4] } },
    ]);
  });

  it('are none at all, or stdin twice', async () => {
    expect((await taggerErrorOf(openSource([]))).code).toBe('E_USAGE');
    expect((await taggerErrorOf(openSource(['-', '-']))).code).toBe('E_USAGE');
  });

  it('any more are lost records between the others', async () => {
    const folder = await folderOf('a.txt', 'b.txt', 'c.txt', 'd/d.txt', 'e.txt');
    const source = await openSource([...'abc'].map((name) => join(folder, `${name}.txt`)).concat(folder));
    await rm(join(folder, 'b.txt'));
    const outcomes = await outcomesOf(source, {});
    expect(textsOf(outcomes)).toEqual(['a.txt', 'c.txt', 'a.txt', 'c.txt', 'd/d.txt', 'e.txt']);
    expect(problemsOf(outcomes)).toEqual([
      expect.stringMatching(/b\.txt: cannot read the file\n {2}found: ENOENT/),
    ]);
    expect(outcomes[1].position).toEqual({
      input: 1,
      name: join(folder, 'b.txt'),
      offset: 0,
      line: 0,
      number: 0,
      record: 1,
    });
  });
});

describe('the bytes of a source', () => {
  it('are those of all files on disk', async () => {
    const zipped = gzipSync('text '.repeat(100));
    const folder = await folderWith({ 'a.txt': 'abc', 'b/c.txt.gz': zipped });
    expect((await openSource([folder, join(folder, 'a.txt')])).bytes).toBe(3 + zipped.length + 3);
  });

  it('are not known with a stream among them', async () => {
    const folder = await folderOf('a.txt');
    const source = await openSource([folder, '-'], {}, { stdin: chunksOf('b', () => 1) });
    expect(source.bytes).toBeUndefined();
    expect(textsOf(await outcomesOf(source, {}))).toEqual(['a.txt', 'b']);
  });
});

describe('to go on from a position', () => {
  const options = { from: 'lines' } as const;
  const files = {
    'a.txt': 'one\ntwo\n',
    'b.txt.gz': gzipSync('three\nfour\n'),
    'c.txt': '',
    'd.txt': 'five\n',
  };

  it('works across inputs', async () => {
    const folder = await folderWith(files);
    const source = await openSource([folder], options);
    const all = await outcomesOf(source, options);
    expect(textsOf(all)).toEqual(['one', 'two', 'three', 'four', 'five']);
    for (const [i, { position }] of all.entries()) {
      expect(await outcomesOf(source, options, position)).toEqual(all.slice(i));
    }
  });

  it('is refused where the inputs are others than before', async () => {
    const folder = await folderWith(files);
    const source = await openSource([folder], options);
    const positions = (await outcomesOf(source, options)).map(({ position }) => position);
    const [, two, , four, five] = positions;
    const refusal = (position: typeof two, from = source) =>
      taggerErrorOf(outcomesOf(from, options, position));

    await truncate(join(folder, 'a.txt'), 3);
    expect(await refusal(two)).toMatchObject({
      code: 'E_RESUME',
      message: expect.stringMatching(/found: 3 bytes/),
    });
    await writeFile(join(folder, 'a.txt'), 'onetwo\n');
    expect(await refusal(two)).toMatchObject({
      code: 'E_RESUME',
      message: expect.stringMatching(/found: a line that began before it/),
    });
    await writeFile(join(folder, 'b.txt.gz'), gzipSync('three\n'));
    expect(await refusal(four)).toMatchObject({
      code: 'E_RESUME',
      message: expect.stringMatching(/found: the end/),
    });
    await writeFile(join(folder, 'b.txt.gz'), gzipSync('threee\nfour'));
    expect(await refusal(four)).toMatchObject({
      code: 'E_RESUME',
      message: expect.stringMatching(/found: a record at byte 7/),
    });
    await writeFile(join(folder, 'c2.txt'), 'new\n');
    expect((await refusal(five)).message).toBe(
      [
        'the inputs are not those of the run that is to be continued',
        `  expected: as input 4 ${join(folder, 'd.txt')}, with record 1 at byte 0`,
        `  found: ${join(folder, 'c2.txt')}`,
        '  try: name the same inputs in the same order, with the same options',
      ].join('\n'),
    );
    const less = await openSource([join(folder, 'a.txt')], options);
    expect(await refusal(five, less)).toMatchObject({
      code: 'E_RESUME',
      message: expect.stringMatching(/found: 1 inputs only/),
    });
  });
});
