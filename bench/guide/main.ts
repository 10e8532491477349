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
import { pipelines, variants } from './variants.js';
import { guideOf } from './write.js';

const { values } = parseArgs({
  options: {
    output: { type: 'string', default: 'models/guide' },
    to: { type: 'string', default: 'docs/choosing-a-model.md' },
    pipelines: { type: 'string', default: pipelines.join(',') },
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
const all: Figures[] = [];
for (const pipeline of values.pipelines.split(',')) {
  for (const variant of variants.filter(({ name }) => name.includes(values.variants))) {
    if (stop.signal.aborted) break;
    const file = join(values.output, `${pipeline}-${slug(variant.name)}.json`);
    if (existsSync(file)) all.push(JSON.parse(readFileSync(file, 'utf8')) as Figures);
    else if (!values.write) {
      const figures = await measure(pipeline, variant, file.replace(/\.json$/, ''));
      if (!figures) break;
      writeFileSync(file, `${JSON.stringify(figures, null, 2)}\n`);
      all.push(figures);
    }
  }
}
if (!stop.signal.aborted) writeFileSync(values.to, guideOf(all));

/** Undefined where it was interrupted. */
async function measure(
  name: string,
  variant: (typeof variants)[number],
  output: string,
): Promise<Figures | undefined> {
  const started = performance.now();
  const pipeline = await loadPipeline(name, { set: [...variant.set, ...values.set] });
  const workers = availableParallelism();
  const options = { count: seeds, workers, output, resume: existsSync(output), signal: stop.signal };
  const result = await drain(runSeeds(pipeline, options), (record) => {
    if (record.kind === 'failed') throw record.error;
  });
  if (result.interrupted) return undefined;
  const { corpus } = await openCorpus(pipeline);
  const sentences = (corpus.splits.test ?? corpus.splits.dev).sentences.map(({ tokens }) => tokens);
  const figures = await figuresOf({ pipeline: name, variant: variant.name }, result, sentences);
  const minutes = (performance.now() - started) / 60_000;
  console.log(
    `${name}, ${variant.name}: dev ${figures.dev.map((value) => value.toFixed(2)).join(' · ')}, ${minutes.toFixed(1)} min`,
  );
  return figures;
}

function slug(name: string): string {
  return name.replace(/\W+/g, '-');
}
