import process from 'node:process';

/**
 * The size of the terminal in characters. A serial line and some programs give a terminal without a size (0 x 0): then
 * COLUMNS and LINES count, else 80 x 24, and everything else in this process sees that size too.
 */
export function readWindowSize(): {readonly columns: number; readonly rows: number} {
	const {stdout, env} = process;
	const {COLUMNS: columns, LINES: lines} = env;
	if (!(stdout.columns > 0)) stdout.columns = Math.trunc(Number(columns)) || 80;
	if (!(stdout.rows > 0)) stdout.rows = Math.trunc(Number(lines)) || 24;
	return {columns: stdout.columns, rows: stdout.rows};
}
