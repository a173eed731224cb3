/** Counts under headings, in columns. */
export class Tally {
  private readonly tables = new Map<string, Map<string, Map<string, number>>>();

  public add(table: string, row: string, column = ''): void {
    const rows = this.tables.get(table) ?? new Map<string, Map<string, number>>();
    this.tables.set(table, rows);
    const columns = rows.get(row) ?? new Map<string, number>();
    rows.set(row, columns);
    columns.set(column, (columns.get(column) ?? 0) + 1);
  }

  public print(): void {
    for (const [title, rows] of this.tables) {
      console.log(`\n${title}`);
      const sum = (columns: Map<string, number>) => [...columns.values()].reduce((a, b) => a + b, 0);
      const all = [...rows.values()].reduce((total, columns) => total + sum(columns), 0);
      for (const [row, columns] of [...rows].sort((a, b) => (a[0] < b[0] ? -1 : 1))) {
        const detail = [...columns]
          .sort()
          .filter(([name]) => name)
          .map(([name, n]) => `${name} ${n}`);
        const share = detail.length ? detail.join(', ') : `${((100 * sum(columns)) / all).toFixed(1)} %`;
        console.log(`  ${row.padEnd(38)} ${String(sum(columns)).padStart(8)}  ${share}`);
      }
    }
    console.log();
  }
}
