/** Copies of a weight matrix in the layout that the matrix product reads, made anew only after the weights changed. */
import type { Parameter, Params } from './params.js';
import type { Run } from './run.js';

/** Bytes of a packed matrix of k rows and n columns. */
export function packedBytes(k: number, n: number): number {
  return k * Math.ceil(n / 8) * 32;
}

type Layout = 'plain' | 'transposed';

export class Packed {
  private readonly parameter: Parameter;
  private readonly copies: Record<Layout, { address: number; version: number }> = {
    plain: { address: 0, version: -1 },
    transposed: { address: 0, version: -1 },
  };

  /** `parameter` is a matrix [rows × cols]. */
  constructor(parameter: Parameter) {
    this.parameter = parameter;
  }

  /** Address of the matrix as a right factor. */
  plain(run: Run): number {
    const [rows, cols] = this.parameter.shape;
    return this.fresh('plain', run.params, packedBytes(rows, cols), (address) =>
      run.kernels.pack(rows, cols, run.params.address(this.parameter), cols, address),
    );
  }

  /** Address of its transpose as a right factor. */
  transposed(run: Run): number {
    const [rows, cols] = this.parameter.shape;
    return this.fresh('transposed', run.params, packedBytes(cols, rows), (address) =>
      run.kernels.pack_transposed(cols, rows, run.params.address(this.parameter), cols, address),
    );
  }

  private fresh(layout: Layout, params: Params, bytes: number, fill: (address: number) => void): number {
    const copy = this.copies[layout];
    if (copy.address === 0) copy.address = params.reserve(bytes);
    if (copy.version !== params.version) {
      fill(copy.address);
      copy.version = params.version;
    }
    return copy.address;
  }
}
