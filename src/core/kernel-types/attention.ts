/** Self-attention of a sentence. Shapes are in `src/kernels`. */
import type { Pointer } from './pointer.js';

export interface AttentionKernels {
  attention_room(t: number): number;
  attention_work(t: number, size: number): number;
  attention_forward(
    t: number,
    heads: number,
    size: number,
    scale: number,
    qkv: Pointer,
    row: number,
    content: Pointer,
    position: Pointer,
    distances: Pointer,
    longest: number,
    rate: number,
    key0: number,
    key1: number,
    p: Pointer,
    next: number,
    out: Pointer,
    outRow: number,
    work: Pointer,
  ): void;
  attention_backward(
    t: number,
    heads: number,
    size: number,
    scale: number,
    qkv: Pointer,
    row: number,
    content: Pointer,
    distances: Pointer,
    longest: number,
    rate: number,
    key0: number,
    key1: number,
    p: Pointer,
    next: number,
    dOut: Pointer,
    dOutRow: number,
    dqkv: Pointer,
    dRow: number,
    dContent: Pointer,
    dPosition: Pointer,
    work: Pointer,
  ): void;
}
