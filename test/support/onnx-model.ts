/** Token classifiers in ONNX, as small as they get: one table with a row of logits for every piece. */
import { wordPieceTokenizer } from './checkpoint.js';
import type { Files } from './workspace.js';

const SPECIAL = ['[PAD]', '[UNK]', '[CLS]', '[SEP]'];

interface Classifier {
  /** The label of every piece, in lower case; words of others are unknown. */
  readonly pieces: Readonly<Record<string, string>>;
  /** The label of unknown pieces. */
  readonly unknown: string;
  /** Pieces that fit, with the two at the ends. */
  readonly positions: number;
}

/** The folder of such a model, below `folder`. */
export function onnxFiles(folder: string, { pieces, unknown, positions }: Classifier): Files {
  const vocabulary = [...SPECIAL, ...Object.keys(pieces)];
  const labels = [...new Set([unknown, ...Object.values(pieces)])];
  const labelOf = (piece: string) => pieces[piece] ?? unknown;
  const logits = vocabulary.flatMap((piece) => labels.map((label) => Number(label === labelOf(piece))));
  const json = {
    'config.json': {
      model_type: 'bert',
      architectures: ['BertForTokenClassification'],
      max_position_embeddings: positions,
      id2label: { ...labels },
    },
    'tokenizer_config.json': { tokenizer_class: 'BertTokenizer', model_max_length: positions },
    'tokenizer.json': wordPieceTokenizer(vocabulary),
  };
  return {
    ...Object.fromEntries(
      Object.entries(json).map(([name, value]) => [`${folder}/${name}`, JSON.stringify(value)]),
    ),
    [`${folder}/onnx/model.onnx`]: modelOf(logits, [vocabulary.length, labels.length]),
  };
}

/** Numbers of the fields are those of onnx.proto. */
function modelOf(logits: readonly number[], dims: readonly number[]): Uint8Array {
  const table = message(
    ...dims.map((dim) => number(1, dim)),
    number(2, FLOAT),
    text(8, 'table'),
    bytes(9, new Uint8Array(Float32Array.from(logits).buffer)),
  );
  const inputs = ['input_ids', 'attention_mask', 'token_type_ids'].map((name) =>
    bytes(11, typed(name, INT64, ['batch', 'pieces'])),
  );
  const graph = message(
    bytes(1, message(text(1, 'table'), text(1, 'input_ids'), text(2, 'logits'), text(4, 'Gather'))),
    text(2, 'graph'),
    bytes(5, table),
    ...inputs,
    bytes(12, typed('logits', FLOAT, ['batch', 'pieces', 'labels'])),
  );
  return message(number(1, 8), bytes(7, graph), bytes(8, message(text(1, ''), number(2, 13))));
}

const [FLOAT, INT64] = [1, 7];

function typed(name: string, type: number, dims: readonly string[]): Uint8Array {
  const shape = message(...dims.map((dim) => bytes(1, message(text(2, dim)))));
  return message(text(1, name), bytes(2, message(bytes(1, message(number(1, type), bytes(2, shape))))));
}

const message = (...fields: Uint8Array[]): Uint8Array => Buffer.concat(fields);

const number = (field: number, value: number): Uint8Array =>
  Buffer.concat([varint(field << 3), varint(value)]);

const bytes = (field: number, content: Uint8Array): Uint8Array =>
  Buffer.concat([varint((field << 3) | 2), varint(content.length), content]);

const text = (field: number, content: string): Uint8Array => bytes(field, Buffer.from(content));

function varint(value: number): Uint8Array {
  const out: number[] = [];
  for (let left = value; ; left >>>= 7) {
    if (left < 128) return Uint8Array.from([...out, left]);
    out.push((left & 127) | 128);
  }
}
