/**
 * `npm run guide`: trains every encoder with every decoder on the corpora of `TAGGER_CORPORA`, three seeds each, and writes
 * `docs/choosing-a-model.md` from what it measured. Goes on where it was stopped: models and figures that are in the folder of
 * `--output` are not made again. Takes hours; `--pipelines`, `--variants`, `--seeds` and `--set` make it shorter.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { drain } from '../../dist/core/relay.js';
import { loadPipeline } from '../../dist/pipeline/config.js';
import { openCorpus } from '../../dist/pipeline/corpus.js';
import { runSeeds } from '../../dist/pipeline/seeds.js';
import { type Figures, figuresOf } from './figures.js';
import { type Speeds, speedsOf } from './speeds.js';
import { pipelines, type Variant, variants } from './variants.js';
import { guideOf } from './write.js';

const { values } = parseArgs({
  options: {
    output: { type: 'string', default: 'models/guide' },
    to: { type: 'string', default: 'docs/choosing-a-model.md' },
    pipelines: { type: 'string', default: Object.keys(pipelines).join(',') },
    /** A part of the names of variants. */
    variants: { type: 'string', default: '' },
    seeds: { type: 'string', default: '3' },
    set: { type: 'string', multiple: true, default: [] },
    /** Writes the guide from the figures that are there. */
    write: { type: 'boolean', default: false },
  },
});
const seeds = Number(values.seeds);
const stop = new AbortController();
process.once('SIGINT', () => stop.abort());

mkdirSync(values.output, { recursive: true });
const chosen = variants.filter(({ name }) => name.includes(values.variants));
const names = values.pipelines.split(',');
const figures: Figures[] = [];
for (const pipeline of names) {
  for (const variant of chosen) {
    const own = await kept(`${folderOf(pipeline, variant.name)}.json`, () => trained(pipeline, variant));
    if (own) figures.push(own);
  }
}
/** After all trainings, so that they are of one run and have the machine for themselves. */
const speeds: Speeds[] = [];
let sentences: Promise<(readonly string[])[]> | undefined;
for (const variant of chosen) {
  const model = join(folderOf(names[0], variant.name), 'best');
  const own = await kept(`${folderOf('speed', variant.name)}.json`, async () => {
    // Read once, and only where something is measured.
    sentences ??= testOf(names[0]);
    return speedsOf(variant, { pipeline: names[0], model, sentences: await sentences });
  });
  if (own) speeds.push(own);
}
if (!stop.signal.aborted) writeFileSync(values.to, guideOf(figures, speeds));

/** What the file says, or what is measured now and then is in it; undefined where nothing may be measured any more. */
async function kept<T>(file: string, measure: () => Promise<T | undefined>): Promise<T | undefined> {
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as T;
  if (values.write || stop.signal.aborted) return undefined;
  const measured = await measure();
  if (measured) writeFileSync(file, `${JSON.stringify(measured, null, 2)}\n`);
  return measured;
}

/** Undefined where it was interrupted. */
async function trained(name: string, variant: Variant): Promise<Figures | undefined> {
  const started = performance.now();
  const output = folderOf(name, variant.name);
  const epochs = name in pipelines ? [`training.epochs=${pipelines[name]}`] : [];
  const pipeline = await loadPipeline(name, { set: [...epochs, ...variant.set, ...values.set] });
  const workers = availableParallelism();
  const options = { count: seeds, workers, output, resume: existsSync(output), signal: stop.signal };
  const result = await drain(runSeeds(pipeline, options), (record) => {
    if (record.kind === 'failed') throw record.error;
  });
  if (result.interrupted) return undefined;
  const figures = await figuresOf({ pipeline: name, variant: variant.name }, result);
  const minutes = (performance.now() - started) / 60_000;
  console.log(
    `${name}, ${variant.name}: dev ${figures.dev.map((value) => value.toFixed(2)).join(' · ')}, ${minutes.toFixed(1)} min`,
  );
  return figures;
}

/** The words of the sentences of test. */
async function testOf(name: string): Promise<(readonly string[])[]> {
  const { corpus } = await openCorpus(await loadPipeline(name));
  return (corpus.splits.test ?? corpus.splits.dev).sentences.map(({ tokens }) => tokens);
}

function folderOf(pipeline: string, variant: string): string {
  return join(values.output, `${pipeline}-${variant.replace(/\W+/g, '-')}`);
}
