/** Where bytes go one after the other: a file in the making, a device, a stream or nowhere. */
import { once } from 'node:events';
import { lstat, open, realpath, stat } from 'node:fs/promises';
import type { Writable } from 'node:stream';
import type { Content } from '../sink.js';
import { PartFile } from './part-file.js';
import { absentOn, bytesOf, cannotWrite, writing } from './system.js';

export interface Outlet {
  /** How many there are, from which to go on; 0 where nobody can. */
  readonly bytes: number;
  /** Waits until more can be taken. */
  append(content: Content): Promise<void>;
  /** Brings to the disk what was taken. */
  sync(): Promise<void>;
  /** Everything is there, and on the disk. */
  finish(): Promise<void>;
  /** Ends, leaving what is on the disk to go on from. Never throws. */
  close(): Promise<void>;
  /** Ends, leaving nothing where that is possible. Never throws. */
  discard(): Promise<void>;
}

const done = async () => {};
const unrepeatable = { bytes: 0, sync: done, finish: done, close: done, discard: done };

export const nowhere: Outlet = { ...unrepeatable, append: done };

export const streamOutlet = (stream: Writable): Outlet => ({
  ...unrepeatable,
  async append(content) {
    if (!stream.write(content)) await once(stream, 'drain');
  },
});

/** A device or a pipe; beside a stream also a file, which is then not in the making, but there. */
export async function directOutlet(path: string): Promise<Outlet> {
  const handle = await writing(path, open(path, 'w'));
  const close = () => handle.close().catch(() => {});
  return {
    ...unrepeatable,
    append: (content) => writing(path, handle.appendFile(bytesOf(content))),
    finish: () => writing(path, handle.close()),
    close,
    discard: close,
  };
}

/** The file, from which `bytes` are kept where they are more than 0; see `PartFile.open`. Throws E_WRITE for a folder. */
export async function openOutlet(path: string, bytes: number, isFinishing: boolean): Promise<Outlet> {
  return (await isReplaceable(path)) ? PartFile.open(path, bytes, isFinishing) : directOutlet(path);
}

/** Whether another file can take its name: not so with devices and pipes. Throws E_WRITE for a folder. */
export async function isReplaceable(path: string): Promise<boolean> {
  const found = await writing(path, stat(path).catch(absentOn('ENOENT')));
  if (found?.isDirectory()) throw cannotWrite(path, new Error('a folder'));
  return found === undefined || found.isFile();
}

/** The file itself where the path is a link: a link stays a link. */
export async function followed(path: string): Promise<string> {
  const found = await writing(path, lstat(path).catch(absentOn('ENOENT')));
  if (!found?.isSymbolicLink()) return path;
  return (await writing(path, realpath(path).catch(absentOn('ENOENT')))) ?? path;
}
