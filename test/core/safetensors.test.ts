import { describe, expect, it } from 'vitest';
import { TaggerError } from '../../src/core/errors.js';
import {
  decodeMetadata,
  decodeSafetensors,
  encodeSafetensors,
  type Tensor,
} from '../../src/core/safetensors.js';
import { numbers, seeded } from '../support/arrays.js';

function tensor(dtype: 'F32' | 'F16', ...shape: number[]): Tensor {
  const size = shape.reduce((product, n) => product * n, dtype === 'F32' ? 4 : 2);
  return { dtype, shape, bytes: Uint8Array.from({ length: size }, (_, i) => (i * 37) % 256) };
}

const tensors = new Map([
  ['a.weight', tensor('F32', 3, 5)],
  ['kept', tensor('F16', 3, 3)],
  ['none', tensor('F32', 0, 4)],
  ['b "quoted" ü', tensor('F32', 1)],
]);
const file = Buffer.concat(encodeSafetensors(tensors));
const header = (bytes: Buffer) => bytes.toString('utf8', 8, 8 + Number(bytes.readBigUInt64LE(0)));

/** A file with another header before the same data. */
function withHeader(json: string): Buffer {
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(Buffer.byteLength(json)));
  return Buffer.concat([length, Buffer.from(json), file.subarray(8 + Buffer.byteLength(header(file)))]);
}

describe('safetensors', () => {
  it('reads what it wrote', () => {
    const read = decodeSafetensors(file, 'model.safetensors');
    expect([...read.keys()]).toEqual([...tensors.keys()]);
    for (const [name, { dtype, shape, bytes }] of tensors) {
      expect(read.get(name)).toMatchObject({ dtype, shape });
      expect([...read.get(name)!.bytes], name).toEqual([...bytes]);
    }
  });

  it('reads a file at any place of a buffer', () => {
    const moved = Buffer.concat([Buffer.from('xyz'), file]).subarray(3);
    expect([...decodeSafetensors(moved, '').get('kept')!.bytes]).toEqual([...tensors.get('kept')!.bytes]);
  });

  it('has the layout of the format: the data begins at a multiple of 8, in the order of the header', () => {
    expect(Number(file.readBigUInt64LE(0)) % 8).toBe(0);
    expect(JSON.parse(header(file))).toMatchObject({
      'a.weight': { dtype: 'F32', shape: [3, 5], data_offsets: [0, 60] },
      kept: { dtype: 'F16', shape: [3, 3], data_offsets: [60, 78] },
      none: { shape: [0, 4], data_offsets: [78, 78] },
    });
  });

  it('writes no tensors', () => {
    expect(decodeSafetensors(Buffer.concat(encodeSafetensors(new Map())), '').size).toBe(0);
  });

  it('reads the metadata that it wrote, and the tensors beside them', () => {
    const metadata = { format: 'test', meta: '{"quoted": "ü"}', shape: '' };
    const noted = Buffer.concat(encodeSafetensors(tensors, metadata));
    expect(JSON.parse(header(noted))).toMatchObject({ __metadata__: metadata, kept: { dtype: 'F16' } });
    expect(decodeMetadata(noted, '')).toEqual(metadata);
    expect(decodeSafetensors(noted, '')).toEqual(decodeSafetensors(file, ''));
    expect(decodeMetadata(file, '')).toEqual({});
    expect(header(file)).not.toContain('metadata');
  });

  it('reads a file that another library wrote, with metadata and spaces', () => {
    const json = JSON.parse(header(file));
    const other = withHeader(`${JSON.stringify({ ...json, __metadata__: { format: 'pt' } }, null, 2)}\n  `);
    expect(decodeSafetensors(other, '')).toEqual(decodeSafetensors(file, ''));
    expect(decodeMetadata(other, '')).toEqual({ format: 'pt' });
  });

  const edited = (edit: (entry: Record<string, unknown>) => void) => {
    const json = JSON.parse(header(file));
    edit(json['a.weight']);
    return withHeader(JSON.stringify(json));
  };
  const huge = Buffer.from(file);
  huge.writeBigUInt64LE(2n ** 63n);
  const broken: Record<string, Buffer> = {
    nothing: Buffer.alloc(0),
    'a length that is cut': file.subarray(0, 7),
    'a header that is cut': file.subarray(0, 40),
    'data that are cut by a byte': file.subarray(0, file.length - 1),
    'a length beyond the file': huge,
    'a length of 0': Buffer.alloc(64),
    'no JSON': withHeader('{"a": }'),
    'another JSON': withHeader('[1, 2]'),
    'metadata that are no strings': withHeader('{"__metadata__": {"epoch": 3}}'),
    'metadata in the place of a tensor': withHeader('{"a.weight": {"format": "pt"}}'),
    'a number type that we do not write': edited((entry) => Object.assign(entry, { dtype: 'BF16' })),
    'a shape that does not fit its bytes': edited((entry) => Object.assign(entry, { shape: [3, 6] })),
    'a negative shape': edited((entry) => Object.assign(entry, { shape: [-3, -5] })),
    'a fraction in a shape': edited((entry) => Object.assign(entry, { shape: [1.5, 10] })),
    'a tensor that ends before it begins': edited((entry) => Object.assign(entry, { data_offsets: [60, 0] })),
    'a tensor beyond the file': edited((entry) =>
      Object.assign(entry, { data_offsets: [10 ** 6, 10 ** 6 + 60] }),
    ),
    'a tensor without a place': edited((entry) => delete entry.data_offsets),
    'random bytes': Buffer.from(numbers(64, seeded()).buffer),
  };
  it.each(Object.entries(broken))('refuses a file with %s, and names it', (_, bytes) => {
    let found: unknown;
    try {
      decodeSafetensors(bytes, 'models/x/model.safetensors');
    } catch (error) {
      found = error;
    }
    expect(found).toBeInstanceOf(TaggerError);
    expect(found).toMatchObject({ code: 'E_MODEL' });
    expect((found as TaggerError).message).toContain('models/x/model.safetensors');
  });
});
