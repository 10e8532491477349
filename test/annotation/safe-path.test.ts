/** Paths made from ids: inside the folder, no two alike, and names that every system takes. */
import { isAbsolute, normalize } from 'node:path';
import { expect, it } from 'vitest';
import { safePath } from '../../src/annotation/sinks/safe-path.js';
import { seed, seeded } from '../support/arrays.js';

it.each([
  ['plain', 'plain'],
  ['letters/2024/a.txt', 'letters/2024/a.txt'],
  ['Zoë 家 😂', 'Zoë 家 😂'],
  ['../up', '%2E%2E/up'],
  ['a/../../b', 'a/%2E%2E/%2E%2E/b'],
  ['./a', '%2E/a'],
  ['/etc/x', '%2Fetc/x'],
  ['a//b/', 'a%2F%2Fb%2F'],
  ['.hidden', '%2Ehidden'],
  ['C:\\x', 'C%3A%5Cx'],
  ['100%~', '100%25%7E'],
  ['a?b*c|d"e<f>', 'a%3Fb%2Ac%7Cd%22e%3Cf%3E'],
  ['a\0b\nc\u0085', 'a%00b%0Ac%C2%85'],
  ['end. ', 'end.%20'],
  ['nul', '%6Eul'],
  ['x/COM1.txt', 'x/%43OM1.txt'],
  ['console', 'console'],
  ['half \ud83d', 'half %ud83d'],
  ['', '%'],
])('%j becomes %s', (id, path) => expect(safePath(id)).toBe(path));

it('a name that is too long keeps its beginning and is told from others of it', () => {
  const [a, b] = ['a', 'b'].map((last) => safePath(`x/${'é'.repeat(300)}${last}/y`));
  expect(a).not.toBe(b);
  for (const path of [a, b]) {
    const [, name, last] = path.split('/');
    expect(name).toMatch(/^é{75}~[\da-f]{32}$/);
    expect(last).toBe('y');
  }
  const deep = Array.from({ length: 300 }, (_, i) => `folder-${i}`).join('/');
  expect(safePath(deep)).toMatch(/^folder-0_folder-1_\S+~[\da-f]{32}$/);
  expect(safePath(`${deep}/x`)).not.toBe(safePath(deep));
});

it(`no two ids have one path, and each stays in its folder, seed ${seed}`, () => {
  const random = seeded();
  const pieces = [
    'a',
    'A',
    '.',
    '..',
    '/',
    '//',
    '%',
    '%2E',
    '%2F',
    '~',
    ' ',
    '\\',
    ':',
    'con',
    'é',
    '\ud83d',
    '\ude00',
    '\0',
  ];
  const owner = new Map<string, string>();
  for (let i = 0; i < 20_000; i++) {
    const id = Array.from({ length: random.below(6) }, () => pieces[random.below(pieces.length)]).join('');
    const path = safePath(id);
    expect(owner.get(path) ?? id, path).toBe(id);
    owner.set(path, id);
    expect(Buffer.from(path).toString(), 'has UTF-8').toBe(path);
    expect(normalize(`${path}.x`).replaceAll('\\', '/'), id).toBe(`${path}.x`);
    expect(isAbsolute(path) || path.split('/').some((name) => /^\.|[. ]$|^$/.test(name)), id).toBe(false);
  }
  expect(owner.size).toBeGreaterThan(5000);
});
