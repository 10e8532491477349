import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commands } from '../../src/cli/commands.js';

const main = resolve('dist/cli/main.js');
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tagger-cli-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs the built command in a folder of its own. */
function tagger(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], {
    cwd: folder,
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

describe('help', () => {
  it('lists every command', () => {
    const { status, stdout, stderr } = tagger('--help');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    for (const [name, { summary }] of Object.entries(commands)) {
      expect(stdout).toContain(`${name} `);
      expect(stdout).toContain(summary);
    }
  });

  it.each(Object.keys(commands))('of %s lists its arguments and options', (name) => {
    const { status, stdout } = tagger(...name.split(' '), '--help');
    expect(status).toBe(0);
    expect(stdout).toContain(`Usage: tagger ${name} [options] <`);
    expect(stdout).toContain('Options:\n  -');
  });

  it('of a group lists its commands', () => {
    const { status, stdout, stderr } = tagger('corpus', '--help');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain(`corpus check  ${commands['corpus check'].summary}`);
  });

  it('loads commander and the table of commands, so that it is there at once', () => {
    const coverage = join(folder, 'coverage');
    spawnSync(process.execPath, [main, '--help'], { env: { ...process.env, NODE_V8_COVERAGE: coverage } });
    const [report] = readdirSync(coverage).map((name) => readFileSync(join(coverage, name), 'utf8'));
    const urls: string[] = JSON.parse(report).result.map(({ url }: { url: string }) => url);
    const files = urls.filter((url) => url.startsWith('file:') && !url.includes('/node_modules/commander/'));
    const names = files.map((url) => url.split('/dist/').at(-1));
    expect(names.sort()).toEqual(['cli/commands.js', 'cli/errors.js', 'cli/main.js', 'core/errors.js']);
  });

  it('goes to stderr, with exit code 2, when there is no command', () => {
    const { status, stdout, stderr } = tagger();
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain('Usage: tagger');
  });
});

it('--version prints the version of the package', () => {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
  expect(tagger('--version')).toEqual({ status: 0, stdout: `${version}\n`, stderr: '' });
});

it('a group without its command prints its help to stderr, with exit code 2', () => {
  const { status, stdout, stderr } = tagger('corpus');
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toContain('Usage: tagger corpus');
});

describe('wrong usage ends with exit code 2, a message on stderr and nothing on stdout:', () => {
  it.each([
    ['an unknown command', ['trian'], 'Did you mean train?'],
    ['an unknown command of a group', ['corpus', 'chek'], 'Did you mean check?'],
    ['an unknown option', ['train', 'conll', '--sed', '1'], 'Did you mean'],
    ['a missing argument', ['train'], "missing required argument 'pipeline'"],
    ['a missing argument of a command of two words', ['corpus', 'check'], "required argument 'corpus'"],
    ['an argument too many', ['train', 'a', 'b'], 'too many arguments'],
    ['an option that is no number', ['train', 'conll', '--epochs', 'ten'], 'expected a whole number'],
  ])('%s', (_, args, message) => {
    const { status, stdout, stderr } = tagger(...args);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(/^error E_USAGE: /);
    expect(stderr).toContain(message);
  });
});

describe('bad input ends with exit code 2 and its code:', () => {
  it('a missing pipeline, with the nearest name', () => {
    const { status, stdout, stderr } = tagger('train', 'wnut71');
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(/^error E_FILE_MISSING: no pipeline wnut71\n/);
    expect(stderr).toContain('try: wnut17');
  });

  it('a mistake in a pipeline, with its place', () => {
    writeFileSync(join(folder, 'bad.yaml'), 'corpus: news\ntraining: {epoch: 5}\n');
    const { status, stderr } = tagger('train', 'bad');
    expect(status).toBe(2);
    expect(stderr).toMatch(/^error E_CONFIG: bad\.yaml:2:12 training\.epoch: unknown key\n/);
  });

  it('a mistake in an option that stands for a key of the pipeline', () => {
    const { status, stderr } = tagger('train', 'conll', '--epochs', '0');
    expect(status).toBe(2);
    expect(stderr).toMatch(/^error E_CONFIG: --set training\.epochs: out of range\n/);
  });

  it.each(['evaluate', 'annotate'])('%s with a model that is not there', (command) => {
    const { status, stderr } = tagger(command, 'models/none', 'file');
    expect(status).toBe(2);
    expect(stderr).toMatch(/^error E_MODEL: /);
  });
});
