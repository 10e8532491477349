import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { createEngine } from '../../src/core/engine.js';

it('every exported kernel has a test here', () => {
  const files = readdirSync(import.meta.dirname).filter((name) => name.endsWith('.test.ts'));
  const tests = files.map((name) => readFileSync(`${import.meta.dirname}/${name}`, 'utf8')).join('\n');
  const { kernels } = createEngine('plain');
  const functions = Object.entries(kernels).filter(([, value]) => typeof value === 'function');
  // Tiles are parts of the matrix products, exported for the optimizer's sake.
  const names = functions
    .map(([name]) => name)
    .filter((name) => !name.startsWith('edge_') && !name.startsWith('tile'));
  const missing = names.filter((name) => !new RegExp(`\\b${name}\\b`).test(tests));
  expect(missing).toEqual([]);
});
