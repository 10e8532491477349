/**
 * `npm run guide`: trains every encoder with every decoder on the corpora of `TAGGER_CORPORA`, three seeds each, measures
 * their speeds and writes `docs/choosing-a-model.md` from that. Takes hours and goes on where it was stopped: what has a line
 * in `bench/guide/measured.jsonl` is not measured again. `--stages`, `--pipelines` and `--variants` choose a part of the work;
 * `--seeds` and `--set` change it, and then want a `--measured` and a `--to` of their own.
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { drain } from '../../dist/core/relay.js';
import { loadPipeline } from '../../dist/pipeline/config.js';
import { runSeeds } from '../../dist/pipeline/seeds.js';
import { type Figures, figuresOf } from './figures.js';
import { measureOnce, recordsOf } from './measured.js';
import { type Speeds, speedsOf, wordsOf } from './speeds.js';
import { pipelines, type Variant, variants } from './variants.js';
import { guideOf } from './write.js';

const { values } = parseArgs({
  options: {
    /** For the models of trainings, which may be thrown away afterwards. */
    output: { type: 'string', default: 'models/guide' },
    measured: { type: 'string', default: 'bench/guide/measured.jsonl' },
    to: { type: 'string', default: 'docs/choosing-a-model.md' },
    /** Speeds want a machine that does nothing else. */
    stages: { type: 'string', default: 'train,speed,write' },
    pipelines: { type: 'string', default: Object.keys(pipelines).join(',') },
    /** A part of the names of variants. */
    variants: { type: 'string', default: '' },
    seeds: { type: 'string', default: '3' },
    set: { type: 'string', multiple: true, default: [] },
  },
});
const stop = new AbortController();
process.once('SIGINT', () => stop.abort());

const chosen = variants.filter(({ name }) => name.includes(values.variants));
const names = values.pipelines.split(',');

const stages: Readonly<Record<string, () => Promise<void>>> = {
  async train() {
    for (const pipeline of names) {
      for (const variant of chosen) {
        const name = { pipeline, variant: variant.name };
        await measure<Figures>(name, () => trained(pipeline, variant));
      }
    }
  },
  async speed() {
    const [pipeline] = names;
    const sentences = await wordsOf(pipeline);
    for (const variant of chosen) {
      const output = folderOf('speed', variant.name);
      await measure<Speeds>({ speed: pipeline, variant: variant.name }, () =>
        speedsOf(variant, { pipeline, output, sentences }),
      );
    }
  },
  async write() {
    const records = recordsOf<Figures | Speeds>(values.measured);
    // In the order of the tables, whatever was measured first.
    const ofChosen = chosen.flatMap(({ name }) => records.filter(({ variant }) => variant === name));
    const trained = ofChosen.filter((record) => 'pipeline' in record);
    const figures = names.flatMap((name) => trained.filter(({ pipeline }) => pipeline === name));
    const speeds = ofChosen.filter((record) => 'speed' in record);
    writeFileSync(values.to, guideOf(figures, speeds));
  },
};

mkdirSync(values.output, { recursive: true });
for (const name of values.stages.split(',')) {
  if (!stop.signal.aborted) await stages[name]();
}

/** Nothing any more after Ctrl-C. */
async function measure<T extends object>(
  name: Partial<T>,
  work: () => Promise<T | undefined>,
): Promise<void> {
  if (!stop.signal.aborted) await measureOnce(values.measured, name, work);
}

/** Undefined where it was interrupted. */
async function trained(name: string, variant: Variant): Promise<Figures | undefined> {
  const started = performance.now();
  const output = folderOf(name, variant.name);
  const epochs = name in pipelines ? [`training.epochs=${pipelines[name]}`] : [];
  const pipeline = await loadPipeline(name, { set: [...epochs, ...variant.set, ...values.set] });
  const workers = availableParallelism();
  const count = Number(values.seeds);
  const options = { count, workers, output, resume: existsSync(output), signal: stop.signal };
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

function folderOf(pipeline: string, variant: string): string {
  return join(values.output, `${pipeline}-${variant.replace(/\W+/g, '-')}`);
}
