/**
 * `npm run soak`: kills trainings of the bundled corpus at random moments and takes them up again, and compares what comes
 * of each with what comes of one that nobody disturbed. A round is one kill. Exits with 1 when anything differs or is lost.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Random } from '../dist/core/random.js';
import { readLatestCheckpoint } from '../dist/training/checkpoint-files.js';
import type { Progress } from '../dist/training/state.js';

const main = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));

/** Trained by turns: all that has a state of its own takes part. */
const variants: Readonly<Record<string, readonly string[]>> = {
  'sgd, crf': ['training.optimizer={kind: sgd, rate: 0.01, momentum: 0.9}'],
  'adam, softmax': ['training.optimizer={kind: adam, rate: 0.005}', 'decoder=softmax'],
  'adamw, crf': [
    'training.optimizer={kind: adamw, rate: 0.01}',
    'training.schedule={kind: plateau, patience: 1}',
  ],
};
const common = ['training.epochs=4', 'training.checkpoint=0.002', 'encoder.units=40', 'embeddings.0.dim=40'];

/** What a kill waits for, and milliseconds after that; `whole` stands for the time of a whole training. */
const moments = {
  'at any time': { sign: 'start', most: 'whole' },
  'at the start': { sign: 'start', most: 600 },
  'while a checkpoint is written': { sign: 'write', most: 8 },
  'after an epoch': { sign: 'epoch', most: 40 },
  'while the model is saved': { sign: '[7/7]', most: 150 },
} as const;
type Moment = keyof typeof moments;

interface Outcome {
  /** Null where it was killed. */
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

class Command {
  readonly ended: Promise<Outcome>;
  private readonly child: ChildProcess;
  private readonly folder: string;
  private stderr = '';
  private isOver = false;

  constructor(folder: string, args: readonly string[]) {
    this.folder = folder;
    this.child = spawn(process.execPath, [main, 'train', 'conll', '--json', ...args], { cwd: folder });
    let stdout = '';
    this.child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text;
    });
    this.ended = once(this.child, 'close').then(([status]) => {
      this.isOver = true;
      return { status: status as number | null, stdout, stderr: this.stderr };
    });
  }

  /** Kills it at a moment, unless it ends before. */
  async kill(moment: Moment, random: Random, whole: number): Promise<void> {
    const { sign, most } = moments[moment];
    while (!this.isOver && !this.hasCome(sign)) await pause(1);
    // Squared, so that the first milliseconds after the sign are not rare.
    await Promise.race([
      pause((most === 'whole' ? whole : most * random.uniform()) * random.uniform()),
      this.ended,
    ]);
    if (!this.isOver) this.child.kill('SIGKILL');
  }

  private hasCome(sign: (typeof moments)[Moment]['sign']): boolean {
    if (sign === 'start') return true;
    if (sign === 'write') return namesIn(checkpoints(this.folder)).some((name) => name.startsWith('.'));
    return this.stderr.includes(sign === 'epoch' ? '\nepoch' : sign);
  }
}

const checkpoints = (folder: string) => join(folder, 'models/conll.checkpoints');
const namesIn = (folder: string) => (existsSync(folder) ? readdirSync(folder) : []);
const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));

const settingsOf = (variant: string) =>
  [...common, ...variants[variant]].flatMap((setting) => ['--set', setting]);

/** The steps done in the newest checkpoint, which must be whole; −1 where there is none. */
async function stepsKept(folder: string): Promise<{ count: number; text: string }> {
  const found = await readLatestCheckpoint(checkpoints(folder));
  if (!found) return { count: -1, text: 'nothing' };
  if (found.skipped.length > 0) throw new Error(`a damaged checkpoint: ${found.skipped[0].found}`);
  const { count, epoch, totals } = (found.meta as { progress: Progress<unknown> }).progress;
  return { count, text: `epoch ${epoch}, step ${totals.steps}` };
}

/** The hash of a model directory, which must be whole. */
function hashOf(folder: string): string | undefined {
  const model = join(folder, 'models/conll');
  if (!existsSync(model)) return undefined;
  const { files } = JSON.parse(readFileSync(join(model, 'config.json'), 'utf8'));
  for (const [name, { sha256 }] of Object.entries<{ sha256: string }>(files)) {
    const found = createHash('sha256')
      .update(readFileSync(join(model, name)))
      .digest('hex');
    if (found !== sha256) throw new Error(`${name} of the model is damaged`);
  }
  return files['model.safetensors'].sha256;
}

class Soak {
  readonly problems: string[] = [];
  readonly kills: Record<string, number> = {};
  kept = 0;
  trainings = 0;
  private readonly random: Random;
  private readonly expected = new Map<string, string>();
  private whole = 0;

  constructor(seed: number) {
    this.random = new Random(seed);
  }

  /** Trains each variant undisturbed. */
  async prepare(): Promise<void> {
    for (const variant of Object.keys(variants)) {
      await inFolder(async (folder) => {
        const before = performance.now();
        const { status, stderr } = await new Command(folder, settingsOf(variant)).ended;
        const hash = hashOf(folder);
        if (status !== 0 || !hash) throw new Error(stderr);
        this.whole = performance.now() - before;
        this.expected.set(variant, hash);
        console.log(`${variant}: ${hash}, in ${seconds(this.whole)}`);
      });
    }
  }

  /** One training with kills until it ends, or until there were so many rounds. Returns the rounds. */
  async train(from: number, rounds: number): Promise<number> {
    const variant = Object.keys(variants)[this.trainings++ % Object.keys(variants).length];
    let round = from;
    await inFolder(async (folder) => {
      for (let before = -1; ; ) {
        const workers = 1 + this.random.below(3);
        const command = new Command(folder, [...settingsOf(variant), '--resume', '--workers', `${workers}`]);
        const moment = this.moment();
        if (round < rounds) await command.kill(moment, this.random, this.whole);
        const outcome = await command.ended;
        if (outcome.status !== null) return this.judge(variant, folder, outcome, round - from);
        round++;
        this.kills[moment] = (this.kills[moment] ?? 0) + 1;
        const { count, text } = await stepsKept(folder);
        const hash = hashOf(folder);
        const isSaved = hash !== undefined && count < 0;
        if (hash !== undefined && hash !== this.expected.get(variant))
          this.report(`round ${round}: another model`);
        if (count < before && !isSaved) this.report(`round ${round}: a checkpoint was lost`);
        if (count > before) this.kept++;
        before = count;
        const what = `training ${this.trainings} (${variant}), ${workers} workers, killed ${moment}`;
        console.log(`round ${round}: ${what}; there is ${text}${hash ? ' and the model' : ''}`);
      }
    });
    return round;
  }

  private moment(): Moment {
    const names = Object.keys(moments) as Moment[];
    return names[this.random.below(names.length)];
  }

  private judge(variant: string, folder: string, { status, stderr }: Outcome, kills: number): void {
    const name = `training ${this.trainings} (${variant})`;
    if (status !== 0) this.report(`${name} ended with ${status}:\n${stderr}`);
    else if (hashOf(folder) !== this.expected.get(variant)) this.report(`${name} made another model`);
    else if (existsSync(checkpoints(folder))) this.report(`${name} left its checkpoints`);
    else console.log(`${name}, killed ${kills} times: the same model`);
  }

  private report(problem: string): void {
    this.problems.push(problem);
    console.log(`PROBLEM ${problem}`);
  }
}

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'tagger-soak-'));
  try {
    await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '200' }, seed: { type: 'string', default: '1' } },
});
const [rounds, seed] = [Number(values.rounds), Number(values.seed)];
const started = performance.now();
const soak = new Soak(seed);
await soak.prepare();
for (let round = 0; round < rounds; ) round = await soak.train(round, rounds);
const { trainings, kills, kept, problems } = soak;
const list = Object.entries(kills).map(([moment, count]) => `${count} ${moment}`);
console.log(`\n${rounds} kills (${list.join(', ')}), ${kept} of them after new checkpoints`);
console.log(
  `${trainings} trainings, ${problems.length} problems, seed ${seed}, ${seconds(performance.now() - started)}`,
);
for (const problem of problems) console.log(`PROBLEM ${problem}`);
process.exitCode = problems.length > 0 ? 1 : 0;
