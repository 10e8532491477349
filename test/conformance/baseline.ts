/** What every baseline must do. A kind's own test calls this and adds what it exists for. */
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { BaselineKind } from '../../src/baselines/baseline.js';
import type { KindSchema } from '../../src/core/kind.js';
import type { LabelledSentence } from '../../src/corpus/labels.js';
import { isValid } from '../../src/text/schemes.js';
import { seed } from '../support/arrays.js';
import { accuracyOf, labelled, partsOfSpeech, randomSpans, spans, trained } from '../support/baseline.js';

/** Percent of the tokens of a corpus that it must tag rightly once it has learnt it. */
export interface Learns {
  readonly partsOfSpeech: number;
  /** Absent where the kind takes no spans. */
  readonly spans?: number;
}

/** What a tagger may be given. */
const odd = [
  [],
  ['walk'],
  ['zyxwv', 'Zyxwv', 'ZYXWV', 'zyxwv-1', '1984', '3.5', '10:30'],
  ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf'],
  ['😂', '👩‍👩‍👧', '\ud83d', '\ude02', 'é', 'e\u0301', 'İ', 'ß', '東京'],
  ['', ' ', '\0', '\n', '*', ',', '/'],
  ['x'.repeat(3000)],
  Array.from({ length: 500 }, (_, i) => (i % 3 ? 'the' : 'walk')),
].map((tokens) => ({ tokens }));

export function baselineConformance<S extends KindSchema>(
  name: string,
  kind: BaselineKind<S>,
  options: object,
  learns: Learns,
): void {
  const parts = { train: partsOfSpeech(300, 1), dev: partsOfSpeech(40, 2), scheme: 'none' } as const;
  const names = { train: spans, dev: spans, scheme: 'bio' } as const;
  const tasks = kind.takesSpans ? [parts, names] : [parts];

  describe(`${name} as a baseline (seed ${seed})`, () => {
    it('learns parts of speech', async () => {
      const { model } = await trained(kind, options, parts);
      expect(accuracyOf(model, partsOfSpeech(100, 3))).toBeGreaterThanOrEqual(learns.partsOfSpeech);
    });

    if (kind.takesSpans)
      it('learns spans', async () => {
        const { model } = await trained(kind, options, names);
        expect(accuracyOf(model, spans)).toBeGreaterThanOrEqual(learns.spans!);
      });

    if (!kind.takesSpans)
      it('refuses spans', async () => {
        await expect(trained(kind, options, names)).rejects.toMatchObject({ code: 'E_CONFIG' });
      });

    it('gives every token of any sentence one tag of train', async () => {
      for (const task of tasks) {
        const strange = labelled('walk/STRANGE');
        const { model } = await trained(kind, options, { ...task, dev: [strange, ...task.dev] });
        const known = new Set(task.train.flatMap(({ tags }) => tags));
        const found = model.tag([...odd, strange]);
        expect(found.map(({ length }) => length)).toEqual(
          [...odd, strange].map(({ tokens }) => tokens.length),
        );
        expect(found.flat().filter((tag) => !known.has(tag))).toEqual([]);
      }
    });

    it('tags words that every object has as train has them', async () => {
      const { model } = await trained(kind, options, parts);
      expect(model.tag([{ tokens: ['the', 'constructor'] }, { tokens: ['a', '__proto__'] }])).toEqual([
        ['DET', 'NOUN'],
        ['DET', 'NOUN'],
      ]);
    });

    if (kind.takesSpans)
      it('gives valid spans, whatever it has learnt', async () => {
        const corpora = [
          randomSpans(30, 4),
          randomSpans(200, 5),
          // No sequence of these tags alone fits every length.
          [labelled('Ann/B-X Lee/E-X')],
          [labelled('Ann/S-X')],
          [labelled('the/O cat/O')],
        ];
        for (const train of corpora) {
          const { model } = await trained(kind, options, { train, scheme: 'bioes' });
          const allowed = new Set(['O', ...train.flatMap(({ tags }) => tags)]);
          const found = model.tag([...odd, ...train, ...randomSpans(100, 6)]);
          expect(found.filter((tags) => !isValid(tags, 'bioes'))).toEqual([]);
          expect(found.flat().filter((tag) => !allowed.has(tag))).toEqual([]);
        }
      });

    it('tags a sentence the same alone and among others', async () => {
      for (const task of tasks) {
        const { model } = await trained(kind, options, task);
        const sentences = [...odd, ...task.train.slice(0, 20)];
        const all = model.tag(sentences);
        expect(sentences.map((sentence) => model.tag([sentence])[0])).toEqual(all);
        expect(model.tag([])).toEqual([]);
      }
    });

    it('is the same for the same seed, with any number of workers', async () => {
      for (const task of tasks) {
        const [one, two] = [
          await trained(kind, options, { ...task, workers: 1 }),
          await trained(kind, options, { ...task, workers: 4 }),
        ];
        expect(two.progress).toEqual(one.progress);
        expect(two.model.tag(task.train)).toEqual(one.model.tag(task.train));
        expect([two.model.bytes, two.model.parameters]).toEqual([one.model.bytes, one.model.parameters]);
      }
    });

    it('learns without dev, and from a single token', async () => {
      const train = [labelled('walk/NOUN')];
      const { model } = await trained(kind, options, { train, scheme: 'none' });
      expect(model.tag([{ tokens: ['walk', 'other'] }])).toEqual([['NOUN', 'NOUN']]);
    });

    it('refuses to learn from nothing', async () => {
      for (const train of [[], [{ tokens: [], tags: [] }]] satisfies LabelledSentence[][]) {
        const learning = trained(kind, options, { train, scheme: 'none' });
        await expect(learning).rejects.toMatchObject({ code: 'E_CORPUS_FORMAT' });
      }
    });

    it('says what it has learnt and how large that is', async () => {
      const small = await trained(kind, options, { train: parts.train.slice(0, 4), scheme: 'none' });
      const large = await trained(kind, options, {
        train: [...parts.train, ...odd.map(asNouns)],
        scheme: 'none',
      });
      for (const { model, progress } of [small, large]) {
        expect(progress.length).toBeGreaterThan(0);
        expect(Number.isSafeInteger(model.bytes) && model.bytes > 0).toBe(true);
        expect(Number.isSafeInteger(model.parameters) && model.parameters > 0).toBe(true);
      }
      expect(large.model.bytes).toBeGreaterThan(small.model.bytes);
      expect(large.model.parameters).toBeGreaterThan(small.model.parameters);
    });

    it('is ended by a signal, before it begins or on its way', async () => {
      const signal = AbortSignal.abort();
      await expect(trained(kind, options, { ...parts, signal })).rejects.toMatchObject({
        name: 'AbortError',
      });
      const controller = new AbortController();
      const train = partsOfSpeech(2000, 7);
      const ended = expect(
        trained(kind, options, { ...parts, train, signal: controller.signal }),
      ).rejects.toMatchObject({ name: 'AbortError' });
      // It has begun by then, and has more turns than these to go.
      for (let turn = 0; turn < 4; turn++) await setImmediate();
      controller.abort();
      await ended;
    });
  });
}

const asNouns = ({ tokens }: { readonly tokens: readonly string[] }): LabelledSentence => ({
  tokens,
  tags: tokens.map(() => 'NOUN'),
});
