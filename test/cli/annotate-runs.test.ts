/** Runs of `tagger annotate` that are killed and go on: the output is that of one that nobody disturbed. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, watch } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { range, seed, seeded } from '../support/arrays.js';
import { leftovers, type Running, workspace } from '../support/workspace.js';

const space = workspace();
const words = ['Ada Weller', 'Clara', 'Lindby', 'Port Elena', 'bakery', 'rain', 'sailed', '😂'];
const total = 3000;
const text = (i: number) => `${words[i % 8]} opened a ${words[(i * 3) % 8]} in ${words[(i * 5) % 8]}.`;
/** Every 50th document is bad. */
const lines = range(1, total).map((i) =>
  i % 50 === 0 ? `{"id":${i}}\n` : `${JSON.stringify({ id: i, text: text(i) })}\n`,
);
const input = lines.join('');

beforeAll(() => {
  expect(space.run(['train', 'tiny', '--quiet', '--epochs', '8', '-o', 'm']).status).toBe(0);
  expect(space.run(['train', 'tiny', '--quiet', '--epochs', '2', '-o', 'other']).status).toBe(0);
  space.write('in.jsonl', input);
  space.write('in.jsonl.gz', gzipSync(input));
});

const read = (name: string) => readFileSync(space.path(name), 'utf8');
const remove = (...names: string[]) => {
  for (const name of names) rmSync(space.path(name), { recursive: true, force: true });
};
/** Everything in a folder, by name. */
const contents = (name: string) => {
  const files = readdirSync(space.path(name), { recursive: true, withFileTypes: true }).filter((file) =>
    file.isFile(),
  );
  return Object.fromEntries(
    files
      .map((file) => {
        const path = join(file.parentPath, file.name);
        return [path.slice(space.path(name).length + 1), readFileSync(path, 'utf8')];
      })
      .sort(),
  );
};

/** What is there of an unfinished output: bytes of a file, names in a folder. */
const begun = (target: string) => {
  const at = (name: string) => statSync(space.path(name), { throwIfNoEntry: false });
  return at(target)?.isDirectory()
    ? readdirSync(space.path(target)).length
    : (at(`${target}.part`)?.size ?? 0);
};
const hasCheckpoint = (target: string) => {
  const manifest = [`${target}.progress.json`, join(target, '.progress.json')]
    .map(space.path)
    .find(existsSync);
  return manifest !== undefined && /"progress"/.test(readFileSync(manifest, 'utf8'));
};

/** Kills the process when there is so much of its output, of which the system tells; false where it has ended before. */
async function killedAt(run: Running, target: string, size: number): Promise<boolean> {
  const isFolder = existsSync(space.path(target));
  const watcher = watch(isFolder ? space.path(target) : space.folder, () => {
    if (begun(target) >= size) run.process.kill('SIGKILL');
  });
  const { signal } = await run.ended;
  watcher.close();
  return signal === 'SIGKILL';
}

interface Case {
  readonly inputs?: readonly string[];
  readonly output?: string;
  readonly options?: readonly string[];
  readonly stdin?: boolean;
  /** How much more there is to be before the next kill, at most. */
  readonly step?: number;
}

/** Kills up to five runs, each when there is a little more of the output, until one gets to its end. How many there were, and how many of them went on from a checkpoint. */
async function untilDone(
  { inputs = ['in.jsonl'], output = 'out.jsonl', options = [], stdin = false, step = 400_000 }: Case,
  path: number,
) {
  const random = seeded(path);
  const fixed = ['-o', output, '--checkpoint', '0', '--resume', '--quiet'];
  let [killed, resumed] = [0, 0];
  for (;;) {
    const size = begun(output) + 1 + random.below(step);
    if (killed > 0 && hasCheckpoint(output)) resumed++;
    const run = space.start(['annotate', 'm', ...inputs, ...fixed, ...options]);
    run.process.stdin?.on('error', () => {});
    run.process.stdin?.end(stdin ? input : '');
    if (killed < 5 && (await killedAt(run, output, size))) killed++;
    else return { ...(await run.ended), killed, resumed };
  }
}

const failed = total / 50;

describe.skipIf(process.platform === 'win32')(`kill -9 at any moment, then --resume (seed ${seed})`, () => {
  let undisturbed: string;
  let errors: string;
  beforeAll(() => {
    const args = ['annotate', 'm', 'in.jsonl', '-o', 'whole.jsonl', '--errors', 'whole.errors'];
    expect(space.run(args).status).toBe(1);
    undisturbed = read('whole.jsonl');
    errors = read('whole.errors');
    expect(undisturbed.split('\n')).toHaveLength(total - failed + 1);
    expect(errors.split('\n')).toHaveLength(failed + 1);
  });

  const sorted = (text: string) => text.split('\n').sort();
  const withErrors = ['--errors', 'errors.jsonl'];

  it.each<[string, Case]>([
    ['a file', {}],
    ['a compressed file', { inputs: ['in.jsonl.gz'] }],
    ['stdin, sent again', { inputs: ['-'], options: ['--from', 'jsonl'], stdin: true }],
  ])('of %s to a file ends with the same bytes', async (name, { options = [], ...others }) => {
    remove('out.jsonl', 'errors.jsonl');
    const { status, killed, resumed } = await untilDone(
      { ...others, options: [...options, ...withErrors] },
      name.length,
    );
    expect(status).toBe(1);
    expect(killed).toBeGreaterThan(0);
    expect(resumed).toBeGreaterThan(0);
    expect(read('out.jsonl')).toBe(undisturbed);
    const name_ = others.inputs?.[0] ?? 'in.jsonl';
    expect(read('errors.jsonl')).toBe(errors.replaceAll('"file":"in.jsonl"', `"file":"${name_}"`));
    expect(leftovers(space.list())).toEqual([]);
  });

  it('to a file with the errors in it too', async () => {
    remove('out.jsonl');
    expect(space.run(['annotate', 'm', 'in.jsonl', '-o', 'inline.jsonl']).status).toBe(1);
    expect((await untilDone({}, 1)).resumed).toBeGreaterThan(0);
    expect(read('out.jsonl')).toBe(read('inline.jsonl'));
  });

  it('--unordered ends with the same lines', async () => {
    remove('out.jsonl', 'errors.jsonl');
    const { resumed } = await untilDone({ options: ['--unordered', '--workers', '2', ...withErrors] }, 2);
    expect(resumed).toBeGreaterThan(0);
    expect(sorted(read('out.jsonl'))).toEqual(sorted(undisturbed));
    expect(sorted(read('errors.jsonl'))).toEqual(sorted(errors));
  });

  it('to a folder ends with the same files', async () => {
    space.write('few.jsonl', lines.slice(0, 1100).join(''));
    const args = ['annotate', 'm', 'few.jsonl', '--to', 'brat'];
    expect(space.run([...args, '-o', 'folder', '--errors', 'folder.errors']).status).toBe(1);
    mkdirSync(space.path('pairs'));
    const { status, resumed } = await untilDone(
      { inputs: ['few.jsonl'], output: 'pairs', options: ['--to', 'brat', ...withErrors], step: 900 },
      3,
    );
    expect(status).toBe(1);
    expect(resumed).toBeGreaterThan(0);
    expect(contents('pairs')).toEqual(contents('folder'));
    expect(Object.keys(contents('pairs'))).toHaveLength(2 * (1100 - 22));
    expect(read('errors.jsonl')).toBe(read('folder.errors'));
  });
});

describe('an interrupted run', () => {
  const args = ['annotate', 'm', 'in.jsonl', '-o', 'x.jsonl', '--checkpoint', '0', '--errors', 'x.errors'];
  /** Ends early, after a checkpoint. */
  const interrupt = () => {
    remove('x.jsonl', 'x.errors');
    const { status, stderr } = space.run([...args, '--force', '--max-errors', '3']);
    expect(status).toBe(1);
    expect(stderr).toContain('error E_DOCUMENT: too many documents failed, and the run was ended\n');
    expect(stderr).toMatch(
      / {2}try: what is done is kept: --resume with a higher --max-errors goes on, --force begins anew\n$/,
    );
    expect(leftovers(space.list()).sort()).toEqual(['x.errors.part', 'x.jsonl.part']);
  };
  const finished = () => {
    expect(read('x.jsonl')).toBe(read('whole.jsonl'));
    expect(read('x.errors')).toBe(read('whole.errors'));
    expect(space.list().filter((name) => name.startsWith('x.'))).toEqual(['x.errors', 'x.jsonl']);
  };

  beforeAll(interrupt);

  it('is not overwritten unless that is asked for', () => {
    const before = read('x.jsonl.part');
    const { status, stderr } = space.run(args);
    expect(status).toBe(2);
    expect(stderr).toMatch(
      /^error E_RESUME: x\.jsonl: an interrupted run has begun to write this\n {2}found: it came as far as documents \d+, .*\n {2}try: --resume goes on from there, --force begins anew\n$/,
    );
    expect(read('x.jsonl.part')).toBe(before);
  });

  it.each([
    ['--scores', ['--scores'], 'nothing', 'true'],
    ['--from', ['--from', 'jsonl'], 'nothing', '"jsonl"'],
    ['--text-field', ['--text-field', 'body'], 'nothing', '"body"'],
    ['--input-offsets', ['--input-offsets', 'codepoint'], 'nothing', '"codepoint"'],
    ['--offsets', ['--offsets', 'codepoint'], 'nothing', '"codepoint"'],
    ['--to', ['--to', 'csv'], '"jsonl"', '"csv"'],
    ['--shard', ['--shard', '1/2'], 'nothing', '"1/2"'],
    ['--errors', ['--errors', 'y.errors'], '"x.errors"', '"y.errors"'],
    ['--no-quotes', ['--no-quotes'], 'true', 'false'],
  ])('does not go on with another %s, and says so', (name, change, expected, found) => {
    const { status, stderr } = space.run([...args, '--resume', ...change]);
    expect(status).toBe(2);
    expect(stderr).toBe(
      `error E_RESUME: x.jsonl.progress.json ${name}: changed since the run began\n  expected: ${expected}\n  found: ${found}\n` +
        '  try: as it was; or --force beside --resume, which goes on all the same; or --force alone, which begins anew\n',
    );
  });

  it('does not go on with another model or other inputs', () => {
    const { stderr } = space.run(['annotate', 'other', 'in.jsonl.gz', ...args.slice(3), '--resume']);
    expect(stderr).toMatch(/^error E_RESUME: x\.jsonl\.progress\.json model: changed since the run began\n/);
    expect(stderr).toContain(
      '\nx.jsonl.progress.json inputs: changed since the run began\n  expected: ["in.jsonl"]\n',
    );
  });

  it('does not go on with a file that has become another', () => {
    space.write('in.jsonl', input.slice(0, 5000));
    const shorter = space.run([...args, '--resume']);
    space.write('in.jsonl', `{}${input}`);
    const moved = space.run([...args, '--resume']);
    space.write('in.jsonl', input);
    for (const { status, stderr } of [shorter, moved]) {
      expect(status).toBe(2);
      expect(stderr).toMatch(
        /^error E_RESUME: the inputs are not those of the run that is to be continued\n/,
      );
    }
  });

  it('goes on with other threads, and tells only of what it does itself', () => {
    const { status, stderr } = space.run([...args, '--resume', '--workers', '1', '--max-errors', '100']);
    expect(status).toBe(1);
    expect(stderr).toMatch(/^failed E_DOCUMENT: in\.jsonl:\d{3,}/);
    expect(stderr).toMatch(/\n2,940 documents, [\d,]+ tokens in .*; 60 failed\n$/);
    finished();
  });

  it('is discarded with --force', () => {
    interrupt();
    expect(space.run([...args, '--force']).status).toBe(1);
    finished();
  });

  it('is begun where there is none', () => {
    remove('x.jsonl', 'x.errors', 'x.jsonl.part', 'x.errors.part', 'x.jsonl.progress.json');
    expect(space.run([...args, '--resume']).status).toBe(1);
    finished();
  });
});

describe('two runs on one output', () => {
  it('do not get into each other’s way: the second is refused', async () => {
    remove('out.jsonl');
    const args = ['annotate', 'm', '-', '--from', 'jsonl', '-o', 'out.jsonl', '--errors', 'errors.jsonl'];
    const first = space.start(args);
    first.process.stdin?.write(lines[0]);
    while (!existsSync(space.path('out.jsonl.progress.json')))
      await new Promise((resolve) => setImmediate(resolve));
    for (const options of [[], ['--resume'], ['--force']]) {
      const { status, stderr } = space.run([...args, ...options], lines[1]);
      expect(status).toBe(2);
      expect(stderr).toMatch(
        new RegExp(
          `^error E_RESUME: out\\.jsonl: another run is at work on it \\(process ${first.process.pid}\\)\n  try: `,
        ),
      );
    }
    first.process.stdin?.end(lines[2]);
    expect(await first.ended).toMatchObject({ status: 0, stderr: '' });
    expect(
      read('out.jsonl')
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line).id),
    ).toEqual([1, 3]);
    expect(leftovers(space.list())).toEqual([]);
  });
});
