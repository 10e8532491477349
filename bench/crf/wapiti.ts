/**
 * Wapiti (Lavergne et al. 2010, http://wapiti.limsi.fr), the program of that name on the path, trained by the features that our
 * CRF has: those of a word are columns of its files, and a pattern says at which words they are read. A
 * word that is shorter than an affix has none, and it learns from that as well.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { templatesOf, Words } from '../../dist/baselines/crf/templates.js';
import type { LabelledSentence } from '../../dist/corpus/labels.js';
import type { Fitting } from './fit.js';

const AFFIXES = 4;
const flags = ['digit', 'number', 'hyphen', 'title', 'upper', 'capital inside', 'no letter'];
const ofWord = ['word', 'shape', 'lower', ...affixes('prefix'), ...affixes('suffix'), ...flags];
const ofNeighbour = ofWord.slice(0, 2);
const LOWER = ofWord.indexOf('lower');

export const wapiti: Fitting = async (task, { untagged, ...options }) => {
  const folder = mkdtempSync(join(tmpdir(), 'wapiti-'));
  const file = (name: string) => join(folder, name);
  try {
    writeFileSync(file('pattern'), patterns());
    writeFileSync(file('train'), columnsOf(task.train));
    writeFileSync(file('untagged'), columnsOf(untagged));
    const limits = ['-i', String(options.iterations), '-e', String(options.tolerance), '-o', '10', '-w', '0'];
    const penalty = ['-1', '0', '-2', String(options.l2)];
    const threads = ['-t', String(task.workers)];
    const started = performance.now();
    const said = await run([
      'train',
      ...['-a', 'l-bfgs', ...penalty, ...limits, ...threads],
      ...['-p', file('pattern'), file('train'), file('model')],
    ]);
    const seconds = (performance.now() - started) / 1000;
    await run(['label', '-m', file('model'), file('untagged'), file('tagged')]);
    return {
      seconds,
      iterations: said.match(/^ *\[ *\d+\]/gm)?.length ?? 0,
      tags: lastColumn(readFileSync(file('tagged'), 'utf8'), untagged),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
};

/** What it prints of its progress; an error where it fails. */
async function run(options: readonly string[]): Promise<string> {
  const child = spawn('wapiti', options, { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (data) => {
    said += data;
  });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`wapiti ${options[0]} ended with ${code}: ${said.slice(-1000)}`);
  return said;
}

/** The templates of our CRF with its default window; a feature of a word alone, `B` is a pair of tags. */
function patterns(): string {
  const at = (offset: number, column: number) => `%x[${offset},${column}]`;
  const read = [
    ...ofWord.map((_, column) => at(0, column)),
    ...[-2, -1, 1, 2].flatMap((offset) => ofNeighbour.map((_, column) => at(offset, column))),
    ...[-1, 0].map((offset) => `${at(offset, LOWER)}/${at(offset + 1, LOWER)}`),
  ];
  return `Ubias\n${read.map((pattern, i) => `U${i}:${pattern}`).join('\n')}\nB\n`;
}

/** A token a line, its features and its tag, and an empty line behind a sentence. */
function columnsOf(sentences: readonly LabelledSentence[]): string {
  const [own] = templatesOf({ window: 0, affixes: AFFIXES });
  const words = new Words();
  const cellsOf = (id: number) => {
    const cells = new Map<string, string>();
    const count = { prefix: 0, suffix: 0 };
    for (const feature of own.names(id, words)) {
      const [name, value] = /^([^=]+)=(.*)$/su.exec(feature)?.slice(1) ?? [feature, ''];
      const isAffix = name === 'prefix' || name === 'suffix';
      cells.set(isAffix ? `${name} ${++count[name]}` : name, value);
    }
    return ofWord.map((name) => cells.get(name) ?? '_').join('\t');
  };
  return sentences
    .filter(({ tokens }) => tokens.length > 0)
    .map(({ tokens, tags }) => {
      const lines = Array.from(words.encode(tokens), (id, t) => `${cellsOf(id)}\t${tags[t]}\n`);
      return `${lines.join('')}\n`;
    })
    .join('');
}

function affixes(name: string): string[] {
  return Array.from({ length: AFFIXES }, (_, i) => `${name} ${i + 1}`);
}

/** Of the sentences as they were, empty ones too. */
function lastColumn(text: string, sentences: readonly LabelledSentence[]): string[][] {
  const found = text
    .split('\n')
    .filter(Boolean)
    .map((line) => line.slice(line.lastIndexOf('\t') + 1));
  let end = 0;
  return sentences.map(({ tokens }) => {
    end += tokens.length;
    return found.slice(end - tokens.length, end);
  });
}
