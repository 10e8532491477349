/** A file that is made as `FILE.part`, grows at its end, and gets its name when it is whole. */
import { type FileHandle, open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { TaggerError } from '../../core/errors.js';
import { syncFolder } from '../../tagger/files.js';
import type { Content } from '../sink.js';
import { absentOn, bytesOf, writing } from './system.js';

/** Small pieces are written together. */
const flushBytes = 1 << 18;

export class PartFile {
  private readonly path: string;
  private readonly handle: FileHandle;
  /** On the way to the disk; what is before them is in the file. */
  private pending: Uint8Array[] = [];
  private pendingBytes = 0;
  private written: number;

  private constructor(path: string, handle: FileHandle, bytes: number) {
    this.path = path;
    this.handle = handle;
    this.written = bytes;
  }

  /**
   * Opens the part of a file to go on after `bytes`, 0 to begin. `isFinishing`: the part may have its name already. Throws
   * E_RESUME where it is shorter, E_WRITE where it cannot be written.
   */
  static async open(path: string, bytes: number, isFinishing: boolean): Promise<PartFile> {
    return new PartFile(path, await writing(path, openPart(path, bytes, isFinishing)), bytes);
  }

  /** With what is on the way. */
  get bytes(): number {
    return this.written + this.pendingBytes;
  }

  async append(content: Content): Promise<void> {
    const bytes = bytesOf(content);
    this.pending.push(bytes);
    this.pendingBytes += bytes.length;
    if (this.pendingBytes >= flushBytes) await this.flush();
  }

  /** Brings everything to the disk. Throws E_WRITE, too, where somebody else writes to the file. */
  async sync(): Promise<void> {
    await this.flush();
    await writing(this.path, this.handle.sync());
    const { size } = await writing(this.path, this.handle.stat());
    if (size === this.written) return;
    throw new TaggerError('E_WRITE', {
      message: 'the file has changed while it was written; another run may write to it',
      place: { file: partOf(this.path) },
      expected: `${this.written} bytes`,
      found: `${size} bytes`,
    });
  }

  /** Gives the file its name, after `sync`. */
  async finish(): Promise<void> {
    await writing(this.path, this.handle.close());
    await writing(this.path, rename(partOf(this.path), this.path));
    await writing(this.path, syncFolder(dirname(this.path)));
  }

  /** Leaves the part as it is. Never throws. */
  async close(): Promise<void> {
    // All that counts is on the disk since the last `sync`.
    await this.handle.close().catch(() => {});
  }

  /** Removes the part. Never throws. */
  async discard(): Promise<void> {
    await this.close();
    await rm(partOf(this.path), { force: true }).catch(() => {});
  }

  private async flush(): Promise<void> {
    if (this.pendingBytes === 0) return;
    await writing(this.path, this.handle.appendFile(Buffer.concat(this.pending)));
    this.written += this.pendingBytes;
    this.pending = [];
    this.pendingBytes = 0;
  }
}

const partOf = (path: string): string => `${path}.part`;

async function openPart(path: string, bytes: number, isFinishing: boolean): Promise<FileHandle> {
  const part = partOf(path);
  if (bytes === 0) return open(part, 'w');
  if (isFinishing && !(await sizeOf(part))) await rename(path, part).catch(absentOn('ENOENT'));
  const size = await sizeOf(part);
  if (size === undefined || size < bytes) throw tooShort(part, bytes, size);
  const handle = await open(part, 'a');
  try {
    await handle.truncate(bytes);
    return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function sizeOf(path: string): Promise<number | undefined> {
  return (await stat(path).catch(absentOn('ENOENT')))?.size;
}

function tooShort(part: string, bytes: number, size: number | undefined): TaggerError {
  return new TaggerError('E_RESUME', {
    message: 'what the interrupted run has written is not all there any more',
    place: { file: part },
    expected: `at least ${bytes} bytes`,
    found: size === undefined ? 'no such file' : `${size} bytes`,
    hint: 'put the file back, or --force without --resume, which begins anew',
  });
}
