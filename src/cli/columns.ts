/** Rows of text in columns: the first to the left, the others to the right, or all to the left. */
export function formatColumns(rows: readonly (readonly string[])[], isText = false): string {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const line = (row: readonly string[]) =>
    row.map((cell, i) => (i === 0 || isText ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join('  ');
  return rows.map((row) => line(row).trimEnd()).join('\n');
}
