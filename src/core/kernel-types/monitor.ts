/** What monitors measure. Shapes are in `src/kernels/monitor.ts`. */
import type { Pointer } from './pointer.js';

export interface MonitorKernels {
  row_norms(m: number, n: number, x: Pointer, xRow: number, out: Pointer): void;
  count_outside(m: number, n: number, x: Pointer, xRow: number, low: number, high: number): number;
  squared_distance(n: number, x: Pointer, y: Pointer): number;
}
