/**
 * A checkpoint as one safetensors file. `__metadata__` in its header holds what tensors cannot: the caller's JSON, and the
 * sha256 of the whole file, taken with zeros in the place of the digest, so that no cut or altered byte goes unnoticed.
 */
import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { setImmediate as otherWork } from 'node:timers/promises';
import { TaggerError } from '../core/errors.js';
import { parseJson } from '../core/json.js';
import { decodeMetadata, decodeSafetensors, encodeSafetensors, type Tensor } from '../core/safetensors.js';

/** A training run at a step: everything that it needs to go on. */
export interface Checkpoint {
  /** JSON: config, progress, … (the caller's). */
  readonly meta: unknown;
  /** Their bytes are not in shared memory; read ones are views into one buffer and may begin at an odd place. */
  readonly tensors: ReadonlyMap<string, Tensor>;
}

const format = 'tagger-checkpoint';
const version = '1';
const digestKey = '"sha256":"';
const noDigest = '0'.repeat(64);

/** Bytes hashed, read or written at a time: some milliseconds, after which the thread does other work. */
const chunkBytes = 2 ** 22;

function* chunksOf(parts: readonly Uint8Array[]): Generator<Uint8Array> {
  for (const part of parts) {
    for (let at = 0; at < part.length; at += chunkBytes) yield part.subarray(at, at + chunkBytes);
  }
}

/** The parts of the file, which is whole only when `writeParts` has put the digest in. */
export function encodeCheckpoint({ meta, tensors }: Checkpoint): Uint8Array[] {
  // The digest comes first, so that no other key, and no text in `meta`, is taken for it.
  return encodeSafetensors(tensors, { sha256: noDigest, format, version, meta: JSON.stringify(meta) });
}

/** Writes an empty file, the digest last. */
export async function writeParts(file: FileHandle, parts: readonly Uint8Array[]): Promise<void> {
  const hash = createHash('sha256');
  for (const chunk of chunksOf(parts)) {
    hash.update(chunk);
    await file.writeFile(chunk);
  }
  const [length, header] = parts;
  await file.write(hash.digest('hex'), length.length + digestPlace(header));
}

/** Throws E_MODEL when the file cannot be read, is cut or altered, or of another version. */
export async function readCheckpoint(path: string): Promise<Checkpoint> {
  try {
    return await decodeCheckpoint(await readBytes(path), path);
  } catch (error) {
    const problem = {
      message: 'this checkpoint cannot be used',
      place: { file: path },
      expected: `a whole checkpoint of version ${version}`,
      found: error instanceof TaggerError ? error.problems[0].message : (error as Error).message,
      hint: 'delete it to go on from an earlier one or from the start; a newer version needs a newer tagger',
    };
    throw new TaggerError('E_MODEL', problem, { cause: error });
  }
}

async function decodeCheckpoint(bytes: Buffer, path: string): Promise<Checkpoint> {
  const metadata = decodeMetadata(bytes, path);
  if (metadata.format !== format) throw new Error('a safetensors file that is no checkpoint');
  if (metadata.version !== version) throw new Error(`version ${metadata.version}`);
  const sha256 = await digestOf(bytes);
  if (metadata.sha256 !== sha256) throw new Error(`cut or altered: its sha256 is ${sha256}`);
  return { meta: parseJson(metadata.meta)?.value, tensors: decodeSafetensors(bytes, path) };
}

async function digestOf(bytes: Buffer): Promise<string> {
  const place = digestPlace(bytes);
  const parts = [bytes.subarray(0, place), Buffer.from(noDigest), bytes.subarray(place + noDigest.length)];
  const hash = createHash('sha256');
  for (const chunk of chunksOf(parts)) {
    hash.update(chunk);
    await otherWork();
  }
  return hash.digest('hex');
}

function digestPlace(bytes: Uint8Array): number {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).indexOf(digestKey) + digestKey.length;
}

/** Reads in pieces: `readFile` refuses files of 2 GiB and more, which a large vocabulary can make. */
async function readBytes(path: string): Promise<Buffer> {
  const file = await open(path);
  try {
    const bytes = Buffer.allocUnsafe((await file.stat()).size);
    for (let at = 0; at < bytes.length; ) {
      const { bytesRead } = await file.read(bytes, at, Math.min(chunkBytes, bytes.length - at));
      if (bytesRead === 0) return bytes.subarray(0, at);
      at += bytesRead;
    }
    return bytes;
  } finally {
    await file.close();
  }
}
