// rows.ts - how many rows a part of a CSV file has; a quoted cell may go over
// several lines.
export function countRows(csv: string): number {
  let rows = 0;
  let isQuoted = false;
  for (let at = 0; at < csv.length; at++) {
    const c = csv.charCodeAt(at);
    if (c === 34) isQuoted = !isQuoted;
    else if (c === 10 && !isQuoted) rows++;
  }
  return rows;
}
