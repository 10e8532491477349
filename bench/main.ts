/** `npm run bench`: runs all parts, or those that are named, and prints a table for each; with --json one object. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { peakBytes } from '../dist/core/peak-memory.js';
import type { PartMessage } from './part.js';
import { parts } from './parts.js';
import { formatTable, megabytes } from './table.js';

/** The parts whose memory counts. */
const weighed = ['train', 'tag'];

/** The process of a part is this file again, with the part's name in the environment. */
const partVariable = 'TAGGER_BENCH_PART';

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { json: { type: 'boolean', default: false } },
  });
  const unknown = positionals.filter((name) => !(name in parts));
  if (unknown.length > 0) {
    console.error(`no such part: ${unknown.join(', ')}; there are ${Object.keys(parts).join(', ')}`);
    process.exitCode = 2;
    return;
  }
  const names = positionals.length > 0 ? positionals : Object.keys(parts);
  const say = values.json ? console.error : console.log;
  say(`${cpus()[0].model}, ${cpus().length} cores · Node ${process.versions.node} · load ${load()}\n`);

  const loadBefore = loadavg()[0];
  const peaks: Record<string, number> = {};
  const json: Record<string, unknown> = {};
  for (const name of names) {
    const result = await runPart(name);
    for (const table of result.tables) say(`${formatTable(table)}\n`);
    if (weighed.includes(name)) peaks[name] = result.peakBytes;
    Object.assign(json, result.json);
  }
  const peakNames = Object.keys(peaks);
  if (peakNames.length > 0) {
    json.peakBytes = Math.max(...Object.values(peaks));
    say(`peak memory: ${peakNames.map((name) => `${name} ${megabytes(peaks[name])}`).join(', ')}`);
  }
  say(`load after: ${load()}; figures of one run compare, those of different runs only on a quiet machine`);
  json.machine = {
    cpu: cpus()[0].model,
    cores: cpus().length,
    node: process.versions.node,
    load: [loadBefore, loadavg()[0]],
  };
  if (values.json) console.log(JSON.stringify(json));
}

function load(): string {
  return loadavg()
    .map((value) => value.toFixed(2))
    .join(' ');
}

async function runPart(name: string): Promise<PartMessage> {
  const child = fork(new URL(import.meta.url), [], { env: { ...process.env, [partVariable]: name } });
  const messages: PartMessage[] = [];
  child.on('message', (message) => messages.push(message as PartMessage));
  const [code] = await once(child, 'exit');
  if (code !== 0 || messages.length === 0) throw new Error(`the part ${name} failed (exit code ${code})`);
  return messages[0];
}

/** Runs one part in this process and sends what it found. */
async function serve(name: string): Promise<void> {
  const part = await parts[name]();
  console.error(`… ${part.title}`);
  const result = await part.run();
  const message: PartMessage = { ...result, peakBytes: peakBytes() };
  process.send?.(message);
}

const part = process.env[partVariable];
await (part === undefined ? main() : serve(part));
