import { describe, expect, it } from 'vitest';
import { TaggerError } from '../../src/core/errors.js';
import { Heap } from '../../src/core/heap.js';
import { type Column, Forms, type Lists, sharedForms } from '../../src/text/forms.js';

const makeHeap = () => new Heap(new WebAssembly.Memory({ initial: 4, maximum: 1024, shared: true }));

/** What kernels read at a form's number. */
const valueAt = (heap: Heap, { address }: Column, form: number) => heap.i32[address / 4 + form];

function listAt(heap: Heap, { starts, values }: Lists, form: number): number[] {
  const [from, to] = [valueAt(heap, starts, form), valueAt(heap, starts, form + 1)];
  return Array.from({ length: to - from }, (_, i) => valueAt(heap, values, from + i));
}

const codes = (text: string) => Array.from(text, (letter) => letter.charCodeAt(0));

/** Forms, and the length and letters of each; `seen` has what these were computed of. */
function setUp(before: readonly string[] = []) {
  const heap = makeHeap();
  const forms = new Forms(heap);
  forms.encode(before);
  const seen: string[] = [];
  const see = <T>(text: string, value: T) => {
    seen.push(text);
    return value;
  };
  const lengths = forms.column(() => (text) => see(text, text.length));
  const letters = forms.lists(() => (text) => see(text, codes(text)));
  const expectHeld = (...texts: readonly string[]) => {
    for (const text of texts) {
      const id = forms.id(text);
      expect(valueAt(heap, lengths, id), `length of ${text}`).toBe(text.length);
      expect(listAt(heap, letters, id), `letters of ${text}`).toEqual(codes(text));
    }
  };
  return { heap, forms, seen, lengths, letters, expectHeld };
}

const twice = (...texts: readonly string[]) => texts.flatMap((text) => [text, text]);
const numbered = (n: number) => Array.from({ length: n }, (_, i) => `form${i}`);

describe('forms', () => {
  it('have one number each, counted from 0', () => {
    const forms = new Forms(makeHeap());
    expect([...forms.encode(['a', 'b', 'a', 'A', ''])]).toEqual([0, 1, 0, 2, 3]);
    expect(forms.size).toBe(4);
    expect(forms.id('b')).toBe(1);
  });

  it('may be words that objects know', () => {
    const forms = new Forms(makeHeap());
    expect([...forms.encode(['constructor', '__proto__', 'toString', 'constructor'])]).toEqual([0, 1, 2, 0]);
  });

  it('are computed on once, also for forms that come later', () => {
    const { forms, seen, expectHeld } = setUp();
    forms.encode(['one', 'three', '', 'one']);
    expectHeld('one', 'three', '');
    expectHeld('one', 'three', '');
    expect(seen).toEqual(twice('one', 'three', ''));
    expectHeld('seven');
    expect(seen).toEqual(twice('one', 'three', '', 'seven'));
  });

  it('are computed on once, also those that came before a column was claimed', () => {
    const { seen, forms, expectHeld } = setUp(['before', 'one', 'before']);
    expect(seen).toEqual(['before', 'one', 'before', 'one']);
    forms.encode(['after', 'one']);
    expectHeld('before', 'one', 'after');
    expect(seen).toEqual(['before', 'one', 'before', 'one', 'after', 'after']);
  });

  it('make the function that computes once a column', () => {
    const forms = new Forms(makeHeap());
    let made = 0;
    const make = () => {
      made++;
      return (text: string) => text.length;
    };
    forms.column(make);
    forms.encode(numbered(10));
    expect(made).toBe(1);
    forms.column(make);
    expect(made).toBe(2);
  });

  it('keep what was computed while their columns grow and move', () => {
    const { heap, forms, lengths, letters, expectHeld } = setUp();
    forms.id('first');
    const before = [lengths, letters.starts, letters.values].map(({ address }) => address);
    const bytes = heap.u8.length;
    const texts = numbered(20_000);
    forms.encode(texts);
    const after = [lengths, letters.starts, letters.values].map(({ address }) => address);
    after.forEach((address, i) => {
      expect(address).not.toBe(before[i]);
    });
    expect(heap.u8.length).toBeGreaterThan(bytes);
    expectHeld('first', ...texts);
  });

  it('hold negative numbers, and lists of any array', () => {
    const heap = makeHeap();
    const forms = new Forms(heap);
    const rows = forms.column(() => (text) => ~text.length);
    const typed = forms.lists(() => (text) => Int32Array.of(-1, text.length));
    const id = forms.id('four');
    expect(valueAt(heap, rows, id)).toBe(-5);
    expect(listAt(heap, typed, id)).toEqual([-1, 4]);
  });

  it('are forgotten with all that was computed, but for those that are pinned', () => {
    const { heap, forms, seen, lengths, letters, expectHeld } = setUp();
    forms.encode(['kept', '']);
    forms.pin();
    forms.encode(['a', 'long one']);
    expect([forms.size, forms.passing]).toEqual([4, 2]);
    forms.forget();
    expect([forms.size, forms.passing]).toEqual([2, 0]);
    expect(forms.id('bb')).toBe(2);
    expectHeld('kept', '', 'bb');
    expect(valueAt(heap, lengths, 2)).toBe(2);
    expect(listAt(heap, letters, 2)).toEqual(codes('bb'));
    expect([forms.id('kept'), forms.id(''), forms.id('bb'), forms.id('a')]).toEqual([0, 1, 2, 3]);
    expectHeld('a');
    expect(seen, 'computed anew what was forgotten, and nothing else').toEqual(
      twice('kept', '', 'a', 'long one', 'bb', 'a'),
    );
  });

  it('are all forgotten when none are pinned', () => {
    const { forms, expectHeld } = setUp(['one', 'three']);
    forms.forget();
    expect(forms.size).toBe(0);
    expect(forms.id('three')).toBe(0);
    expectHeld('three', 'one');
  });

  it('take no more memory however often they are forgotten', () => {
    const { heap, forms } = setUp(['kept']);
    forms.pin();
    const round = () => {
      forms.encode(numbered(1000));
      forms.forget();
    };
    round();
    const { used } = heap;
    for (let i = 0; i < 10; i++) round();
    expect(heap.used).toBe(used);
  });

  it('give all memory back', () => {
    const { heap, forms } = setUp(numbered(1000));
    forms.release();
    expect(heap.used).toBe(0);
  });
});

describe('forms of another thread', () => {
  const nothing = () => expect.fail('nothing is computed where the forms are another thread’s');

  it('have the addresses of the same columns, claimed in the same order', () => {
    const { forms, lengths, letters } = setUp(numbered(1000));
    const last = forms.column(() => () => 7);
    const others = sharedForms(structuredClone(forms.share()));
    expect(others.column(nothing).address).toBe(lengths.address);
    const { starts, values } = others.lists(nothing);
    expect([starts.address, values.address]).toEqual([letters.starts.address, letters.values.address]);
    expect(others.column(nothing).address).toBe(last.address);
    const all = [lengths, letters.starts, letters.values, last].map(({ address }) => address);
    expect(new Set(all).size).toBe(4);
    expect(forms.share()).toEqual(all);
  });

  it('hold what was computed', () => {
    const { heap, forms } = setUp(['one', 'three', '']);
    const others = sharedForms(forms.share());
    const [lengths, letters] = [others.column(nothing), others.lists(nothing)];
    ['one', 'three', ''].forEach((text, id) => {
      expect(valueAt(heap, lengths, id)).toBe(text.length);
      expect(listAt(heap, letters, id)).toEqual(codes(text));
    });
  });

  it('are where the columns are now, after forms that moved them', () => {
    const { forms, lengths } = setUp(['one']);
    const before = forms.share();
    forms.encode(numbered(1000));
    expect(forms.share()).not.toEqual(before);
    expect(sharedForms(forms.share()).column(nothing).address).toBe(lengths.address);
  });
});

it('a form that there is no memory for is no form, and those after it have their own values', () => {
  const heap = makeHeap();
  const forms = new Forms(heap);
  const lengths = forms.column(() => (form) => form.length);
  const letters = forms.lists(() => (form) => Array.from(form, (char) => char.charCodeAt(0)));
  let fails = false;
  forms.column(() => () => {
    if (fails) throw new TaggerError('E_MEMORY', { message: 'no more memory' });
    return 7;
  });
  forms.id('one');
  fails = true;
  expect(() => forms.id('three')).toThrow('no more memory');
  fails = false;
  expect([forms.id('seven'), forms.size]).toEqual([1, 2]);
  expect(valueAt(heap, lengths, 1)).toBe(5);
  expect(listAt(heap, letters, 1)).toEqual(Array.from('seven', (char) => char.charCodeAt(0)));
});
