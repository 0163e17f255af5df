import type {DatabaseFacts, TableFacts} from './manifest.ts';
import {isSequenceBehind} from './sequence-value.ts';

/** What a table turned out to hold. */
export type TableProof = Pick<TableFacts, 'rows' | 'hash'>;

/** A table by its names, with its proof. */
export type ProvedTable = Named & TableProof;

/** How a table differs from the one in a manifest; `table` is its schema and name, as they came. */
export type TableDifference = {readonly table: string} & (
	| {readonly what: 'missing'; readonly wanted: number}
	| {readonly what: 'extra'}
	| {readonly what: 'rows'; readonly wanted: number; readonly found: number}
	/** The sums of the hashes of the rows; `found` is empty where the rows were only counted. */
	| {readonly what: 'content'; readonly wanted: string; readonly found: string}
);

/** A sequence that is missing or behind the one in a manifest. */
export type SequenceDifference = {
	readonly sequence: string;
	readonly wanted: string;
	/** Undefined where it is missing. */
	readonly found: string | undefined;
};

type Named = Pick<TableFacts, 'schema' | 'name'>;
type Sequence = DatabaseFacts['sequences'][number];

/** What tells one table or sequence from another, whatever characters their names have. */
export function nameKey({schema, name}: Named): string {
	return JSON.stringify([schema, name]);
}

const said = ({schema, name}: Named) => `${schema}.${name}`;

/** Compares one table with that of a manifest: its rows, and its hash where the manifest has one. Undefined: equal. */
export function compareTable(
	wanted: ProvedTable,
	found: TableProof | undefined,
): TableDifference | undefined {
	const table = said(wanted);
	if (found === undefined) return {table, what: 'missing', wanted: wanted.rows};
	if (found.rows !== wanted.rows) {
		return {table, what: 'rows', wanted: wanted.rows, found: found.rows};
	}

	return wanted.hash !== undefined && wanted.hash !== found.hash
		? {table, what: 'content', wanted: wanted.hash, found: found.hash ?? ''}
		: undefined;
}

/** The tables that no manifest names. */
export function extraTables<Found extends Named>(
	wanted: readonly Named[],
	found: readonly Found[],
): readonly Found[] {
	const known = new Set(wanted.map(nameKey));
	return found.filter(table => !known.has(nameKey(table)));
}

/** Compares all tables with those of a manifest. Empty: equal. */
export function compareTables(
	wanted: readonly ProvedTable[],
	found: readonly ProvedTable[],
): readonly TableDifference[] {
	const now = new Map(found.map(table => [nameKey(table), table]));
	return [
		...wanted.flatMap(table => compareTable(table, now.get(nameKey(table))) ?? []),
		...extraTables(wanted, found).map(table => ({table: said(table), what: 'extra'}) as const),
	];
}

/** The sequences that are missing or behind those of a manifest. */
export function compareSequences(
	wanted: readonly Sequence[],
	found: readonly Pick<Sequence, 'schema' | 'name' | 'lastValue'>[],
): readonly SequenceDifference[] {
	const now = new Map(found.map(sequence => [nameKey(sequence), sequence.lastValue]));
	return wanted
		.filter(sequence => isSequenceBehind(sequence, now.get(nameKey(sequence))))
		.map(sequence => ({
			sequence: said(sequence),
			wanted: sequence.lastValue,
			found: now.get(nameKey(sequence)),
		}));
}
