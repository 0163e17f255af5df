import {rowsOfFirst} from './handbook-rows/first.ts';
import {rowsOfFifth} from './handbook-rows/fifth.ts';
import {rowsOfFourth} from './handbook-rows/fourth.ts';
import type {HandbookRow} from './handbook-rows/row.ts';
import {rowsOfSecond} from './handbook-rows/second.ts';
import {rowsOfThird} from './handbook-rows/third.ts';

/** The handbooks by the first part of their rows, and how many rows each has. */
export const handbooks = {
	H1: {title: 'football-prediction', rows: 29},
	H2: {title: 'learning-platform', rows: 24},
	H3: {title: 'stock-analysis', rows: 24},
	H4: {title: 'app-example', rows: 20},
	H5: {title: 'fund-calc', rows: 16},
} as const;

/** What serves each row of the five handbooks; docs/handbooks.md is made from it. */
export const handbookRows: readonly HandbookRow[] = [
	...rowsOfFirst,
	...rowsOfSecond,
	...rowsOfThird,
	...rowsOfFourth,
	...rowsOfFifth,
];
