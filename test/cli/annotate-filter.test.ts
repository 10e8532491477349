/** `tagger annotate MODEL -` as a part of other programs: one line in, one line out, and signals and pipes that end. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { text as read } from 'node:stream/consumers';
import { beforeAll, describe, expect, it } from 'vitest';
import { range } from '../support/arrays.js';
import { main, type Running, workspace } from '../support/workspace.js';

const space = workspace();
beforeAll(() => {
  expect(space.run(['train', 'tiny', '--quiet', '--epochs', '8', '-o', 'm']).status).toBe(0);
});

const text = 'Rain fell on Lindby.';
const record = (id: unknown) => `${JSON.stringify({ id, text })}\n`;
const filter = (...args: string[]) => space.start(['annotate', 'm', '-', '--from', 'jsonl', ...args]);

/** The lines that the command has written so far, each as soon as it has its end. */
function linesOf({ process, ended }: Running) {
  let written = '';
  process.stdout?.on('data', (chunk: string) => {
    written += chunk;
  });
  process.stdout?.setEncoding('utf8');
  return {
    /** The first lines, when there are so many. */
    saw: (count: number) =>
      new Promise<string[]>((resolve, reject) => {
        const look = () => {
          const lines = written.split('\n');
          if (lines.length > count) resolve(lines.slice(0, count));
        };
        look();
        process.stdout?.on('data', look);
        ended.then(({ stderr }) => reject(new Error(`it ended: ${stderr}`)));
      }),
  };
}

const idOf = (line: string) => JSON.parse(line).id;

describe('a line in is a line out', () => {
  it('in order, errors in the place of their documents', () => {
    const lines = range(1, 2000).map((i) => (i % 100 === 0 ? '{"id": 1, "text": 2}\n' : record(i)));
    const { status, stdout, stderr } = space.run(
      ['annotate', 'm', '-', '--from', 'jsonl', '--workers', '2'],
      lines.join(''),
    );
    expect(status).toBe(1);
    const results = stdout.split('\n');
    expect(results.pop()).toBe('');
    expect(results).toHaveLength(2000);
    for (const [i, line] of results.entries()) {
      const { id, error, entities } = JSON.parse(line);
      if ((i + 1) % 100 !== 0)
        expect({ id, entities }).toMatchObject({ id: i + 1, entities: [{ text: 'Lindby' }] });
      else {
        expect({ id, error }).toMatchObject({
          id: 1,
          error: {
            code: 'E_DOCUMENT',
            place: { file: '-', line: i + 1, key: 'text' },
            message: 'the text is no string',
          },
        });
      }
    }
    expect(stderr).toMatch(/^failed E_DOCUMENT: -:100 text 1: the text is no string\n/);
    expect(stderr).toMatch(/; 20 failed\n$/);
  });

  it('of plain text too, empty lines as well', () => {
    const { status, stdout } = space.run(['annotate', 'm', '--from', 'lines'], `${text}\n\n${text}`);
    expect(status).toBe(0);
    const results = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(results.map(({ id, text }) => [id, text])).toEqual([
      ['-#1', text],
      ['-#2', ''],
      ['-#3', text],
    ]);
  });

  it.each(['jsonl', 'doccano', 'prodigy', 'conll', 'conllu'])('and nothing is nothing, as %s', (to) => {
    const { status, stdout, stderr } = space.run(['annotate', 'm', '-', '--from', 'jsonl', '--to', to]);
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '', stderr: '' });
  });

  it.each(['csv', 'tsv'])('and nothing is a header alone, as %s', (to) => {
    const { stdout } = space.run(['annotate', 'm', '-', '--from', 'jsonl', '--to', to]);
    expect(stdout).toMatch(/^id[,\t].*\n$/);
  });

  it('before the next one comes', async () => {
    const run = filter();
    const lines = linesOf(run);
    for (const id of range(1, 4)) {
      run.process.stdin?.write(record(id));
      expect((await lines.saw(id)).map(idOf)).toEqual(range(1, id));
    }
    run.process.stdin?.end();
    expect(await run.ended).toMatchObject({ status: 0, stderr: '' });
  });
});

describe.skipIf(process.platform === 'win32')('a run that is to end', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('by %s writes what is in work and ends with %i, though stdin is open', async (signal, exit) => {
    const run = filter();
    const lines = linesOf(run);
    run.process.stdin?.write(range(1, 1500).map(record).join(''));
    await lines.saw(1);
    run.process.kill(signal);
    const { status, stdout, stderr } = await run.ended;
    expect(status).toBe(exit);
    expect(stderr).toMatch(
      /^\nstopping after the documents in work; Ctrl-C again ends at once\n.* documents?, .*\ninterrupted\n$/,
    );
    const results = stdout.split('\n');
    expect(results.pop()).toBe('');
    expect(results.map(idOf)).toEqual(range(1, results.length));
  });

  it('by its own error does so, though stdin is open', async () => {
    const run = filter('--max-errors', '0');
    run.process.stdin?.on('error', () => {});
    run.process.stdin?.write(`${record(1)}{"id":2}\n`);
    const { status, stdout, stderr } = await run.ended;
    expect(status).toBe(1);
    expect(stdout.split('\n').slice(0, 2).map(idOf)).toEqual([1, 2]);
    expect(stderr).toMatch(
      /error E_DOCUMENT: too many documents failed, and the run was ended\n {2}expected: at most 0\n {2}found: 1\n {2}try: a higher --max-errors\n$/,
    );
  });

  it('as its reader closes the pipe does so at once, without an error', async () => {
    const child = spawn(process.execPath, [main, 'annotate', 'm', '--from', 'jsonl'], { cwd: space.folder });
    const [closed, messages] = [once(child, 'close'), read(child.stderr)];
    child.stdin.on('error', () => {});
    child.stdin.write(record(1));
    await once(child.stdout, 'data');
    child.stdout.destroy();
    child.stdin.write(record(2));
    expect(await closed).toEqual([0, null]);
    expect(await messages).toBe('');
  });

  it('as nobody reads its messages goes on with its work', async () => {
    space.write('bad.jsonl', `{}\n${record(1)}`);
    const args = [main, 'annotate', 'm', 'bad.jsonl', '-o', 'found.csv'];
    const child = spawn(process.execPath, args, { cwd: space.folder });
    child.stderr.destroy();
    expect(await once(child, 'close')).toEqual([1, null]);
    expect(readFileSync(space.path('found.csv'), 'utf8')).toMatch(/^id,.*\n1,13,19,LOC,Lindby,\n$/);
  });

  it('`head` takes what it wants of a stream without end', () => {
    const command = `yes '${record(1).trim()}' | "${process.execPath}" "${main}" annotate m --from jsonl | head -3`;
    const { status, stdout, stderr } = spawnSync('sh', ['-c', command], {
      cwd: space.folder,
      encoding: 'utf8',
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout.trimEnd().split('\n').map(idOf)).toEqual([1, 1, 1]);
  });
});
