/**
 * Reading and writing the safetensors format: a u64 length, a JSON header with type, shape and place of every tensor and
 * perhaps `__metadata__`, and the bytes (https://huggingface.co/docs/safetensors). Little-endian, like every machine that
 * Node runs on.
 */
import { z } from 'zod';
import { type ErrorCode, TaggerError } from './errors.js';
import { parseJson } from './json.js';

/** Bytes of a number of each type. Ours are F32 and F16; the others are in files of other programs. */
const bytesPerElement = {
  F64: 8,
  F32: 4,
  F16: 2,
  BF16: 2,
  I64: 8,
  I32: 4,
  I16: 2,
  I8: 1,
  U8: 1,
  BOOL: 1,
} as const;

export type DType = keyof typeof bytesPerElement;

export interface Tensor {
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
}

/** Where the bytes of a tensor are in its file, from `start` up to `end`. */
export interface TensorPlace extends Pick<Tensor, 'dtype' | 'shape'> {
  readonly start: number;
  readonly end: number;
}

/** Notes about the whole file; the format wants them to be strings. */
export type Metadata = Readonly<Record<string, string>>;

/** What is known of a file before all of it is read. */
export interface FileHead {
  readonly path: string;
  /** Of the whole file. */
  readonly bytes: number;
  /** Of what is thrown where the file cannot be used. */
  readonly code: ErrorCode;
}

/** The format's own limit, which also keeps a damaged length from asking for a string that V8 cannot hold. */
const maxHeaderBytes = 100_000_000;

/** The bytes before the header, which say how long it is. */
export const lengthBytes = 8;

const headerSchema = z.object({ __metadata__: z.record(z.string(), z.string()).optional() }).catchall(
  z.strictObject({
    dtype: z.enum(Object.keys(bytesPerElement) as DType[]),
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
  const { header, head } = read(file, path);
  return new Map(
    Array.from(placesIn(header, head), ([name, { dtype, shape, start, end }]) => [
      name,
      { dtype, shape, bytes: file.subarray(start, end) },
    ]),
  );
}

/** The metadata alone, empty where the file has none. Throws E_MODEL when the file is no safetensors file. */
export function decodeMetadata(file: Uint8Array, path: string): Metadata {
  return read(file, path).header.__metadata__ ?? {};
}

function read(file: Uint8Array, path: string) {
  const head: FileHead = { path, bytes: file.length, code: 'E_MODEL' };
  const length = headerLength(file.subarray(0, lengthBytes), head);
  const json = Buffer.from(file.buffer, file.byteOffset + lengthBytes, length).toString('utf8');
  return { head, header: { ...parseHeader(json, head), length } };
}

/** The bytes of the header, from the bytes before it. Throws `code` where there are not as many, or too many. */
export function headerLength(beginning: Uint8Array, head: FileHead): number {
  const view = Buffer.from(beginning.buffer, beginning.byteOffset, beginning.length);
  const length = view.length === lengthBytes ? Number(view.readBigUInt64LE(0)) : 0;
  if (length === 0 || lengthBytes + length > head.bytes) throw broken(head, 'not a safetensors file, or cut');
  if (length > maxHeaderBytes) throw noHeader(head);
  return length;
}

/** The places of the tensors that a header names. Throws `code` where it is none, or they do not fit in the file. */
export function decodePlaces(json: string, head: FileHead): Map<string, TensorPlace> {
  return placesIn({ ...parseHeader(json, head), length: Buffer.byteLength(json) }, head);
}

function parseHeader(json: string, head: FileHead) {
  const header = headerSchema.safeParse(parseJson(json)?.value);
  if (!header.success) throw noHeader(head);
  const { __metadata__, ...entries } = header.data;
  return { __metadata__, entries };
}

function placesIn(
  { entries, length }: Pick<ReturnType<typeof parseHeader>, 'entries'> & { length: number },
  head: FileHead,
): Map<string, TensorPlace> {
  const data = lengthBytes + length;
  const places = new Map<string, TensorPlace>();
  for (const [name, { dtype, shape, data_offsets }] of Object.entries(entries)) {
    const [start, end] = data_offsets.map((offset) => data + offset);
    const size = shape.reduce((product, n) => product * n, bytesPerElement[dtype]);
    if (end > head.bytes || end - start !== size) throw broken(head, `tensor ${name} lies outside the file`);
    places.set(name, { dtype, shape, start, end });
  }
  return places;
}

function noHeader(head: FileHead): TaggerError {
  return broken(head, 'its header is not that of a safetensors file');
}

function broken({ path, code }: FileHead, message: string): TaggerError {
  const hint = 'save or copy the model again';
  return new TaggerError(code, { message, place: { file: path }, hint });
}
