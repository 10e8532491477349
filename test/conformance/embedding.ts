/** What every embedding must do. A kind's own test calls this and adds what it makes of a form. */
import { expect, it } from 'vitest';
import type { TrackLists } from '../../src/core/batch.js';
import { engine } from '../../src/core/engine.js';
import type { KindSchema } from '../../src/core/kind.js';
import { Params } from '../../src/core/params.js';
import type { Embedding, EmbeddingKind, LearningContext, Sizes } from '../../src/embeddings/embedding.js';
import { type FormFeatures, Forms, sharedForms } from '../../src/text/forms.js';
import { numberedTracks, type TokenSentence, type TrackFeatures, Tracks } from '../../src/text/tracks.js';
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
  /** Whether a row depends on the other tokens of its sentence. */
  readonly contextual?: boolean;
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
  columns: {
    names: ['pos', 'lemma'],
    label: 'ner',
    count: () =>
      new Map([
        ['D', 3],
        ['V', 1],
        ['N', 2],
        ['A', 1],
      ]),
  },
  place: {},
  warn: () => {},
};

/** Values of `pos` as tokens have them in turn; training does not have the last. */
const values = ['D', 'N', 'A', 'V', 'Q'];

/** Sentences as a tagger gets them, with the columns of `learning`. */
const inputsOf = (words: readonly (readonly string[])[]): TokenSentence[] =>
  words.map((tokens, s) => {
    const pos = tokens.map((_, t) => values[(s + 2 * t) % values.length]);
    return { tokens, columns: { pos, lemma: tokens } };
  });

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
  const tracks = new Tracks();
  const { width } = embedding(new Params(heap), new Forms(heap), tracks, () => vocabulary);
  return {
    input: 0,
    output: width,
    sentences: encode(new Forms(heap)),
    tracks: tracksOf(tracks, words),
    create(params): Forward {
      const forms = new Forms(heap);
      encode(forms);
      return forwardOf(embedding(params, forms, new Tracks(), () => vocabulary));
    },
  };
}

/** The numbers of some sentences in every track. */
function tracksOf(tracks: Tracks, words: readonly (readonly string[])[]): TrackLists {
  const encoded = inputsOf(words).map((input) => tracks.encode(input));
  return Array.from({ length: tracks.count }, (_, track) => encoded.map((lists) => lists[track]));
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
  const layer = embeddingLayer(kind, options, vocabulary, words);
  return {
    ...layer,
    create(params): Forward {
      const forms = new Forms(heap);
      embedding(params, forms, new Tracks(), () => vocabulary);
      for (const sentence of words) forms.encode(sentence);
      return (x, run) => {
        // Only now is all allocated that is to be shared.
        const others = new Params(heap, structuredClone(params.share()));
        const own = new Forms(heap);
        const met = hasOwnForms ? own : sharedForms(structuredClone(forms.share()));
        const tracks = new Tracks();
        const attached = embedding(others, met, hasOwnForms ? tracks : numberedTracks(), noWords);
        others.allocate();
        for (const sentence of words) own.encode(sentence);
        if (hasOwnForms) expect(tracksOf(tracks, words)).toEqual(layer.tracks);
        expect(others.bytes, 'bytes that were allocated again').toBe(0);
        return forwardOf(attached)(x, run);
      };
    },
  };
}

function makerOf<S extends KindSchema, V>(kind: EmbeddingKind<S, V>, options: object, sizes: Sizes) {
  return (params: Params, forms: FormFeatures, tracks: TrackFeatures, vocabulary: () => V): Embedding =>
    kind.create(kind.options.parse(options), sizes, { params, name: 'embedding', forms, tracks, vocabulary });
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
  for (const { name, options, random, limit, contextual = false } of cases) {
    const parsed = kind.options.parse(options);
    const vocabulary = await kind.learn(parsed, learning);
    const layer = { ...embeddingLayer(kind, options, vocabulary), limit };
    const atRandom = random && {
      random: embeddingLayer(kind, random, await kind.learn(kind.options.parse(random), learning)).create,
    };
    layerConformance(name, { ...layer, ...atRandom });

    // Where a row depends on the words around it, others say what it is.
    if (!contextual)
      it(`${name}: gives a form, with the same numbers in its tracks, the same row everywhere`, () => {
        const y = new Trial(layer).output();
        const tracks = layer.tracks ?? [];
        const tokens = layer.sentences!.flatMap((forms, s) =>
          Array.from(forms, (form, t) =>
            (tracks.length > 0 ? tracks.map((lists) => lists[s][t]) : [form]).join(),
          ),
        );
        const row = (i: number) => [...y.subarray(i * layer.output, (i + 1) * layer.output)];
        tokens.forEach((token, i) => {
          expect(row(i), `token ${i}`).toEqual(row(tokens.indexOf(token)));
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
