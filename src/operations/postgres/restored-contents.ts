import type {DatabaseFacts} from '../../domain/manifest.ts';
import {clean} from '../../domain/clean.ts';
import {
	compareSequences,
	compareTable,
	extraTables,
	type ProvedTable,
	type TableDifference,
	type TableProof,
} from '../../domain/compare-tables.ts';
import {sequencesSql, tablesSql} from '../../domain/database-facts-sql.ts';
import {listOf, objectOf, textOf, textsOf} from '../../domain/unknown.ts';

/** The tables and sequences that a backup counts, and invalid indexes, of a database as one JSON value. */
export const contentsSql = `
SELECT /* opsconsole */ json_build_object(
	'tables', (SELECT json_agg(json_build_array(x.schema, x.name)) FROM (${tablesSql}) x),
	'sequences', (SELECT json_agg(json_build_array(x.schema, x.name, x."lastValue")) FROM (${sequencesSql}) x),
	'invalid', (SELECT json_agg(i.indexrelid::regclass::text) FROM pg_index i WHERE NOT i.indisvalid)
) AS value`;

/** A difference between what was backed up and what is there, for the operator. */
export type Difference = {
	readonly what: string;
	readonly expected: string;
	readonly found: string;
};

/** What `contentsSql` found. */
export type Contents = {
	readonly tables: readonly {readonly schema: string; readonly name: string}[];
	readonly sequences: readonly {
		readonly schema: string;
		readonly name: string;
		readonly lastValue: string;
	}[];
	readonly invalid: readonly string[];
};

/** Reads the answer of `contentsSql`. */
export function contentsOf(value: unknown): Contents {
	const found = objectOf(value);
	const rows = (name: string) => listOf(found[name]).map(listOf);
	return {
		tables: rows('tables').map(([schema, name]) => ({schema: textOf(schema), name: textOf(name)})),
		sequences: rows('sequences').map(([schema, name, last]) => ({
			schema: textOf(schema),
			name: textOf(name),
			lastValue: textOf(last),
		})),
		invalid: textsOf(found['invalid']),
	};
}

const nameOf = (text: string) => clean(text, 140);

function sayDifference(difference: TableDifference): Difference {
	const what = nameOf(difference.table);
	switch (difference.what) {
		case 'missing':
			return {what, expected: String(difference.wanted), found: 'absent'};
		case 'extra':
			return {what, expected: 'absent', found: 'present'};
		case 'rows':
			return {what, expected: String(difference.wanted), found: String(difference.found)};
		case 'content':
			return {what, expected: `#${difference.wanted}`, found: `#${difference.found}`};
	}
}

/** Compares one table; undefined where it is equal. */
export function differenceOf(
	wanted: ProvedTable,
	found: TableProof | undefined,
): Difference | undefined {
	const difference = compareTable(wanted, found);
	return difference && sayDifference(difference);
}

/** Compares everything but the rows: which tables and sequences there are, how far sequences are, broken indexes. */
export function compareContents(
	expected: Pick<DatabaseFacts, 'tables' | 'sequences'>,
	found: Contents,
): readonly Difference[] {
	return [
		...extraTables(expected.tables, found.tables).map(({schema, name}) =>
			sayDifference({table: `${schema}.${name}`, what: 'extra'}),
		),
		...compareSequences(expected.sequences, found.sequences).map(
			({sequence, wanted, found: now}) => ({
				what: nameOf(sequence),
				expected: wanted,
				found: now ?? 'absent',
			}),
		),
		...found.invalid.map(name => ({what: nameOf(name), expected: 'valid', found: 'invalid'})),
	];
}
