/** Which process a run is in, and whether that is still there. */
import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import type { Manifest } from './manifest.js';

type ProcessOfRun = NonNullable<Manifest['process']>;

export async function thisProcess(): Promise<ProcessOfRun> {
  const began = await beginningOf(process.pid);
  return { pid: process.pid, host: hostname(), ...(began && { began }) };
}

/**
 * Whether the process of a run is another one and lives. One on another machine counts as ended: its number says nothing
 * here, and a cluster goes on with the work of a machine that is gone.
 */
export async function isOtherAlive({ pid, host, began }: ProcessOfRun): Promise<boolean> {
  if (host !== hostname() || pid === process.pid || !isThere(pid)) return false;
  const now = await beginningOf(pid);
  return began === undefined || now === undefined || began === now;
}

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // EPERM: it is another user's.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** When a process began, in the clock ticks of Linux, which give numbers to new processes again; undefined elsewhere. */
async function beginningOf(pid: number): Promise<string | undefined> {
  const line = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // The second field, the name of the program in brackets, may hold spaces and brackets itself.
  return line.slice(line.lastIndexOf(')') + 2).split(' ')[19];
}
