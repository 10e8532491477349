import { describe, expect, it } from 'vitest';
import { Forms } from '../../src/text/forms.js';

describe('forms', () => {
  it('have one number each, counted from 0', () => {
    const forms = new Forms();
    expect([...forms.encode(['a', 'b', 'a', 'A', ''])]).toEqual([0, 1, 0, 2, 3]);
    expect(forms.size).toBe(4);
    expect(forms.id('b')).toBe(1);
  });

  it('may be words that objects know', () => {
    const forms = new Forms();
    expect([...forms.encode(['constructor', '__proto__', 'toString', 'constructor'])]).toEqual([0, 1, 2, 0]);
  });

  it('are computed on once, also for forms that come later', () => {
    const forms = new Forms();
    const seen: string[] = [];
    const length = forms.derive((text) => {
      seen.push(text);
      return text.length;
    });
    const ids = forms.encode(['one', 'three', '', 'one']);
    expect(Array.from(ids, length)).toEqual([3, 5, 0, 3]);
    expect(Array.from(ids, length)).toEqual([3, 5, 0, 3]);
    expect(seen).toEqual(['one', 'three', '']);
    expect(length(forms.id('seven'))).toBe(5);
  });

  it('are forgotten with all that was derived, but for those that are pinned', () => {
    const forms = new Forms();
    const upper = forms.derive((text) => text.toUpperCase());
    forms.id('kept');
    forms.pin();
    expect(upper(forms.id('a'))).toBe('A');
    expect(forms.passing).toBe(1);
    forms.forget();
    expect(forms.passing).toBe(0);
    expect(upper(forms.id('b'))).toBe('B');
    expect(upper(forms.id('kept'))).toBe('KEPT');
    expect([forms.id('kept'), forms.id('b'), forms.id('a')]).toEqual([0, 1, 2]);
  });
});
