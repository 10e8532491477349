/** The typed face of the kernels. Pointers are byte offsets into the engine's memory; shapes are in `src/kernels`. */
import { readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';

type Pointer = number;

export interface Kernels {
  pack(k: number, n: number, b: Pointer, bRow: number, packed: Pointer): void;
  pack_transposed(k: number, n: number, s: Pointer, sRow: number, packed: Pointer): void;
  matmul(
    m: number,
    n: number,
    k: number,
    a: Pointer,
    aRow: number,
    aCol: number,
    packed: Pointer,
    c: Pointer,
    cRow: number,
    accumulate: boolean,
  ): void;
  exp(n: number, x: Pointer, y: Pointer): void;
  sigmoid(n: number, x: Pointer, y: Pointer): void;
  tanh(n: number, x: Pointer, y: Pointer): void;
  fill_rows(m: number, n: number, b: Pointer, y: Pointer, yRow: number): void;
  add_columns(m: number, n: number, x: Pointer, xRow: number, out: Pointer): void;
  add(n: number, x: Pointer, y: Pointer): void;
  copy_rows(m: number, n: number, x: Pointer, xRow: number, y: Pointer, yRow: number): void;
  sum_squares(n: number, x: Pointer): number;
  reduce_blocks(n: number, count: number, x: Pointer, stride: number): number;
  dropout(n: number, x: Pointer, rate: number, key0: number, key1: number): void;
  gather(
    n: number,
    dim: number,
    ids: Pointer,
    table: Pointer,
    rows: number,
    halves: Pointer,
    out: Pointer,
    outRow: number,
  ): void;
  scatter_add(n: number, dim: number, slots: Pointer, dy: Pointer, dyRow: number, sums: Pointer): void;
  char_max(
    w: number,
    f: number,
    pad: number,
    starts: Pointer,
    y: Pointer,
    bias: Pointer,
    winners: Pointer,
    out: Pointer,
    outRow: number,
  ): void;
  char_max_backward(
    w: number,
    f: number,
    dim: number,
    span: number,
    pad: number,
    winners: Pointer,
    dy: Pointer,
    dyRow: number,
    x: Pointer,
    filters: Pointer,
    dx: Pointer,
    dFilters: Pointer,
  ): void;
  lstm_forward(
    t: number,
    steps: Pointer,
    reverse: boolean,
    units: number,
    z: Pointer,
    u: Pointer,
    h: Pointer,
    hRow: number,
    c: Pointer,
    s: Pointer,
  ): void;
  lstm_backward(
    t: number,
    steps: Pointer,
    reverse: boolean,
    units: number,
    z: Pointer,
    uT: Pointer,
    dh: Pointer,
    dhRow: number,
    c: Pointer,
    s: Pointer,
    dc: Pointer,
  ): void;
  shift_rows(
    t: number,
    steps: Pointer,
    reverse: boolean,
    units: number,
    h: Pointer,
    hRow: number,
    before: Pointer,
  ): void;
  crf_weights(k: number, scores: Pointer, out: Pointer, transposed: Pointer): void;
  exp_rows_wide(n: number, k: number, e: Pointer, out: Pointer, shift: Pointer): void;
  crf_forward(
    t: number,
    steps: Pointer,
    k: number,
    start: Pointer,
    transitions: Pointer,
    stop: Pointer,
    E: Pointer,
    alpha: Pointer,
    scale: Pointer,
    z: Pointer,
  ): void;
  crf_backward(
    t: number,
    steps: Pointer,
    k: number,
    transposed: Pointer,
    stop: Pointer,
    E: Pointer,
    alpha: Pointer,
    scale: Pointer,
    z: Pointer,
    beta: Pointer,
    posteriors: Pointer,
    w: Pointer,
  ): void;
  crf_counts(
    t: number,
    steps: Pointer,
    k: number,
    transitions: Pointer,
    alpha: Pointer,
    w: Pointer,
    before: Pointer,
    sums: Pointer,
    counts: Pointer,
  ): void;
  crf_gold(
    t: number,
    steps: Pointer,
    k: number,
    tags: Pointer,
    e: Pointer,
    start: Pointer,
    transitions: Pointer,
    stop: Pointer,
    dE: Pointer,
    dStart: Pointer,
    dTransitions: Pointer,
    dStop: Pointer,
    gold: Pointer,
  ): void;
  viterbi(
    t: number,
    steps: Pointer,
    k: number,
    e: Pointer,
    start: Pointer,
    transitions: Pointer,
    stop: Pointer,
    delta: Pointer,
    back: Pointer,
    tags: Pointer,
  ): void;
  softmax_rows(n: number, k: number, x: Pointer, y: Pointer, sums: Pointer, shift: Pointer): void;
  subtract_gold(n: number, k: number, tags: Pointer, dy: Pointer): void;
  sgd(
    n: number,
    p: Pointer,
    g: Pointer,
    v: Pointer,
    scale: number,
    rate: number,
    momentum: number,
    decay: number,
  ): void;
  sgd_rows(
    count: number,
    dim: number,
    ids: Pointer,
    table: Pointer,
    g: Pointer,
    v: Pointer,
    scale: number,
    rate: number,
    momentum: number,
    decay: number,
  ): void;
  adam(
    n: number,
    p: Pointer,
    g: Pointer,
    m: Pointer,
    v: Pointer,
    scale: number,
    rate: number,
    beta1: number,
    beta2: number,
    epsilon: number,
    penalty: number,
    shrink: number,
  ): void;
  adam_rows(
    count: number,
    dim: number,
    ids: Pointer,
    table: Pointer,
    g: Pointer,
    m: Pointer,
    v: Pointer,
    scale: number,
    rate: number,
    beta1: number,
    beta2: number,
    epsilon: number,
    penalty: number,
    shrink: number,
  ): void;
}

export type Build = 'relaxed' | 'plain';

/** Lets V8 of Node 20 compile relaxed SIMD, which later versions do by themselves; must run before the first compilation. */
function allowRelaxedSimd(): void {
  if (Number(process.versions.node.split('.')[0]) < 22)
    setFlagsFromString('--experimental-wasm-relaxed-simd');
}

/**
 * Compiles and links the kernels over a shared memory: the relaxed build where the machine takes it, else (or on
 * request) the plain one, whose results are the same bits everywhere.
 */
export function loadKernels(memory: WebAssembly.Memory, wanted?: Build): { build: Build; kernels: Kernels } {
  allowRelaxedSimd();
  const relaxed = wanted === 'plain' ? undefined : readBuild('relaxed');
  const build = relaxed && WebAssembly.validate(relaxed) ? 'relaxed' : 'plain';
  const bytes = build === 'relaxed' && relaxed ? relaxed : readBuild('plain');
  const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } });
  return { build, kernels: instance.exports as unknown as Kernels };
}

function readBuild(build: Build): Uint8Array<ArrayBuffer> {
  return new Uint8Array(readFileSync(new URL(`../../wasm/${build}.wasm`, import.meta.url)));
}
