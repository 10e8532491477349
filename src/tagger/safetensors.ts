/**
 * Reading and writing the safetensors format: a u64 length, a JSON header with type, shape and place of every tensor and
 * perhaps `__metadata__`, and the bytes (https://huggingface.co/docs/safetensors). Little-endian, like every machine that
 * Node runs on.
 */
import { z } from 'zod';
import { TaggerError } from '../core/errors.js';
import { parseJson } from '../core/json.js';

export interface Tensor {
  readonly dtype: 'F32' | 'F16';
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
}

/** Notes about the whole file; the format wants them to be strings. */
export type Metadata = Readonly<Record<string, string>>;

const bytesPerElement = { F32: 4, F16: 2 } as const;

/** The format's own limit, which also keeps a damaged length from asking for a string that V8 cannot hold. */
const maxHeaderBytes = 100_000_000;

const headerSchema = z.object({ __metadata__: z.record(z.string(), z.string()).optional() }).catchall(
  z.strictObject({
    dtype: z.enum(['F32', 'F16']),
    shape: z.array(z.int().min(0)),
    data_offsets: z.tuple([z.int().min(0), z.int().min(0)]),
  }),
);

/** The parts of the file, not joined: length, header, and the bytes of each tensor. */
export function encodeSafetensors(tensors: ReadonlyMap<string, Tensor>, metadata?: Metadata): Uint8Array[] {
  const header: Record<string, unknown> = metadata ? { __metadata__: metadata } : {};
  let end = 0;
  for (const [name, { dtype, shape, bytes }] of tensors) {
    header[name] = { dtype, shape: [...shape], data_offsets: [end, end + bytes.length] };
    end += bytes.length;
  }
  const json = Buffer.from(JSON.stringify(header));
  // Spaces bring the data to an 8-byte boundary, as the format asks.
  const padded = Buffer.concat([json, Buffer.alloc((8 - (json.length % 8)) % 8, ' ')]);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(padded.length));
  return [length, padded, ...Array.from(tensors.values(), ({ bytes }) => bytes)];
}

/** Views into `file`. Throws E_MODEL when the file is no safetensors file or its tensors do not fit in it. */
export function decodeSafetensors(file: Uint8Array, path: string): Map<string, Tensor> {
  const { header, data } = split(file, path);
  const { __metadata__: _, ...entries } = header;
  const tensors = new Map<string, Tensor>();
  for (const [name, { dtype, shape, data_offsets }] of Object.entries(entries)) {
    const [start, end] = data_offsets;
    const size = shape.reduce((product, n) => product * n, bytesPerElement[dtype]);
    if (end > data.length || end - start !== size) throw broken(path, `tensor ${name} lies outside the file`);
    tensors.set(name, { dtype, shape, bytes: data.subarray(start, end) });
  }
  return tensors;
}

/** The metadata alone, empty where the file has none. Throws E_MODEL when the file is no safetensors file. */
export function decodeMetadata(file: Uint8Array, path: string): Metadata {
  return split(file, path).header.__metadata__ ?? {};
}

function split(file: Uint8Array, path: string) {
  const view = Buffer.from(file.buffer, file.byteOffset, file.length);
  const length = view.length >= 8 ? Number(view.readBigUInt64LE(0)) : 0;
  if (length === 0 || 8 + length > view.length) throw broken(path, 'not a safetensors file, or cut');
  const json = length > maxHeaderBytes ? '' : view.toString('utf8', 8, 8 + length);
  const header = headerSchema.safeParse(parseJson(json)?.value);
  if (!header.success) throw broken(path, 'its header is not that of a safetensors file');
  return { header: header.data, data: view.subarray(8 + length) };
}

function broken(path: string, message: string): TaggerError {
  const hint = 'save or copy the model again';
  return new TaggerError('E_MODEL', { message, place: { file: path }, hint });
}
