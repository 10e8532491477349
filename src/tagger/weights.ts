/** Between a network's parameters and tensors by name. */
import { TaggerError } from '../core/errors.js';
import type { Tensor } from '../core/safetensors.js';
import type { HalfRows } from '../embeddings/embedding.js';
import type { Network } from './network.js';

/** The parameters as tensors, copied: their memory is shared, which files and hashes do not take. */
export function weightsOf({ params }: Network): Map<string, Tensor> {
  const tensors = new Map<string, Tensor>();
  const add = (name: string, shape: readonly number[], values: Float32Array) => {
    tensors.set(name, { dtype: 'F32', shape, bytes: new Uint8Array(values.slice().buffer) });
  };
  for (const parameter of params.dense) add(parameter.name, parameter.shape, params.values(parameter));
  for (const table of params.tables) add(table.name, [table.rows, table.dim], params.tableValues(table));
  return tensors;
}

/** Fills the parameters. Throws E_MODEL when a tensor is missing or has another shape. */
export function setWeights({ params }: Network, tensors: ReadonlyMap<string, Tensor>, file: string): void {
  const fill = (name: string, shape: readonly number[], values: Float32Array) => {
    const tensor = tensors.get(name);
    if (tensor?.dtype !== 'F32' || tensor.shape.join() !== shape.join()) {
      throw new TaggerError('E_MODEL', {
        message: `tensor ${name} does not fit the model's config`,
        place: { file },
        expected: `F32 [${shape}]`,
        found: tensor ? `${tensor.dtype} [${tensor.shape}]` : 'no such tensor',
      });
    }
    new Uint8Array(values.buffer, values.byteOffset, values.byteLength).set(tensor.bytes);
  };
  for (const parameter of params.dense) fill(parameter.name, parameter.shape, params.values(parameter));
  for (const table of params.tables) fill(table.name, [table.rows, table.dim], params.tableValues(table));
  params.version++;
}

export function tensorOf({ rows, dim, values }: HalfRows): Tensor {
  return {
    dtype: 'F16',
    shape: [rows, dim],
    bytes: new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
  };
}

export function halfRowsOf(tensor: Tensor): HalfRows {
  const [rows, dim] = tensor.shape;
  // Copied where needed, since a view of 16-bit numbers starts at an even address.
  const bytes = tensor.bytes.byteOffset % 2 === 0 ? tensor.bytes : new Uint8Array(tensor.bytes);
  return { rows, dim, values: new Uint16Array(bytes.buffer, bytes.byteOffset, rows * dim) };
}
