import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { engine } from '../../src/core/engine.js';
import { Params } from '../../src/core/params.js';
import { gazetteer } from '../../src/embeddings/gazetteer.js';
import type { LearningContext } from '../../src/embeddings/index.js';
import { Forms } from '../../src/text/forms.js';
import { Tracks } from '../../src/text/tracks.js';
import { embeddingConformance, embeddingLayer, learning } from '../conformance/embedding.js';
import { Trial } from '../conformance/layer.js';
import { seed, seeded } from '../support/arrays.js';
import { taggerErrorOf } from '../support/tagger-error.js';

const folder = mkdtempSync(join(tmpdir(), 'tagger-lists-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let files = 0;
/** A list in a file of its own; its name, relative to the folder. */
function listOf(content: string | Uint8Array): string {
  const name = `list-${++files}.txt`;
  writeFileSync(join(folder, name), content);
  return name;
}

const context: LearningContext = { ...learning, base: folder };
const optionsOf = (lists: object, more: object = {}) =>
  gazetteer.options.parse({ kind: 'gazetteer', lists, dim: 3, ...more });
const learn = (lists: object, more: object = {}, own: Partial<LearningContext> = {}) =>
  gazetteer.learn(optionsOf(lists, more), { ...context, ...own });

/** Where each token stands in entries, a string a type: begin, inside, end, single, or `-`. */
async function placesOf(
  lists: object,
  sentence: string,
  more: object = {},
  own: Partial<LearningContext> = {},
) {
  const vocabulary = await learn(lists, more, own);
  const tracks = new Tracks();
  const params = new Params(engine().heap);
  const forms = new Forms(engine().heap);
  const options = optionsOf(lists, more);
  const context = { params, name: 'embedding', forms, tracks, vocabulary: () => vocabulary };
  gazetteer.create(options, gazetteer.sizes(vocabulary), context);
  const places = tracks
    .encode({ tokens: sentence.split(' ') })
    .map((numbers, type) =>
      Array.from(numbers, (number) => '-BIES'[number === 0 ? 0 : number - 4 * type]).join(''),
    );
  params.release();
  return places;
}

const mountains = join(folder, listOf('Alps\nThe Alps\nof\n'));
const animals = join(folder, listOf('zebras the\nAlps\n'));

await embeddingConformance(gazetteer, [
  { name: 'gazetteer', options: optionsOf({ mountain: mountains }) },
  {
    name: 'gazetteer of two types',
    options: optionsOf({ mountain: mountains, animal: animals }, { case: 'lower' }),
  },
]);

describe('a gazetteer', () => {
  it('has a row for each place in an entry of each type, side by side, and one for no entry', async () => {
    const lists = { mountain: mountains, animal: animals };
    const layer = embeddingLayer(gazetteer, optionsOf(lists), await learn(lists), [
      ['The', 'Alps', 'of', 'x'],
    ]);
    const trial = new Trial(layer);
    const table = trial.bench.values('embedding.table');
    expect(table).toHaveLength((1 + 2 * 4) * 3);
    const row = (number: number) => [...table.subarray(3 * number, 3 * number + 3)];
    // Begin, end, single, none as a mountain; none, single, none, none as an animal.
    const rows = [
      [1, 0],
      [3, 8],
      [4, 0],
      [0, 0],
    ].flatMap(([one, other]) => [...row(one), ...row(other)]);
    expect([...trial.output()]).toEqual(rows);
  });

  it('starts with zeros for tokens in no entry', async () => {
    const lists = { mountain: mountains };
    const vocabulary = await learn(lists);
    const params = new Params(engine().heap);
    const given = { params, name: 'e', forms: new Forms(engine().heap), tracks: new Tracks() };
    gazetteer.create(optionsOf(lists), gazetteer.sizes(vocabulary), {
      ...given,
      vocabulary: () => vocabulary,
    });
    params.allocate();
    params.initialize(seeded());
    const values = [...params.values(params.dense[0])];
    expect(values.slice(0, 3)).toEqual([0, 0, 0]);
    expect(values.slice(3).every((value) => value !== 0)).toBe(true);
  });

  it('takes the longest of entries that overlap, and the first of equally long ones', async () => {
    const lists = { place: listOf('New York\nYork University Hospital\nHospital Road\nNew\na b\nb c') };
    expect(await placesOf(lists, 'New York')).toEqual(['BE']);
    expect(await placesOf(lists, 'New York University Hospital Road')).toEqual(['SBIE-']);
    expect(await placesOf(lists, 'a b c')).toEqual(['BE-']);
    expect(await placesOf(lists, 'York University New York')).toEqual(['--BE']);
  });

  it('finds an entry of two types in both', async () => {
    const lists = { person: listOf('Washington'), place: listOf('Washington\nMount Washington') };
    expect(await placesOf(lists, 'Mount Washington')).toEqual(['-S', 'BE']);
  });

  it('compares words as they are written, or in lower case', async () => {
    const lists = { place: listOf('Port Elena') };
    expect(await placesOf(lists, 'port elena Port Elena PORT ELENA')).toEqual(['--BE--']);
    expect(await placesOf(lists, 'port elena Port Elena PORT ELENA', { case: 'lower' })).toEqual(['BEBEBE']);
  });

  it('finds entries as white space cuts them, and as the tokenizer does', async () => {
    const cut = (text: string) => text.replace("'", " '").split(/\s+/);
    const lists = { person: listOf("O'Hara\nAda  O'Hara") };
    expect(await placesOf(lists, "Ada O 'Hara , O'Hara", {}, { cut })).toEqual(['BIE-S']);
    expect(await placesOf(lists, "Ada O'Hara")).toEqual(['BE']);
  });

  it('reads several files of a type, with Windows line ends, a mark of UTF-8, empty lines, and entries that come again', async () => {
    const lists = {
      place: [listOf('\uFEFFLindby\r\n\r\n  Oakfield   Bay \r\nLindby\r\n'), listOf('Lindby\n\n')],
    };
    expect(await placesOf(lists, 'Lindby Oakfield Bay')).toEqual(['SBE']);
    const { json } = gazetteer.save(await learn(lists));
    expect(json).toEqual({ types: ['place'], phrases: { 1: 'Lindby\nOakfield Bay' } });
  });

  it('keeps an entry once, however many types list it', async () => {
    const lists = { a: listOf('x\nboth ways'), b: listOf('both ways\ny') };
    const { json } = gazetteer.save(await learn(lists));
    expect(json).toEqual({ types: ['a', 'b'], phrases: { 1: 'x', 2: 'y', 3: 'both ways' } });
  });

  it(`finds what a comparison of every stretch with every entry finds, seed ${seed}`, async () => {
    const random = seeded(5);
    for (let round = 0; round < 60; round++) {
      const letters = 'abcde'.slice(0, 1 + random.below(5));
      const words = (most: number) =>
        Array.from({ length: 1 + random.below(most) }, () => letters[random.below(letters.length)]);
      const entries = ['x', 'y'].map(() =>
        Array.from({ length: 1 + random.below(12) }, () => words(4).join(' ')),
      );
      const sentence = words(20);
      const expected = entries.map((list) => placesByForce(list, sentence));
      const lists = Object.fromEntries(entries.map((list, type) => [`t${type}`, listOf(list.join('\n'))]));
      expect(await placesOf(lists, sentence.join(' ')), `round ${round}`).toEqual(expected);
    }
  });

  it('refuses a list that is not there, with where it was looked for', async () => {
    const place = { file: 'x.yaml', key: 'embeddings[2]' };
    const { code, problems } = await taggerErrorOf(learn({ person: 'nobody.txt' }, {}, { place }));
    expect(code).toBe('E_FILE_MISSING');
    expect(problems[0]).toMatchObject({
      message: 'there is no list "nobody.txt"',
      place: { file: 'x.yaml', key: 'embeddings[2].lists.person' },
      found: expect.stringContaining(join(folder, 'nobody.txt')),
    });
  });

  it('refuses a list without an entry, and one that is not UTF-8', async () => {
    const empty = await taggerErrorOf(learn({ person: listOf('\n \r\n') }));
    expect({ code: empty.code, ...empty.problems[0] }).toMatchObject({
      code: 'E_CONFIG',
      message: 'the list of "person" is empty',
    });
    const latin = await taggerErrorOf(learn({ person: listOf(Buffer.from([0x5a, 0x6f, 0xeb, 0x0a])) }));
    expect(latin.code).toBe('E_CORPUS_FORMAT');
  });

  it('refuses no list, and more types than it can tell apart', () => {
    const many = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, i) => [`t${i}`, 'x']));
    expect(() => optionsOf({})).toThrow('no list');
    expect(() => optionsOf(many(31))).toThrow('more than 30 types');
    expect(Object.keys(optionsOf(many(30)).lists)).toHaveLength(30);
  });
});

/** The longest stretch that is an entry and overlaps none before, the first of equally long ones, until there is none. */
function placesByForce(entries: readonly string[], words: readonly string[]): string {
  const places = words.map(() => '-');
  for (let length = words.length; length > 0; length--) {
    for (let first = 0; first + length <= words.length; first++) {
      const isFree = places.slice(first, first + length).every((place) => place === '-');
      if (!isFree || !entries.includes(words.slice(first, first + length).join(' '))) continue;
      const own = length === 1 ? 'S' : `B${'I'.repeat(length - 2)}E`;
      places.splice(first, length, ...own);
    }
  }
  return places.join('');
}
