/** Threads that share one tagger, as built in `dist`: what becomes of documents, memory and streams when threads die. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { loadPipeline, runPipeline } from 'tagger';
import { beforeAll, describe, expect, it } from 'vitest';
import { engine } from '../../dist/core/engine.js';
import { Heap } from '../../dist/core/heap.js';
import { loadKernels } from '../../dist/core/kernels.js';
import { annotateMany, type DocumentsPool } from '../../dist/tagger/annotate-many.js';
import { Tagger } from '../../dist/tagger/tagger.js';
import { refuseUnhandledRejections, settled } from '../support/streams.js';
import { workspace } from '../support/workspace.js';

refuseUnhandledRejections();

const space = workspace();
const model = space.path('m');
const built = (file: string) => pathToFileURL(resolve('dist', file)).href;
const texts = [
  'Ada Weller opened a bakery in Port Elena.',
  'Rain fell on Lindby. Clara sailed home.',
  '',
  'Boris Lund',
];
const many = (count: number) =>
  Array.from({ length: count }, (_, id) => ({ id, input: texts[id % texts.length] }));

/** Workers of `annotateMany` to whom some texts do harm. */
space.write(
  'worker.mjs',
  `import { writeFileSync } from 'node:fs';
  import work from '${built('tagger/threads/documents-worker.js')}';
  import { Tagger } from '${built('tagger/tagger.js')}';
  const { annotateDocuments } = Tagger.prototype;
  const faults = {
    exit: () => process.exit(3),
    hoard: () => { for (const hoard = []; ; ) hoard.push(new Array(1000).fill(hoard.length)); },
    spin: () => { writeFileSync(${JSON.stringify(space.path('spins'))}, ''); for (;;); },
    throw: () => { throw new Error('a fault of the test'); },
  };
  Tagger.prototype.annotateDocuments = function (documents, options) {
    for (const { text } of documents) faults[text]?.();
    return annotateDocuments.call(this, documents, options);
  };
  export default (job) => {
    if (job.documents.some(({ text }) => text === 'job')) throw new Error('a fault of the job');
    return work(job);
  };`,
);
const faulty = pathToFileURL(space.path('worker.mjs'));

beforeAll(async () => {
  const pipeline = await loadPipeline('tiny', { cwd: space.folder, set: ['training.epochs=8'] });
  const run = runPipeline(pipeline, { output: model, base: space.folder, workers: 1 });
  while (!(await run.next()).done);
});

async function* streamOf<T>(items: Iterable<T>): AsyncGenerator<T> {
  yield* items;
}

/** A tagger, and its threads to which some texts do harm. */
async function open(threads: number, on = engine()) {
  const tagger = await Tagger.load(model, on);
  const pool: DocumentsPool = await tagger.openPool({ threads, worker: faulty });
  const annotate = (inputs: readonly string[], options = {}) => {
    const items = streamOf(inputs.map((input, id) => ({ id, input })));
    const workforce = { pool, watchers: tagger.watchers };
    const uncut = (input: unknown) => ({ id: '', text: String(input), sentences: [] });
    return annotateMany(items, uncut, workforce, options);
  };
  return { tagger, pool, annotate };
}

describe('threads with one tagger', () => {
  it('give back all memory that they have asked for, when they are closed', async () => {
    const { heap } = engine();
    const { used } = heap;
    const { tagger, pool, annotate } = await open(2);
    const [before, long] = [heap.used, `${'Clara sailed home to Port Elena '.repeat(3000)}.`];
    let results = 0;
    for await (const { error } of annotate([...texts, long, long, long])) if (!error) results++;
    expect(results).toBe(7);
    expect(heap.used).toBeGreaterThan(before);
    await pool.close();
    expect(heap.used).toBe(before);
    await tagger.close();
    expect(heap.used).toBe(used);
  });

  it('do not share what is theirs: they learn new words at the same time', async () => {
    const { tagger, annotate } = await open(3);
    const inputs = Array.from({ length: 600 }, (_, i) => `Ada met new${i} and ${i % 7}word in Port Elena.`);
    let next = 0;
    for await (const { id, error, ...annotation } of annotate(inputs, { scores: true })) {
      expect(error).toBeUndefined();
      expect(annotation, inputs[next]).toEqual(tagger.annotate(inputs[next], { scores: true }));
      expect(id).toBe(next++);
    }
    expect(next).toBe(600);
    await tagger.close();
  });

  it.each(['exit', 'throw', 'job'])('fail only the document that they do not survive: %s', async (fault) => {
    const { tagger, annotate } = await open(2);
    const inputs = many(150).map(({ input }) => input);
    for (const at of [20, 149]) inputs[at] = fault;
    const results = [];
    const monitor = tagger.monitor();
    for await (const result of annotate(inputs)) results.push(result);
    monitor.end();
    const tokens = results.reduce((sum, result) => sum + (result.error ? 0 : result.tokens.length), 0);
    expect(monitor.report().tokens, 'every token once').toBe(tokens);
    expect(results.map(({ id }) => id)).toEqual(inputs.map((_, id) => id));
    const failed = results.filter(({ error }) => error);
    const code = fault === 'throw' ? 'E_INTERNAL' : 'E_WORKER';
    expect(failed.map(({ id, error }) => [id, error?.code])).toEqual([20, 149].map((id) => [id, code]));
    for (const { id, error, ...annotation } of results) {
      if (!error) expect(annotation).toEqual(tagger.annotate(inputs[id]));
    }
    await tagger.close();
  });

  it('leave no memory behind when they die', async () => {
    const { heap } = engine();
    const { tagger, annotate } = await open(1);
    const use = async (inputs: readonly string[]) => {
      for await (const _ of annotate(inputs));
      return heap.used;
    };
    const before = await use(texts);
    for (let i = 0; i < 3; i++) await use(['exit']);
    expect(await use(texts)).toBe(before);
    await tagger.close();
  });

  it('fail documents with E_MEMORY as long as there is none, and no longer', async () => {
    const pages = 400;
    const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
    const small = { ...loadKernels(memory), heap: new Heap(memory) };
    const { tagger, annotate } = await open(2, small);
    for (const room of [1000, 200_000]) {
      const block = small.heap.allocate((pages - 2) * 65_536 - small.heap.used - room);
      const codes: (string | undefined)[] = [];
      for await (const { error } of annotate(texts.slice(0, 2))) codes.push(error?.code);
      expect(codes, `${room} bytes`).toEqual(['E_MEMORY', 'E_MEMORY']);
      small.heap.release(block);
    }
    for await (const { error } of annotate(texts)) expect(error).toBeUndefined();
    await tagger.close();
    expect(small.heap.used).toBe(0);
  });
});

describe('threads that are closed', () => {
  it('end their jobs with E_USAGE, even such as never end, and take no others', async () => {
    const { heap } = engine();
    const { used } = heap;
    const { tagger, pool, annotate } = await open(2);
    const stream = annotate(['spin', ...texts]);
    const next = stream.next();
    next.catch(() => {});
    while (!existsSync(space.path('spins'))) await settled();
    await Promise.all([pool.close(), tagger.close(), pool.close()]);
    const closed = expect.objectContaining({
      code: 'E_USAGE',
      problems: [{ message: 'the threads of the tagger tiny are closed' }],
    });
    await expect(next).rejects.toEqual(closed);
    await expect(pool.run({ documents: [], wanted: {}, isWatched: false })).rejects.toEqual(closed);
    await expect(annotate(texts).next()).rejects.toEqual(closed);
    await settled();
    expect(heap.used).toBe(used);
  });

  it('cannot be opened when the tagger is closed, nor while it is', async () => {
    const { heap } = engine();
    const { used } = heap;
    const tagger = await Tagger.load(model);
    const opening = tagger.openPool({ threads: 1, worker: faulty });
    await tagger.close();
    const closed = expect.objectContaining({ code: 'E_USAGE' });
    await expect(opening).rejects.toEqual(closed);
    await expect(tagger.openPool({ threads: 1, worker: faulty })).rejects.toEqual(closed);
    expect(heap.used).toBe(used);
  });
});

it('a thread without memory for its own objects fails only its document, with E_MEMORY', () => {
  space.write(
    'hoard.mjs',
    `import { Tagger } from '${built('tagger/tagger.js')}';
    import { annotateMany } from '${built('tagger/annotate-many.js')}';
    const tagger = await Tagger.load(${JSON.stringify(model)});
    const pool = await tagger.openPool({ threads: 2, worker: new URL('worker.mjs', import.meta.url) });
    async function* items() {
      for (const [id, input] of ['Clara', 'Boris', 'hoard', 'Rain fell'].entries()) yield { id, input };
    }
    const makeDocument = (text) => ({ id: '', text, sentences: [] });
    const workforce = { pool, watchers: tagger.watchers };
    for await (const { id, error, tokens } of annotateMany(items(), makeDocument, workforce, {}))
      process.stdout.write(\`\${id} \${error?.code ?? tokens.length}\\n\`);
    await tagger.close();`,
  );
  const args = ['--max-old-space-size=64', space.path('hoard.mjs')];
  const { stdout, status } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  expect(stdout).toBe('0 1\n1 1\n2 E_MEMORY\n3 2\n');
  expect(status).toBe(0);
});
