/** Copies of a weight matrix [rows × cols] in the layout that the matrix product reads. */
import type { Derived } from './derived.js';
import type { Parameter, Params } from './params.js';

/** Bytes of a packed matrix of k rows and n columns. */
export function packedBytes(k: number, n: number): number {
  return k * Math.ceil(n / 8) * 32;
}

/** The matrix as a right factor. */
export function packed(params: Params, parameter: Parameter): Derived {
  const [rows, cols] = parameter.shape;
  return params.derive(packedBytes(rows, cols), (kernels, address) =>
    kernels.pack(rows, cols, params.address(parameter), cols, address),
  );
}

/** Its transpose as a right factor. */
export function packedTransposed(params: Params, parameter: Parameter): Derived {
  const [rows, cols] = parameter.shape;
  return params.derive(packedBytes(cols, rows), (kernels, address) =>
    kernels.pack_transposed(cols, rows, params.address(parameter), cols, address),
  );
}
