/** A row-major matrix of floats in the engine's memory. `stride` is the distance of its rows in floats. */
export interface Matrix {
  readonly address: number;
  readonly rows: number;
  readonly cols: number;
  readonly stride: number;
}

export function matrix(address: number, rows: number, cols: number, stride = cols): Matrix {
  return { address, rows, cols, stride };
}

/** Columns `from` … `from + cols − 1`, in place. */
export function columns(whole: Matrix, from: number, cols: number): Matrix {
  return { address: whole.address + from * 4, rows: whole.rows, cols, stride: whole.stride };
}

/** The rows from `first` on, in place. */
export function rowsFrom(whole: Matrix, first: number): Matrix {
  const { address, rows, cols, stride } = whole;
  return { address: address + first * stride * 4, rows: rows - first, cols, stride };
}
