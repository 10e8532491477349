/** CSV and TSV with a header row: a row is a document, one of its cells the text. */
import { parseString } from 'fast-csv';
import type { Position } from '../source.js';
import { cutLines } from './byte-lines.js';
import { groupRows, type RowOptions } from './csv-rows.js';
import { documentError, textOf, type Undecoded, withId } from './decoding.js';
import { givenId, identify, textField } from './fields.js';
import type { SourceKind } from './kind.js';

type Delimiter = RowOptions['delimiter'];
type Cells = (record: Undecoded) => Promise<string[]>;

export const csv = delimited('.csv', ',');
export const tsv = delimited('.tsv', '\t');

function delimited(ending: string, delimiter: Delimiter): SourceKind {
  return {
    endings: [ending],
    cutter: ({ quotes }, limits) => cutLines(groupRows({ delimiter, quotes, limits }), limits.row),
    decoder(options) {
      const cells = cellsWith(delimiter, options.quotes);
      const namesOf = remembering(cells);
      return async (record) => {
        const { position } = record;
        const names = await namesOf(record);
        const row = await cells(record);
        if (row.length !== names.length) throw ragged(position, names, row);
        // A column without a name, such as the index that pandas writes, has no field to pass it through in.
        const fields = Object.fromEntries(
          names.map((name, i) => [name, row[i]]).filter(([name]) => name !== ''),
        );
        const { [options.idField]: id, ...others } = fields;
        const identity = identify(position, id === '' ? others : fields, options);
        const text = withId(givenId(identity), () => textField(position, fields, options));
        return { ...identity, text, sentences: [] };
      };
    },
  };
}

/** The names of columns, parsed again only where the header is another one than that of the record before. */
function remembering(cells: Cells): Cells {
  let last: Uint8Array | undefined;
  let names: Promise<string[]> = Promise.resolve([]);
  return ({ position, head = new Uint8Array() }) => {
    if (!last || Buffer.compare(last, head) !== 0) {
      const place = { ...position, offset: 0, line: 0 };
      names = cells({ position: place, bytes: head }).then((all) => unique(place, all));
      last = head;
    }
    return names;
  };
}

function unique(position: Position, names: string[]): string[] {
  const twice = names.find((name, i) => name !== '' && names.indexOf(name) < i);
  if (twice === undefined) return names;
  const expected = 'a name of its own for every column';
  throw documentError(position, { message: 'two columns have the same name', expected, found: twice });
}

/** Throws E_DOCUMENT where the bytes are not one row. */
function cellsWith(delimiter: Delimiter, quotes: boolean): Cells {
  const options = { headers: false, delimiter, quote: quotes ? '"' : null };
  return (record) => {
    const text = textOf(record);
    const rows: string[][] = [];
    const fail = (problem: { message: string; expected: string; found: string }) =>
      documentError(record.position, problem);
    return new Promise((resolve, reject) => {
      parseString(text, options)
        .on('data', (row: string[]) => rows.push(row))
        .on('error', ({ message }) =>
          reject(fail({ message: 'this is no row', expected: 'a row of CSV', found: message })),
        )
        .on('end', () => {
          if (rows.length === 1) resolve(rows[0]);
          const expected = 'one row; a line end inside of a cell needs quotes around it';
          reject(fail({ message: 'a carriage return cuts the row', expected, found: `${rows.length} rows` }));
        });
    });
  };
}

function ragged(position: Position, names: readonly string[], row: readonly string[]) {
  const rest =
    row.length < names.length
      ? `none for ${names.slice(row.length).join(', ')}`
      : `the last are ${JSON.stringify(row.slice(names.length))}`;
  return documentError(position, {
    message: row.length < names.length ? 'the row has too few cells' : 'the row has too many cells',
    expected: `${names.length} cells: ${names.join(', ')}`,
    found: `${row.length} cells, ${rest}`,
    hint: 'a cell with a separator or a line end in it needs quotes around it',
  });
}
