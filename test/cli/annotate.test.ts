import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { leftovers, main, workspace } from '../support/workspace.js';

const space = workspace();
beforeAll(() => {
  expect(space.run(['train', 'tiny', '--quiet', '--epochs', '8', '-o', 'm']).status).toBe(0);
});

interface Piece {
  text: string;
  start: number;
  end: number;
  label?: string;
}

/** The annotations of texts, each a file; the offsets of all of them are checked. */
function annotateAll(texts: readonly string[]) {
  const names = texts.map((text, i) => {
    space.write(`text-${i}.txt`, text);
    return `text-${i}.txt`;
  });
  const { status, stdout, stderr } = space.run(['annotate', 'm', ...names]);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const lines = stdout.trimEnd().split('\n');
  const annotations: { id: string; text: string; tokens: Piece[]; entities: Piece[] }[] = lines.map((line) =>
    JSON.parse(line),
  );
  expect(annotations.map(({ id }) => id)).toEqual(names);
  for (const { text, tokens, entities } of annotations) {
    const wrong = [...tokens, ...entities].filter(
      (piece) => text.slice(piece.start, piece.end) !== piece.text,
    );
    expect(wrong).toEqual([]);
  }
  return annotations;
}

const annotate = (text: string) => annotateAll([text])[0];

describe('offsets point into the text as it was given', () => {
  const texts = {
    plain: 'Ada Weller opened a bakery in Port Elena . Rain fell on Lindby .',
    emoji: 'Ada Weller 👩‍👩‍👧 opened 😂 a bakery in Port Elena 👍🏽.',
    'Windows line ends': 'Ada Weller opened a bakery\r\nin Port Elena.\r\n\r\nRain fell on Lindby.\r\n',
    'non-breaking and other spaces': 'Ada\u00a0Weller opened\u2003a\u202fbakery in Port\u00a0Elena.',
    'combining marks': 'Zoe\u0308 Ng sailed home to Lindby.',
    'halves of characters': 'Ada Weller \ud83d opened \ude00 a bakery',
    'NUL bytes': 'Ada\u0000 Weller \u0000 opened a bakery in \u0000Lindby.',
    nothing: '',
    'white space alone': ' \n\t\r\n\u00a0\u2003 \n',
  };
  let annotations: ReturnType<typeof annotateAll>;
  beforeAll(() => {
    annotations = annotateAll(Object.values(texts));
  });

  it.each(Object.entries(texts).map(([name, text], i) => [name, text, i] as const))(
    'with %s',
    (_, text, i) => {
      expect(annotations[i].text).toBe(Buffer.from(text).toString());
      const between = annotations[i].tokens.reduceRight(
        (rest, { start, end }) => rest.slice(0, start) + rest.slice(end),
        annotations[i].text,
      );
      expect(between.trim()).toBe('');
    },
  );

  it('and find the entities, whatever stands before them', () => {
    expect(annotations[0].entities).toContainEqual({ label: 'LOC', start: 30, end: 40, text: 'Port Elena' });
    const [, { entities, tokens }] = annotateAll([
      '\ufeffAda Weller',
      '\ufeffYesterday 😂 Clara opened a bakery in Port Elena .',
    ]);
    expect(tokens[0]).toMatchObject({ text: 'Yesterday', start: 0 });
    expect(entities).toContainEqual({ label: 'LOC', start: 38, end: 48, text: 'Port Elena' });
  });
});

describe('text without an end', () => {
  it('a line of 10 MB is annotated to its end', () => {
    const text = `Ada Weller opened a bakery in ${'x'.repeat(800)}Lindby `.repeat(12_000);
    expect(text.length).toBeGreaterThan(1e7);
    const { tokens } = annotate(text);
    expect(tokens.length).toBeGreaterThanOrEqual(7 * 12_000);
    expect(tokens.map((token) => token.text).join('')).toBe(text.replaceAll(' ', ''));
  });

  it('a word of 10 MB is annotated in pieces', () => {
    const text = 'x'.repeat(1e7);
    expect(
      annotate(text)
        .tokens.map((token) => token.text)
        .join(''),
    ).toBe(text);
  });
});

describe('files', () => {
  it('are a line each, in order, with their names', () => {
    space.write('a.txt', 'Rain fell on Lindby.');
    space.write('b.txt', '');
    const { status, stdout } = space.run(['annotate', 'm', 'a.txt', '-', 'b.txt'], 'Clara sailed home.');
    expect(status).toBe(0);
    const ids = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).id);
    expect(ids).toEqual(['a.txt', '-', 'b.txt']);
  });

  it('to -o are the same lines, and stdout is empty', () => {
    const { stdout } = space.run(['annotate', 'm', 'test.txt']);
    expect(space.run(['annotate', 'm', 'test.txt', '-o', 'out.jsonl'])).toMatchObject({
      status: 0,
      stdout: '',
    });
    expect(readFileSync(space.path('out.jsonl'), 'utf8')).toBe(stdout);
  });

  it.each([
    [
      'that is missing',
      ['annotate', 'm', 'none.txt'],
      /^error E_FILE_MISSING: none\.txt: cannot read the file\n/,
    ],
    ['that is a folder without documents', ['annotate', 'm', 'empty/'], /^error E_FILE_MISSING: empty\/: /],
    [
      'to write that is a folder',
      ['annotate', 'm', 'test.txt', '-o', 'm'],
      /^error E_WRITE: m: the folder is not empty\n/,
    ],
    [
      'to write that is nowhere',
      ['annotate', 'm', 'test.txt', '-o', 'no/x'],
      /^error E_WRITE: no\/x: cannot write\n/,
    ],
  ])('%s ends with exit code 2 and leaves nothing behind', (_, args, message) => {
    space.write('empty/.hidden.txt', 'Rain');
    const { status, stdout, stderr } = space.run(args);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(message);
    expect(leftovers(space.list()).filter((name) => !name.startsWith('empty'))).toEqual([]);
  });

  it('that is not UTF-8 fails alone', () => {
    space.write('latin.txt', Buffer.from('Rain\ncaf\u00e9', 'latin1'));
    const { status, stdout, stderr } = space.run(['annotate', 'm', 'latin.txt', 'test.txt']);
    expect(status).toBe(1);
    expect(stderr).toMatch(/^failed E_DOCUMENT: latin\.txt:2:4 latin\.txt: the file is not UTF-8\n/);
    const [failed, found] = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(failed).toMatchObject({
      id: 'latin.txt',
      error: { code: 'E_DOCUMENT', place: { file: 'latin.txt', line: 2, column: 4 } },
    });
    expect(found).toMatchObject({ id: 'test.txt' });
  });
});

describe.skipIf(process.platform === 'win32')('streams of the shell', () => {
  const shell = (line: string) =>
    spawnSync('sh', ['-c', line.replaceAll('tagger', `"${process.execPath}" "${main}"`)], {
      cwd: space.folder,
      encoding: 'utf8',
    });

  it('text comes from stdin', () => {
    const { status, stdout } = shell('tagger annotate m - < test.txt');
    expect(status).toBe(0);
    expect(JSON.parse(stdout).text).toBe(readFileSync(space.path('test.txt'), 'utf8'));
  });

  it('a reader that closes the pipe early ends the command without an error', () => {
    space.write('long.txt', 'Rain fell on Lindby all day . '.repeat(10_000));
    const { stdout, stderr } = shell(
      '(tagger annotate m long.txt long.txt long.txt; echo $? >&2) | head -c 10',
    );
    expect({ stdout, stderr }).toEqual({ stdout: '{"id":"lon', stderr: '0\n' });
    expect(shell('(tagger train tiny -o n 2>&1; echo $? >code) | head -1').stdout).toContain('[1/7]');
  });

  it.skipIf(!existsSync('/dev/full'))('a full disk behind stdout or -o is told', () => {
    const { status, stderr } = shell('tagger annotate m test.txt > /dev/full');
    expect(status).toBe(2);
    expect(stderr).toMatch(/^error E_WRITE: cannot write to stdout\n {2}found: ENOSPC/);
    expect(shell('tagger annotate m test.txt -o /dev/full')).toMatchObject({ status: 2 });
    expect(existsSync('/dev/full.part')).toBe(false);
  });
});
