/** Writes numbered documents through a sink, here or in another process that can be killed at any operation on the disk. */
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Sink, SinkOptions } from '../../src/annotation/sink.js';
import { openSink } from '../../src/annotation/sinks/index.js';
import { running } from '../support/workspace.js';

export interface Work {
  readonly target: string;
  readonly errors?: string;
  /** How many documents, and after how many of them a checkpoint comes. */
  readonly total: number;
  readonly every: number;
  readonly resume?: boolean;
  /** Instead of one file a document. */
  readonly severalFiles?: boolean;
}

export const layout = { ending: '.txt', head: '[', between: ',', tail: ']' };

/** The options of the work. */
export function optionsOf({ errors, resume, severalFiles }: Work): SinkOptions {
  const several = severalFiles ? undefined : layout;
  return { layout: several, errors, resume, settings: { model: 'm' }, stdout: process.stdout };
}

/** Every fifth document is an error, every seventh has the id of an earlier one. `tell` hears of every checkpoint. */
export async function writeAll(
  sink: Sink,
  { total, every, severalFiles }: Work,
  tell: (next: number) => void = () => {},
): Promise<void> {
  let next = Number(sink.from?.position ?? 0);
  let errors = sink.from?.counts.errors ?? 0;
  const progress = () => ({ position: next, counts: { documents: next, errors } });
  while (next < total) {
    const i = next++;
    const id = i % 7 === 6 ? `part-0/${i - 4 - (i % 2)}` : `part-${i % 2}/${i}`;
    const text = `document ${i} ${'é'.repeat(i % 50)}`;
    const content = severalFiles
      ? new Map([
          ['.txt', text],
          ['.ann', `T${i}`],
        ])
      : text;
    try {
      if (i % 5 === 4) throw Object.assign(new Error(`error ${i}`), { code: 'E_DOCUMENT' });
      await sink.write({ id, content });
    } catch (error) {
      const { code, message } = error as Error & { code?: string };
      if (code !== 'E_DOCUMENT') throw error;
      errors++;
      await sink.writeError(message.split('\n')[0]);
    }
    if (next % every === 0) {
      await sink.checkpoint(progress());
      tell(next);
    }
  }
  await sink.finish(progress());
}

/** The work to its end, here. */
export async function finish(work: Work): Promise<Sink> {
  const sink = await openSink(work.target, optionsOf(work));
  await writeAll(sink, work);
  return sink;
}

/** The work in a process of its own, which kills itself before the operation on the disk of this number, from 1. */
export function start(work: Work, killAt?: number) {
  const script = `
    import fs from 'node:fs/promises';
    import { syncBuiltinESMExports } from 'node:module';
    let operations = 0;
    const count = (object, name) => {
      const original = object[name];
      object[name] = function (...args) {
        if (++operations === ${killAt}) process.kill(process.pid, 'SIGKILL');
        return original.apply(this, args);
      };
    };
    const handle = await fs.open(process.execPath);
    const methods = ['appendFile', 'writeFile', 'sync', 'truncate', 'close'];
    for (const name of methods) count(Object.getPrototypeOf(handle), name);
    await handle.close();
    for (const name of ['open', 'link', 'rename', 'rm', 'rmdir', 'mkdir', 'writeFile', 'utimes']) count(fs, name);
    syncBuiltinESMExports();
    const { openSink } = await import('${pathToFileURL(resolve('dist/annotation/sinks/index.js'))}');
    operations = 0;
    const work = ${JSON.stringify(work)};
    const sink = await openSink(work.target, { ...${JSON.stringify(optionsOf(work), withoutStreams)}, stdout: process.stdout });
    await (${writeAll})(sink, work, (next) => console.error('at ' + next + '.'));
    console.log(operations);`;
  return running(spawn(process.execPath, ['--input-type=module', '-e', script]));
}

const withoutStreams = (key: string, value: unknown) => (key === 'stdout' ? undefined : value);

/** Runs the work in a process: how many operations it took to its end, or undefined where it was killed. */
export async function run(work: Work, killAt?: number): Promise<number | undefined> {
  const { status, signal, stdout, stderr } = await start(work, killAt).ended;
  if (signal === 'SIGKILL') return undefined;
  if (status !== 0) throw new Error(stderr);
  return Number(stdout);
}

/** Every file below a folder with its content. */
export function contentsOf(folder: string): Record<string, string> {
  const paths = (readdirSync(folder, { recursive: true }) as string[]).sort();
  const files = paths.filter((path) => statSync(join(folder, path)).isFile());
  return Object.fromEntries(files.map((path) => [path, readFileSync(join(folder, path), 'utf8')]));
}
