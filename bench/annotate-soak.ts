/**
 * `npm run soak:annotate`: 100,000 documents through `tagger annotate` with two workers, once undisturbed, with the memory of the
 * process watched, and once killed at random moments and resumed. Exits with 1 when an output differs, or when memory grows.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream, existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Random } from '../dist/core/random.js';
import { saveModel } from '../dist/tagger/model.js';
import { corpusSentences } from './corpora.js';
import { makeModel } from './model.js';

const main = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
const { values } = parseArgs({
  options: {
    documents: { type: 'string', default: '100000' },
    kills: { type: 'string', default: '30' },
    seed: { type: 'string', default: '1' },
    model: { type: 'string' },
  },
});
const [documents, kills] = [Number(values.documents), Number(values.kills)];
const random = new Random(Number(values.seed));

/** Documents after which memory should be flat; a sample a moment. */
const WARM = 1000;
const MOMENT = 250;
/** Megabytes. */
const MOST = 500;
/** Of growth, in kilobytes for 1,000 documents: less than this is the noise of the garbage collector. */
const FLAT = 200;

interface Sample {
  readonly documents: number;
  /** Megabytes of the resident set. */
  readonly memory: number;
}

const folder = mkdtempSync(join(tmpdir(), 'tagger-soak-'));
const problems: string[] = [];
try {
  const { input, tokens, sources } = await makeDocuments(folder);
  console.log(`${documents} documents of ${sources.join(', ')}; about ${tokens} words`);
  const model = values.model ?? (await makeRandomModel(folder));
  const expected = await undisturbed(model, input, join(folder, 'whole.jsonl'));
  await disturbed(model, input, join(folder, 'killed.jsonl'), expected);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
for (const problem of problems) console.log(`PROBLEM ${problem}`);
console.log(`${problems.length} problems, seed ${values.seed}`);
process.exitCode = problems.length > 0 ? 1 : 0;

/** Of 1 to 10 sentences each, drawn from the corpora that are there. */
async function makeDocuments(folder: string) {
  const { sentences, sources } = await corpusSentences();
  const input = join(folder, 'documents.jsonl');
  const file = await open(input, 'w');
  let tokens = 0;
  for (let id = 0; id < documents; id++) {
    const drawn = Array.from(
      { length: 1 + random.below(10) },
      () => sentences[random.below(sentences.length)],
    );
    tokens += drawn.reduce((sum, words) => sum + words.length, 0);
    await file.appendFile(
      `${JSON.stringify({ id, text: drawn.map((words) => words.join(' ')).join(' ') })}\n`,
    );
  }
  await file.close();
  return { input, tokens, sources };
}

/** Of the network of NCRF++, whose words are those of the corpora. */
async function makeRandomModel(folder: string): Promise<string> {
  const { sentences } = await corpusSentences();
  const directory = join(folder, 'model');
  await saveModel(directory, await makeModel(sentences.flat()), new Map());
  return directory;
}

function start(model: string, input: string, output: string, more: readonly string[] = []): ChildProcess {
  const args = [main, 'annotate', model, input, '-o', output, '--workers', '2', ...more];
  return spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] });
}

async function undisturbed(model: string, input: string, output: string): Promise<string> {
  const started = performance.now();
  const child = start(model, input, output);
  const ended = endOf(child);
  const samples: Sample[] = [];
  let peak = 0;
  for (let isOver = false; !isOver; ) {
    isOver = await Promise.race([ended.then(() => true), pause(MOMENT, false)]);
    const memory = residentOf(child.pid);
    const done = (documentsIn(output) ?? 0) as number;
    if (memory === undefined) continue;
    peak = Math.max(peak, memory);
    if (done > WARM) samples.push({ documents: done, memory });
  }
  const { status, stderr } = await ended;
  if (status !== 0) throw new Error(stderr);
  const seconds = (performance.now() - started) / 1000;
  const slope = slopeOf(samples);
  console.log(`undisturbed: ${seconds.toFixed(1)} s; ${stderr.trim().split('\n').at(-1)}`);
  console.log(
    `memory after ${WARM} documents: ${slope.toFixed(1)} KB for 1,000 documents (${samples.length} samples), peak ${peak.toFixed(0)} MB`,
  );
  console.log(`every tenth: ${curveOf(samples, 10)}`);
  if (slope > FLAT) problems.push(`memory grows by ${slope.toFixed(1)} KB for 1,000 documents`);
  if (peak > MOST) problems.push(`${peak.toFixed(0)} MB at the most`);
  return hashOf(output);
}

async function disturbed(model: string, input: string, output: string, expected: string): Promise<void> {
  const started = performance.now();
  let killed = 0;
  for (;;) {
    const child = start(model, input, output, ['--resume']);
    const ended = endOf(child);
    if (killed < kills) {
      await Promise.race([ended, pause(1000 + 4000 * random.uniform())]);
      child.kill('SIGKILL');
    }
    const { status, stderr } = await ended;
    if (status !== null) {
      if (status !== 0) problems.push(`a resumed run ended with ${status}: ${stderr}`);
      break;
    }
    killed++;
    console.log(`kill ${killed}: ${documentsIn(output) ?? 0} documents are kept`);
    if (existsSync(output)) problems.push(`kill ${killed}: the output has its name before it is complete`);
  }
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const isSame = existsSync(output) && (await hashOf(output)) === expected;
  console.log(
    `killed ${killed} times and resumed: ${isSame ? 'the same bytes' : 'OTHER BYTES'}, ${seconds} s`,
  );
  if (!isSame) problems.push('the output of the killed run differs from that of the undisturbed one');
}

async function endOf(child: ChildProcess): Promise<{ status: number | null; stderr: string }> {
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const [status] = await once(child, 'close');
  return { status, stderr };
}

/** As the last checkpoint tells. */
function documentsIn(output: string): number | undefined {
  const manifest = `${output}.progress.json`;
  if (!existsSync(manifest)) return undefined;
  return JSON.parse(readFileSync(manifest, 'utf8')).progress?.counts.documents;
}

/** Of Linux alone; undefined where the process is gone. */
function residentOf(pid: number | undefined): number | undefined {
  const path = `/proc/${pid}/status`;
  const kilobytes = existsSync(path) && /VmRSS:\s+(\d+)/.exec(readFileSync(path, 'utf8'))?.[1];
  return kilobytes ? Number(kilobytes) / 1000 : undefined;
}

/** The mean memory of every part of the samples, of `parts`. */
function curveOf(samples: readonly Sample[], parts: number): string {
  const size = Math.max(1, Math.ceil(samples.length / parts));
  const means = Array.from({ length: Math.ceil(samples.length / size) }, (_, part) => {
    const own = samples.slice(part * size, (part + 1) * size);
    return own.reduce((sum, { memory }) => sum + memory, 0) / own.length;
  });
  return `${means.map((mean) => mean.toFixed(0)).join(', ')} MB`;
}

/** Least squares, in kilobytes for 1,000 documents. */
function slopeOf(samples: readonly Sample[]): number {
  const mean = (of: (sample: Sample) => number) =>
    samples.reduce((sum, each) => sum + of(each), 0) / samples.length;
  const [x, y] = [mean((each) => each.documents), mean((each) => each.memory)];
  const covariance = mean((each) => (each.documents - x) * (each.memory - y));
  return (covariance / mean((each) => (each.documents - x) ** 2)) * 1e6;
}

async function hashOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const part of createReadStream(file)) hash.update(part);
  return `${hash.digest('hex')} ${statSync(file).size}`;
}
