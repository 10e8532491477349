/** What every embedding must do. A kind's own test calls this and adds what it makes of a form. */
import { expect, it } from 'vitest';
import { engine } from '../../src/core/engine.js';
import type { KindSchema } from '../../src/core/kind.js';
import { Params } from '../../src/core/params.js';
import type { Embedding, EmbeddingKind, LearningContext, Sizes } from '../../src/embeddings/embedding.js';
import { type FormFeatures, Forms, sharedForms } from '../../src/text/forms.js';
import { expectGaps, place } from '../support/rows.js';
import { type Forward, type LayerCase, layerConformance, Trial } from './layer.js';

export interface EmbeddingCase {
  readonly name: string;
  /** As in a config, but nothing happens at random. */
  readonly options: object;
  /** The same with dropout, or with whatever training does at random. */
  readonly random?: object;
  /** Range of the parameters. */
  readonly limit?: number;
}

/** Forms of a training split, each with its count. */
export const learning: LearningContext = {
  counts: new Map([
    ['the', 5],
    ['Alps', 1],
    ['rise', 1],
    ['of', 3],
    ['1984', 2],
    ['naïve', 1],
  ]),
  place: {},
  warn: () => {},
};

/** A batch with forms that training saw, in other spellings too, and with others; several occur twice. */
export const sentences: readonly (readonly string[])[] = [
  ['The', 'Alps'],
  ['the', 'Alps', 'rise', '2017'],
  ['of'],
  ['naïve', 'zebras', 'the'],
  ['東京'],
];

/** An embedding as a layer that takes no x; its rows are written between other columns. */
export function embeddingLayer<S extends KindSchema, V>(
  kind: EmbeddingKind<S, V>,
  options: object,
  vocabulary: V,
  words = sentences,
): LayerCase {
  const { heap } = engine();
  const embedding = makerOf(kind, options, kind.sizes(vocabulary));
  const encode = (forms: Forms) => words.map((sentence) => forms.encode(sentence));
  return {
    input: 0,
    output: embedding(new Params(heap), new Forms(heap), () => vocabulary).width,
    sentences: encode(new Forms(heap)),
    create(params): Forward {
      const forms = new Forms(heap);
      encode(forms);
      return forwardOf(embedding(params, forms, () => vocabulary));
    },
  };
}

/**
 * The same, as another thread has it: made again of the first one's memory, where there are no words. It has the first one's
 * forms, or meets them anew as one that annotates does.
 */
export function attachedLayer<S extends KindSchema, V>(
  kind: EmbeddingKind<S, V>,
  options: object,
  vocabulary: V,
  words = sentences,
  hasOwnForms = false,
): LayerCase {
  const { heap } = engine();
  const embedding = makerOf(kind, options, kind.sizes(vocabulary));
  const noWords = () => expect.fail('the vocabulary is in another thread');
  return {
    ...embeddingLayer(kind, options, vocabulary, words),
    create(params): Forward {
      const forms = new Forms(heap);
      embedding(params, forms, () => vocabulary);
      for (const sentence of words) forms.encode(sentence);
      return (x, run) => {
        // Only now is all allocated that is to be shared.
        const others = new Params(heap, structuredClone(params.share()));
        const own = new Forms(heap);
        const met = hasOwnForms ? own : sharedForms(structuredClone(forms.share()));
        const attached = embedding(others, met, noWords);
        others.allocate();
        for (const sentence of words) own.encode(sentence);
        expect(others.bytes, 'bytes that were allocated again').toBe(0);
        return forwardOf(attached)(x, run);
      };
    },
  };
}

function makerOf<S extends KindSchema, V>(kind: EmbeddingKind<S, V>, options: object, sizes: Sizes) {
  return (params: Params, forms: FormFeatures, vocabulary: () => V): Embedding =>
    kind.create(kind.options.parse(options), sizes, { params, name: 'embedding', forms, vocabulary });
}

function forwardOf({ width, forward }: Embedding): Forward {
  return (_x, run) => {
    const out = place(run, width);
    const backward = forward(out, run);
    expectGaps(run, out);
    return [out, backward];
  };
}

/** Learns, then registers the tests: to be awaited. */
export async function embeddingConformance<S extends KindSchema, V>(
  kind: EmbeddingKind<S, V>,
  cases: readonly EmbeddingCase[],
): Promise<void> {
  for (const { name, options, random, limit } of cases) {
    const parsed = kind.options.parse(options);
    const vocabulary = await kind.learn(parsed, learning);
    const layer = { ...embeddingLayer(kind, options, vocabulary), limit };
    const atRandom = random && {
      random: embeddingLayer(kind, random, await kind.learn(kind.options.parse(random), learning)).create,
    };
    layerConformance(name, { ...layer, ...atRandom });

    it(`${name}: gives a form the same row everywhere`, () => {
      const y = new Trial(layer).output();
      const forms = layer.sentences!.flatMap((sentence) => [...sentence]);
      const row = (i: number) => [...y.subarray(i * layer.output, (i + 1) * layer.output)];
      forms.forEach((form, i) => {
        expect(row(i), `token ${i}`).toEqual(row(forms.indexOf(form)));
      });
    });

    it(`${name}: is the same after its vocabulary was saved and loaded`, () => {
      const { json, halves } = kind.save(vocabulary);
      const loaded = kind.load(parsed, JSON.parse(JSON.stringify(json)), halves);
      expect(new Trial({ ...embeddingLayer(kind, options, loaded), limit }).output()).toEqual(
        new Trial(layer).output(),
      );
      expect(kind.save(loaded)).toEqual({ json, halves });
    });

    it(`${name}: is the same in another thread, which has no words`, async () => {
      const chance = random ?? options;
      const learned = await kind.learn(kind.options.parse(chance), learning);
      const own = new Trial({ ...embeddingLayer(kind, chance, learned), limit });
      for (const hasOwnForms of [false, true]) {
        const layer = attachedLayer(kind, chance, learned, sentences, hasOwnForms);
        const attached = new Trial({ ...layer, limit });
        for (const stream of [undefined, [1], [2]])
          expect(attached.output(stream)).toEqual(own.output(stream));
      }
    });

    it(`${name}: refuses to load another vocabulary`, () => {
      expect(() => kind.load(parsed, { unknown: 1 })).toThrow(expect.objectContaining({ name: 'ZodError' }));
    });

    it(`${name}: is described in one line`, () => {
      expect(kind.describe(parsed, vocabulary)).toMatch(/^\S.*\S$/);
    });
  }
}
