/** Streams of documents, as a user of the library has them: by the name of the package, from `dist`. */
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import {
  type AnnotateInput,
  type AnnotateManyOptions,
  loadPipeline,
  type ManyItem,
  type ManyResult,
  runPipeline,
  Tagger,
  TaggerError,
} from 'tagger';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { engine } from '../../dist/core/engine.js';
import { range, seed, seeded } from '../support/arrays.js';
import { dawdle, never, outcome, refuseUnhandledRejections, settled } from '../support/streams.js';
import { workspace } from '../support/workspace.js';

refuseUnhandledRejections();

const space = workspace();
const model = space.path('m');
let tagger: Tagger;
beforeAll(async () => {
  const pipeline = await loadPipeline('tiny', { cwd: space.folder, set: ['training.epochs=15'] });
  const run = runPipeline(pipeline, { output: model, base: space.folder, workers: 1 });
  while (!(await run.next()).done);
  tagger = await Tagger.load(model);
});
afterAll(() => tagger.close());

const texts = [
  'Yesterday 😂 Ada Weller opened a bakery in Port Elena.',
  'Rain fell on Lindby all day. Clara sailed home.',
  '',
  'The mayor of Oakfield Bay thanked Zoë Ng twice.\r\n\r\n—\u00a0Boris Lund',
];
const inputs: AnnotateInput[] = [
  ...texts,
  ['Ada', 'Weller', 'sailed', 'home'],
  [['Rain', 'fell'], [], ['Port Elena']],
  {
    text: 'Clara, Boris!',
    tokens: [
      { start: 0, end: 5 },
      { start: 7, end: 12 },
    ],
  },
];
const itemsOf = (count: number) =>
  range(0, count - 1).map((id) => ({ id, input: inputs[id % inputs.length] }));

async function* numbered(
  pause: (id: number) => Promise<void> = async () => {},
): AsyncGenerator<ManyItem<number>> {
  for (let id = 0; ; id++) {
    await pause(id);
    yield { id, input: inputs[id % inputs.length] };
  }
}

const annotationOf = ({ id, error, ...annotation }: ManyResult) => annotation;

describe(`annotations of many documents, seed ${seed}`, () => {
  const wishes: AnnotateManyOptions[] = [{}, { scores: true }, { nbest: 2 }, { minScore: 0.9 }];

  it.each([1, 2, 3, 4])('by %i threads are those of annotate, in order', async (workers) => {
    for (const wanted of wishes) {
      const results = (await outcome(tagger.annotateMany(itemsOf(150), { ...wanted, workers }))).given;
      expect(results.map(({ id }) => id)).toEqual(range(0, 149));
      results.forEach((result, i) => {
        expect(annotationOf(result), `${JSON.stringify(wanted)} ${i}`).toEqual(
          tagger.annotate(inputs[i % inputs.length], wanted),
        );
      });
    }
  });

  it('in any order are as many, each with its own id', async () => {
    const options = { ordered: false, workers: 3 };
    const { given } = await outcome(tagger.annotateMany(itemsOf(400), options));
    expect(given.map(({ id }) => id).sort((a, b) => a - b)).toEqual(range(0, 399));
    for (const result of given) {
      expect(annotationOf(result)).toEqual(tagger.annotate(inputs[result.id % inputs.length]));
    }
  });

  it('keep ids of any type, also such as no message takes', async () => {
    const ids = [
      0,
      -0,
      Number.NaN,
      '',
      'a',
      10n,
      true,
      null,
      undefined,
      Symbol('id'),
      {},
      [1],
      () => 1,
      new Map(),
      'a',
    ];
    const items = ids.map((id) => ({ id, input: 'Ada' }));
    const { given } = await outcome(tagger.annotateMany(items));
    expect(given.every(({ id }, i) => Object.is(id, ids[i]))).toBe(true);
    expect(given).toHaveLength(ids.length);
    const [withoutId] = (await outcome(tagger.annotateMany([{ input: 'Ada' } as ManyItem<undefined>]))).given;
    expect(withoutId).toMatchObject({ id: undefined, tokens: [{ text: 'Ada' }] });
  });

  it('are none of no documents', async () => {
    expect(await outcome(tagger.annotateMany([]))).toEqual({ given: [] });
  });

  it('are of lists, sets, generators and streams', async () => {
    const items = itemsOf(5);
    const { given } = await outcome(tagger.annotateMany(items));
    for (const source of [new Set(items), items.values(), Readable.from(items)]) {
      expect(await outcome(tagger.annotateMany(source))).toEqual({ given });
    }
  });

  it('come while the stream of documents waits for its next one', async () => {
    const stream = tagger.annotateMany(numbered((id) => (id === 3 ? never : Promise.resolve())));
    for (const id of range(0, 2)) expect((await stream.next()).value).toMatchObject({ id });
  });

  it('draw no more documents than are worked on, however slow their reader is', async () => {
    const random = seeded(1);
    let drawn = 0;
    const items = numbered(async (id) => {
      drawn = id;
    });
    let taken = 0;
    for await (const _ of tagger.annotateMany(items, { workers: 2 })) {
      taken++;
      await dawdle(random);
      // Four jobs in flight, the one that is being read, and the one that is being made.
      expect(drawn).toBeLessThanOrEqual(taken + 6 * 64);
      if (taken === 1500) break;
    }
  });

  it('of two streams that are read at once do not get mixed up', async () => {
    const read = (offset: number) => {
      const items = range(0, 499).map((i) => ({
        id: offset + i,
        input: inputs[(offset + i) % inputs.length],
      }));
      return outcome(tagger.annotateMany(items, { workers: 2, ordered: offset < 1000 }));
    };
    const [a, b, c] = await Promise.all([read(0), read(500), read(1000)]);
    const ids = [...a.given, ...b.given, ...c.given.toSorted((x, y) => x.id - y.id)].map(({ id }) => id);
    expect(ids).toEqual(range(0, 1499));
    for (const result of [a, b, c].flatMap(({ given }) => given)) {
      expect(annotationOf(result)).toEqual(tagger.annotate(inputs[result.id % inputs.length]));
    }
  });

  it("are made with the caller's tokenizer, which may keep what it likes", async () => {
    const seen: string[] = [];
    const tokenize = (text: string) => {
      seen.push(text);
      return text.split(/\s+/);
    };
    const items = texts.map((input, id) => ({ id, input }));
    const { given } = await outcome(tagger.annotateMany(items, { tokenize }));
    expect(seen).toEqual(texts);
    given.forEach((result, i) => {
      expect(annotationOf(result)).toEqual(tagger.annotate(texts[i], { tokenize }));
    });
  });
});

describe('a document that fails', () => {
  it('is a result with an error, and the others come', async () => {
    const items = [
      { id: 'a', input: 'Ada sailed home.' },
      { id: 'b', input: { text: 'Ada', tokens: [{ start: 1, end: 9 }] } },
      { id: 'c', input: 7 as unknown as string },
      { id: 'd', input: undefined as unknown as string },
      { id: 'e', input: 'Rain' },
    ];
    const { given, error } = await outcome(tagger.annotateMany(items));
    expect(error).toBeUndefined();
    expect(given.map(({ id, error }) => [id, error?.code])).toEqual([
      ['a', undefined],
      ['b', 'E_USAGE'],
      ['c', 'E_USAGE'],
      ['d', 'E_USAGE'],
      ['e', undefined],
    ]);
    for (const result of given) if (result.error) expect(Object.keys(result)).toEqual(['id', 'error']);
    expect(given[1].error).toBeInstanceOf(TaggerError);
    expect(annotationOf(given[4])).toEqual(tagger.annotate('Rain'));
  });

  it("in the caller's tokenizer has its error as the cause", async () => {
    const broken = new Error('a fault of the tokenizer');
    const tokenize = (text: string) => {
      if (text === 'bad') throw broken;
      return text.split(' ');
    };
    const items = ['Ada', 'bad', 'Rain'].map((input, id) => ({ id, input }));
    const { given } = await outcome(tagger.annotateMany(items, { tokenize }));
    expect(given.map(({ error }) => error?.code)).toEqual([undefined, 'E_DOCUMENT', undefined]);
    expect(given[1].error?.cause).toBe(broken);
    expect(given[1].error?.problems[0].found).toBe('a fault of the tokenizer');
  });
});

describe('a stream of annotations ends', () => {
  it('with the error of the stream of documents, after the results of all before it', async () => {
    const broken = new Error('the disk is gone');
    const items = numbered(async (id) => {
      if (id === 333) throw broken;
    });
    const { given, error } = await outcome(tagger.annotateMany(items, { workers: 2 }));
    expect(given.map(({ id }) => id)).toEqual(range(0, 332));
    expect(error).toBe(broken);
  });

  it('when its reader leaves, and closes the stream of documents', async () => {
    let isClosed = false;
    async function* items() {
      try {
        yield* numbered();
      } finally {
        isClosed = true;
      }
    }
    for await (const { id } of tagger.annotateMany(items())) if (id === 100) break;
    expect(isClosed).toBe(true);
    expect((await outcome(tagger.annotateMany(itemsOf(3)))).given).toHaveLength(3);
  });

  it('with the reason of a signal: before, while it is read, and while it waits', async () => {
    const reason = new Error('enough');
    const start = (signal: AbortSignal, pause?: (id: number) => Promise<void>) =>
      tagger.annotateMany(numbered(pause), { signal, workers: 2 });
    expect(await outcome(start(AbortSignal.abort(reason)))).toEqual({ given: [], error: reason });

    const reading = new AbortController();
    let taken = 0;
    const read = async () => {
      for await (const _ of start(reading.signal)) if (++taken === 100) reading.abort(reason);
    };
    await expect(read()).rejects.toBe(reason);
    expect(taken).toBe(100);

    const waiting = new AbortController();
    const stream = start(waiting.signal, (id) => (id === 2 ? never : Promise.resolve()));
    await stream.next();
    await stream.next();
    const next = stream.next();
    await settled();
    waiting.abort(reason);
    await expect(next).rejects.toBe(reason);
  });

  it('before it has begun where options are wrong', async () => {
    const wrong: AnnotateManyOptions[] = [
      { workers: 0 },
      { workers: 1.5 },
      { workers: Number.NaN },
      { nbest: 0 },
      { minScore: 1.5 },
      { minScore: Number.NaN },
      { minScore: '0.5' as unknown as number },
    ];
    for (const options of wrong) {
      const { given, error } = await outcome(tagger.annotateMany(itemsOf(2), options));
      expect(given).toEqual([]);
      expect(error, JSON.stringify(options)).toMatchObject({ code: 'E_USAGE' });
    }
    expect(() => tagger.annotate('Ada', { minScore: -1 })).toThrow(
      expect.objectContaining({ code: 'E_USAGE' }),
    );
  });
});

describe('a tagger that is closed', () => {
  const closed = expect.objectContaining({
    code: 'E_USAGE',
    message: expect.stringMatching(/tagger tiny .*closed/),
  });

  it('while its streams are read ends them with E_USAGE, and its memory is free', async () => {
    const { heap } = engine();
    const { used } = heap;
    const own = await Tagger.load(model);
    const reading = own.annotateMany(numbered(), { workers: 2 });
    await reading.next();
    const waiting = own.annotateMany(
      numbered((id) => (id === 1 ? never : Promise.resolve())),
      { workers: 1 },
    );
    await waiting.next();
    const next = waiting.next();
    next.catch(() => {});
    await Promise.all([own.close(), own.close()]);
    expect(heap.used).toBe(used);
    await expect(next).rejects.toEqual(closed);
    await expect(reading.next()).rejects.toEqual(closed);
    expect((await reading.next()).done).toBe(true);
    await settled();
    expect(heap.used).toBe(used);
  });

  it('from within the loop does not wait for its own stream', async () => {
    const own = await Tagger.load(model);
    const loop = async () => {
      for await (const _ of own.annotateMany(numbered())) await own.close();
    };
    await expect(loop()).rejects.toEqual(closed);
  });

  it('before a stream has begun to be read refuses it', async () => {
    const own = await Tagger.load(model);
    const [late, early] = [own.annotateMany(itemsOf(3)), own.annotateMany(itemsOf(3))];
    const first = early.next();
    first.catch(() => {});
    await own.close();
    await expect(first).rejects.toEqual(closed);
    await expect(late.next()).rejects.toEqual(closed);
  });

  it('may be so at the end of a block', async () => {
    const { heap } = engine();
    const { used } = heap;
    let kept: Tagger | undefined;
    {
      await using own = await Tagger.load(model);
      kept = own;
      expect((await outcome(own.annotateMany(itemsOf(10)))).given).toHaveLength(10);
    }
    expect(heap.used).toBe(used);
    expect(() => kept?.annotate('Ada')).toThrow(closed);
  });
});

describe('a process that annotates in threads', () => {
  const script = (end: string) => `
    import { Tagger } from '${pathToFileURL(resolve('dist/index.js'))}';
    const tagger = await Tagger.load(${JSON.stringify(model)});
    const items = Array.from({ length: 200 }, (_, id) => ({ id, input: 'Ada Weller sailed home.' }));
    let results = 0;
    for await (const { error } of tagger.annotateMany(items, { workers: 2 })) {
      if (!error) results++;
      ${end}
    }
    process.exitCode = results === 200 ? 7 : 1;`;

  it.each([
    ['after close', '', 'await tagger.close();', 7],
    ['without it', '', '', 7],
    ['after a reader left', 'if (results === 100) break;', '', 1],
  ])('prints nothing, and ends by itself: %s', (_, within, after, status) => {
    space.write('script.mjs', `${script(within)}\n${after}`);
    const { stdout, stderr, ...ended } = spawnSync(process.execPath, [space.path('script.mjs')], {
      encoding: 'utf8',
      timeout: 50_000,
    });
    expect({ stdout, stderr }).toEqual({ stdout: '', stderr: '' });
    expect(ended).toMatchObject({ status, signal: null });
  });
});
