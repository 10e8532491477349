/** Everything that the library may call. Kernels allocate nothing, keep no state and own no data. */
export { attention_forward, attention_room, attention_work } from './attention';
export { attention_backward } from './attention-backward';
export { beam_select } from './beam';
export { char_max, char_max_backward } from './char-cnn';
export { conv_backward, conv_forward } from './convolution';
export { crf_backward, crf_counts, crf_forward, crf_gold, crf_weights, exp_rows_wide } from './crf';
export { gru_backward, gru_forward } from './gru';
export { gelu, gelu_backward } from './gelu';
export { layer_norm, layer_norm_backward } from './layer-norm';
export { gather, gather_add, scatter_add } from './embedding';
export { lstm_backward, lstm_cells, lstm_forward } from './lstm';
export { highway, highway_backward } from './highway';
export { exp, sigmoid, tanh } from './math';
export { mask_rows, scale_rows } from './mask';
export { matmul } from './matmul';
export { count_outside, row_norms, squared_distance } from './monitor';
export { pack, pack_transposed } from './pack';
export { edge_1, edge_2, edge_5, edge_6, tile_1, tile_1x5, tile_2, tile_2x2, tile_5, tile_6 } from './tiles';
export { matmul64, pack64, tile64_1, tile64_2, tile64_3, tile64_4 } from './matmul64';
export { adam, adam_rows, sgd, sgd_rows } from './optimizer';
export { dropout } from './random';
export { last_rows } from './recurrence';
export { rnn_backward, rnn_forward } from './rnn';
export {
  add, add_columns, add_rows, approach, clamp, copy_rows, fill_rows, pick_rows, reduce_blocks, sum_squares,
} from './vector';
export { softmax_rows, subtract_target } from './softmax';
export { viterbi } from './viterbi';
