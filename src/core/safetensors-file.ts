/** A safetensors file whose tensors are read one at a time, as floats: of a large one little is in memory at once. */
import { closeSync, openSync, readSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { type ErrorCode, TaggerError } from './errors.js';
import { fromBfloats, fromHalves } from './half.js';
import {
  type DType,
  decodePlaces,
  type FileHead,
  headerLength,
  lengthBytes,
  type TensorPlace,
} from './safetensors.js';

/** From the bytes of some numbers, which begin at a multiple of their size, to floats. */
type Widen = (bytes: Uint8Array<ArrayBuffer>) => Float32Array;

const halves = ({ buffer, byteOffset, length }: Uint8Array<ArrayBuffer>) =>
  new Uint16Array(buffer, byteOffset, length / 2);

const widened = (from: Uint16Array, widen: (from: Uint16Array, out: Float32Array) => void) => {
  const out = new Float32Array(from.length);
  widen(from, out);
  return out;
};

/** The types that can be read as floats. */
const floats: Readonly<Partial<Record<DType, Widen>>> = {
  F32: ({ buffer, byteOffset, length }) => new Float32Array(buffer, byteOffset, length / 4),
  F16: (bytes) => widened(halves(bytes), fromHalves),
  BF16: (bytes) => widened(halves(bytes), fromBfloats),
};

export const floatTypes = Object.keys(floats);

export class SafetensorsFile {
  readonly places: ReadonlyMap<string, TensorPlace>;
  private readonly head: FileHead;

  /** Reads the header. Throws `code` where the file is no safetensors file, or cut. */
  static async open(path: string, code: ErrorCode): Promise<SafetensorsFile> {
    const file = await open(path);
    try {
      const head = { path, bytes: (await file.stat()).size, code };
      const length = headerLength(await bytesAt(file, 0, Math.min(lengthBytes, head.bytes)), head);
      const json = (await bytesAt(file, lengthBytes, length)).toString('utf8');
      return new SafetensorsFile(head, decodePlaces(json, head));
    } finally {
      await file.close();
    }
  }

  private constructor(head: FileHead, places: ReadonlyMap<string, TensorPlace>) {
    this.head = head;
    this.places = places;
  }

  get path(): string {
    return this.head.path;
  }

  /** The values of a tensor of one of `floatTypes`. Throws where the file has changed since it was opened. */
  read(name: string): Float32Array {
    const place = this.places.get(name);
    const widen = place && floats[place.dtype];
    if (!widen) throw this.broken(`it has no tensor ${name} of ${floatTypes.join(', ')}`);
    const bytes = new Uint8Array(place.end - place.start);
    const file = openSync(this.path, 'r');
    try {
      for (let at = 0; at < bytes.length; ) {
        const count = readSync(file, bytes, at, bytes.length - at, place.start + at);
        if (count === 0) throw this.broken('it was cut while it was read');
        at += count;
      }
    } finally {
      closeSync(file);
    }
    return widen(bytes);
  }

  private broken(message: string): TaggerError {
    return new TaggerError(this.head.code, { message, place: { file: this.path } });
  }
}

async function bytesAt(file: FileHandle, start: number, length: number): Promise<Buffer> {
  const { buffer } = await file.read(Buffer.alloc(length), 0, length, start);
  return buffer;
}
