import { basename } from 'node:path';
import { type Command, Option } from 'commander';
import { baselineKinds } from '../baselines/index.js';
import { kindOf } from '../core/kind.js';
import { drain } from '../core/relay.js';
import { type CompareRecord, compare as compareAll, type Entrant } from '../pipeline/comparison/compare.js';
import { openField } from '../pipeline/comparison/field.js';
import { threadsOf } from '../pipeline/hands.js';
import { interruptible } from './interrupt.js';
import { append, count } from './options.js';
import { printJson } from './output.js';

interface CompareOptions {
  readonly baseline?: readonly string[];
  readonly on: 'dev' | 'test';
  readonly workers?: number;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

const baselineSchema = kindOf(baselineKinds);

export function define(command: Command): void {
  command
    .argument(
      '<models...>',
      'folders of models of one corpus; the first is what all others are compared with',
    )
    .addOption(
      new Option('--baseline <name>', 'also train a baseline and compare it; repeatable')
        .choices(Object.keys(baselineKinds))
        .argParser(append),
    )
    .addOption(new Option('--on <split>', 'the split').choices(['dev', 'test']).default('test'))
    .option('--workers <count>', 'threads for training baselines (default: one a core)', count)
    .option('--json', 'print the comparison as one JSON object')
    .option('--quiet', 'show no progress')
    .action(compare);
}

async function compare(models: [string, ...string[]], options: CompareOptions): Promise<void> {
  const { field, pipeline, descriptions, warnings } = await openField(models, options.on);
  for (const text of warnings) console.error(`warning: ${text}`);
  const workers = threadsOf(options.workers ?? 'auto');
  const entrants: Entrant[] = [
    ...models.map((model, i) => ({ name: basename(model), description: descriptions[i], system: { model } })),
    ...(options.baseline ?? []).map((kind) => ({
      name: kind,
      description: 'baseline',
      system: { baseline: { options: baselineSchema.parse({ kind }), pipeline, workers } },
    })),
  ];
  const message = 'stopping; Ctrl-C again ends at once';
  const show = options.quiet ? () => {} : showRecord;
  const comparison = await interruptible(message, (signal) =>
    drain(compareAll(entrants, field, signal), show),
  );
  if (options.json) printJson(comparison);
}

function showRecord(record: CompareRecord): void {
  if (record.kind === 'progress') console.error(`  ${record.name}: ${record.text}`);
  if (record.kind === 'system') console.error(`[${record.index + 1}] ${record.name}`);
  if (record.kind === 'scored') console.error(`  ${record.name}: ${record.score.toFixed(2)}`);
}
