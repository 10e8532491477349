/**
 * How long a user waits: for `tagger --help`, for the first annotation of a program that imports the library, and for the
 * first step of a training.
 */
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { saveModel } from '../dist/tagger/model.js';
import { best, median } from './measure.js';
import { makeModel } from './model.js';
import type { Part, PartResult } from './part.js';
import type { FirstAnnotation } from './startup-child.js';
import { type Table, tenth, verdict } from './table.js';
import { inventForms } from './text.js';

const RUNS = 15;
const WORDS = 20_000;
/** Milliseconds. */
const required = { help: 150, firstAnnotation: 250, firstStep: 1500 };

const cli = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
const child = fileURLToPath(new URL('./startup-child.js', import.meta.url));
const firstStepChild = fileURLToPath(new URL('./first-step-child.js', import.meta.url));

interface Run {
  /** Wall-clock time from spawn to exit, in ms. */
  readonly outside: number;
  readonly stdout: string;
}

async function run(): Promise<PartResult> {
  const folder = await mkdtemp(join(tmpdir(), 'tagger-bench-'));
  try {
    const directory = join(folder, 'model');
    await saveModel(directory, await makeModel(inventForms().slice(0, WORDS)), new Map());
    const rounds = Array.from({ length: RUNS }, () => ({
      node: spawn(['--eval', '0']).outside,
      help: spawn([cli, '--help']).outside,
      first: spawn([child, directory]),
      step: spawn([firstStepChild, join(folder, 'trained')]),
    }));
    return report(
      rounds.map(({ node }) => node),
      rounds.map(({ help }) => help),
      rounds.map(({ first }) => ({
        ...(JSON.parse(first.stdout) as FirstAnnotation),
        outside: first.outside,
      })),
      rounds.map(({ step }) => Number(step.stdout)),
    );
  } finally {
    await rm(folder, { recursive: true });
  }
}

function spawn(args: readonly string[]): Run {
  const start = performance.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  const outside = performance.now() - start;
  if (status !== 0) throw new Error(`node ${args.join(' ')} failed: ${stderr}`);
  return { outside, stdout };
}

function report(
  node: readonly number[],
  help: readonly number[],
  first: readonly (FirstAnnotation & { outside: number })[],
  step: readonly number[],
): PartResult {
  const total = first.map((each) => each.import + each.load + each.annotate);
  const startup = {
    helpMs: median(help),
    firstAnnotationMs: median(total),
    firstAnnotationOutsideMs: median(first.map(({ outside }) => outside)),
    nodeMs: median(node),
    firstStepMs: median(step),
  };
  const row = (name: string, times: readonly number[], most?: number) => [
    name,
    tenth(median(times)),
    tenth(-best(times.map((time) => -time))),
    most === undefined ? '' : `< ${most}`,
    most === undefined ? '' : verdict(median(times) < most),
  ];
  const table: Table = {
    title: `start-up, ms`,
    head: ['', 'median', 'best', 'required', 'met'],
    rows: [
      row('node --eval 0', node),
      row('tagger --help', help, required.help),
      row(
        'import',
        first.map((each) => each.import),
      ),
      row(
        `Tagger.load, ${WORDS} words`,
        first.map(({ load }) => load),
      ),
      row(
        'first annotation',
        first.map(({ annotate }) => annotate),
      ),
      row('the three together', total, required.firstAnnotation),
      row(
        'the whole process, from outside',
        first.map(({ outside }) => outside),
      ),
      row('first steps of training the bundled corpus', step, required.firstStep),
    ],
    notes: [`${RUNS} processes each, in turn, files in the disk cache`],
  };
  return { json: { startup }, tables: [table] };
}

export const startup: Part = { title: 'start-up', run };
