/**
 * Reading and writing the safetensors format: a u64 length, a JSON header with type, shape and place of every tensor,
 * and their bytes (https://huggingface.co/docs/safetensors). Little-endian, like every machine that Node runs on.
 */
import { z } from 'zod';
import { TaggerError } from '../core/errors.js';
import { parseJson } from '../core/json.js';

export interface Tensor {
  readonly dtype: 'F32' | 'F16';
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
}

const bytesPerElement = { F32: 4, F16: 2 } as const;

const headerSchema = z.record(
  z.string(),
  z.strictObject({
    dtype: z.enum(['F32', 'F16']),
    shape: z.array(z.int().min(0)),
    data_offsets: z.tuple([z.int().min(0), z.int().min(0)]),
  }),
);

export function encodeSafetensors(tensors: ReadonlyMap<string, Tensor>): Uint8Array[] {
  const header: z.infer<typeof headerSchema> = {};
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
  const broken = (message: string) =>
    new TaggerError('E_MODEL', { message, place: { file: path }, hint: 'save or copy the model again' });
  const view = Buffer.from(file.buffer, file.byteOffset, file.length);
  const length = view.length >= 8 ? Number(view.readBigUInt64LE(0)) : 0;
  if (length === 0 || 8 + length > view.length) throw broken('not a safetensors file, or cut');
  const header = headerSchema.safeParse(parseJson(view.toString('utf8', 8, 8 + length))?.value);
  if (!header.success) throw broken('its header is not that of a safetensors file');
  const data = view.subarray(8 + length);
  const tensors = new Map<string, Tensor>();
  for (const [name, { dtype, shape, data_offsets }] of Object.entries(header.data)) {
    const [start, end] = data_offsets;
    const size = shape.reduce((product, n) => product * n, bytesPerElement[dtype]);
    if (end > data.length || end - start !== size) throw broken(`tensor ${name} lies outside the file`);
    tensors.set(name, { dtype, shape, bytes: data.subarray(start, end) });
  }
  return tensors;
}
