/** The page in a real browser: light, dark, on a phone and in print. Skipped where there is no Chromium. */
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeReport } from '../../src/report/index.js';
import { spanComparison, tokenComparison } from '../support/comparison.js';

const executablePath = '/usr/bin/chromium';
const isThere = existsSync(executablePath);

describe.skipIf(!isThere)(
  `a report in Chromium${isThere ? '' : ' (skipped: install the package chromium)'}`,
  () => {
    let folder: string;
    let browser: Browser;
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'report-'));
      const names = { crf: 'a name that is long '.repeat(10), majority: 'مُوَسِّم' };
      await writeReport(spanComparison(names), join(folder, 'spans'));
      await writeReport(tokenComparison(), join(folder, 'tokens'));
      browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
    });
    afterAll(async () => {
      await browser?.close();
      await rm(folder, { recursive: true, force: true });
    });

    describe.each(['spans', 'tokens'])('of %s', (kind) => {
      it.each([
        ['light', { colorScheme: 'light', viewport: { width: 1280, height: 900 } }, 'screen'],
        ['dark', { colorScheme: 'dark', viewport: { width: 1280, height: 900 } }, 'screen'],
        ['on a phone', { colorScheme: 'light', viewport: { width: 390, height: 844 } }, 'screen'],
        ['in print', { colorScheme: 'dark', viewport: { width: 1032, height: 700 } }, 'print'],
      ] as const)(
        '%s: nothing is loaded, cut, on top of another or hard to see',
        async (_, options, media) => {
          const page = await browser.newPage(options);
          const messages: string[] = [];
          const requests: string[] = [];
          page.on('console', (message) => messages.push(message.text()));
          page.on('pageerror', (error) => messages.push(error.message));
          page.on('request', (request) => requests.push(request.url()));
          const url = pathToFileURL(join(folder, kind, 'report.html')).href;
          await page.emulateMedia({ media });
          await page.goto(url);
          const seen = await page.evaluate<Seen>(look);
          await page.close();
          expect({ messages, requests }).toEqual({ messages: [], requests: [url] });
          expect(seen.texts).toBeGreaterThan(50);
          expect(seen.faults).toEqual([]);
        },
      );
    });
  },
);

interface Seen {
  readonly texts: number;
  readonly faults: readonly string[];
}

/** Runs in the page. Contrast as WCAG 2 computes it. */
const look = `(() => {
  const faults = [];
  const context = Object.assign(document.createElement('canvas'), { width: 1, height: 1 }).getContext('2d', { willReadFrequently: true });
  const painted = (...colors) => {
    context.clearRect(0, 0, 1, 1);
    for (const color of colors) { context.fillStyle = color; context.fillRect(0, 0, 1, 1); }
    return [...context.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const luminance = (rgb) => rgb.map((v) => v / 255).map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const contrast = (a, b) => { const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y); return (high + 0.05) / (low + 0.05); };
  const grounds = (element) => element ? [...grounds(element.parentElement), getComputedStyle(element).backgroundColor] : [];
  if (document.documentElement.scrollWidth > innerWidth) faults.push('the page scrolls sideways');
  const elements = [...document.querySelectorAll('th, td, p, h1, h2, caption, summary, small, svg text')]
    .filter((e) => e.textContent.trim() && e.checkVisibility());
  for (const element of elements) {
    const style = getComputedStyle(element);
    const ground = painted(...grounds(element));
    const ink = painted(...grounds(element), element.closest('svg') ? style.fill : style.color);
    if (contrast(ink, ground) < 4.5) faults.push('contrast ' + contrast(ink, ground).toFixed(2) + ': ' + element.textContent);
    if (element.matches('th, td') && element.scrollWidth > element.clientWidth + 1) faults.push('cut: ' + element.textContent);
  }
  for (const svg of document.querySelectorAll('svg')) {
    const frame = svg.getBoundingClientRect();
    const boxes = [...svg.querySelectorAll('text')].filter((e) => e.textContent.trim()).map((e) => [e.textContent, e.getBoundingClientRect()]);
    boxes.forEach(([text, a], i) => {
      if (a.left < frame.left - 1 || a.right > frame.right + 1 || a.top < frame.top - 1 || a.bottom > frame.bottom + 1) faults.push('outside: ' + text);
      for (const [other, b] of boxes.slice(i + 1)) {
        const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
        const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
        if (across > 1 && down > 3) faults.push('overlap: ' + text + ' and ' + other);
      }
    });
  }
  return { texts: elements.length, faults };
})()`;
