import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { beforeAll, describe, expect, it } from 'vitest';
import { engine } from '../../src/core/engine.js';
import { loadPipeline } from '../../src/pipeline/config.js';
import { runPipeline } from '../../src/pipeline/run.js';
import { type AnnotateInput, type AnnotateOptions, Tagger } from '../../src/tagger/index.js';
import { documentOf } from '../../src/tagger/input.js';
import { workspace } from '../support/workspace.js';

const space = workspace();
const model = space.path('m');
const text = 'Ada Weller opened a bakery in Port Elena. Rain fell on Lindby.';
const words = [['Ada', 'Weller', 'sailed', 'home'], [], ['Rain']];

beforeAll(async () => {
  const pipeline = await loadPipeline('tiny', { cwd: space.folder, set: ['training.epochs=8'] });
  const run = runPipeline(pipeline, { output: model, base: space.folder, workers: 1 });
  while (!(await run.next()).done);
});

describe('a tagger', () => {
  it('gives the same tags whenever its model is loaded, however sentences are batched', async () => {
    const [a, b] = [await Tagger.load(model), await Tagger.load(model)];
    const many = Array.from({ length: 300 }, (_, i) => words[0].slice(0, 1 + (i % 4)));
    expect(b.tag(many)).toEqual(a.tag(many));
    expect(many.flatMap((sentence) => b.tag([sentence]))).toEqual(a.tag(many));
    expect(b.annotate(text)).toEqual(a.annotate(text));
    a.close();
    b.close();
  });

  it('has a tag for every token, and none for a sentence without', async () => {
    const tagger = await Tagger.load(model);
    expect(tagger.tag(words).map((tags) => tags.length)).toEqual([4, 0, 1]);
    expect(tagger.tag([])).toEqual([]);
    for (const tag of tagger.tag(words).flat()) expect(tagger.tags).toContain(tag);
    tagger.close();
  });

  it('annotates what is tokens already as tag does, whatever way it is given', async () => {
    const tagger = await Tagger.load(model);
    const tags = tagger.tag(words).flat();
    const tagsOf = (input: AnnotateInput, options?: AnnotateOptions) =>
      tagger.annotate(input, options).tokens.map(({ tag }) => tag);
    expect(tagsOf(words)).toEqual(tags);
    expect(words.flatMap((sentence) => tagsOf(sentence))).toEqual(tags);
    const { text, sentences } = documentOf(words, { makeDocument: (given) => tagger.cut(given) });
    const tokens = sentences.map((sentence) => sentence.tokens);
    expect(tagsOf({ text, tokens })).toEqual(tags);
    expect(tagsOf(text, { tokenize: () => tokens })).toEqual(tags);
    expect(tagsOf(text, { tokenize: () => words })).toEqual(tags);
    // No tokens are no text to be cut.
    expect(tagsOf({ text, tokens: [] })).toEqual([]);
    expect(tagsOf([])).toEqual([]);
    await tagger.close();
  });

  it('knows what it is', async () => {
    const tagger = await Tagger.load(model);
    expect(tagger).toMatchObject({ name: 'tiny', label: 'ner', scheme: 'bioes' });
    expect(tagger.corpus).toMatchObject({ name: 'bakers', format: 'conll' });
    tagger.close();
  });

  it('counts touching spans of one label apart, as the script of CoNLL does in BIO', async () => {
    const tagger = await Tagger.load(model);
    const gold = { tokens: ['Clara', 'Boris'], tags: ['S-PER', 'S-PER'] };
    expect(tagger.evaluate([gold]).byLabel.PER.gold).toBe(2);
    tagger.close();
  });

  it('that is closed says so, and may be closed again', async () => {
    const tagger = await Tagger.load(model);
    tagger.close();
    tagger.close();
    expect(() => tagger.annotate(text)).toThrow('the tagger tiny is closed');
    expect(() => tagger.tag([['Rain']])).toThrow(expect.objectContaining({ code: 'E_USAGE' }));
  });

  it('works while another is loaded and closed', async () => {
    const a = await Tagger.load(model);
    const expected = a.annotate(text);
    const b = await Tagger.load(model);
    b.annotate(text.repeat(50));
    expect(a.annotate(text)).toEqual(expected);
    b.close();
    expect(a.annotate(text)).toEqual(expected);
    a.close();
  });
});

describe('memory', () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;

  it('is given back by 1,000 taggers that are loaded, used and closed', async () => {
    const { heap } = engine();
    const use = async (times: number) => {
      for (let i = 0; i < times; i++) {
        const tagger = await Tagger.load(model);
        if (i % 10 === 0) tagger.annotate(text);
        tagger.close();
      }
      collect();
      return { used: heap.used, bytes: heap.memory.buffer.byteLength, heap: process.memoryUsage().heapUsed };
    };
    const before = await use(100);
    const after = await use(1000);
    expect(after).toMatchObject({ used: before.used, bytes: before.bytes });
    expect(after.heap - before.heap).toBeLessThan(8 * 2 ** 20);
  });
});
