import type {DatabaseFacts} from '../../domain/manifest.ts';
import {clean} from '../../domain/clean.ts';
import {sequencesSql, tablesSql} from '../../domain/database-facts-sql.ts';
import {isSequenceBehind} from '../../domain/sequence-value.ts';

/** The tables and sequences that a backup counts, and invalid indexes, of a database as one JSON value. */
export const contentsSql = `
SELECT /* opsconsole */ json_build_object(
	'tables', (SELECT json_agg(json_build_array(x.schema, x.name)) FROM (${tablesSql}) x),
	'sequences', (SELECT json_agg(json_build_array(x.schema, x.name, x."lastValue")) FROM (${sequencesSql}) x),
	'invalid', (SELECT json_agg(i.indexrelid::regclass::text) FROM pg_index i WHERE NOT i.indisvalid)
) AS value`;

/** What a table turned out to hold. */
export type TableProof = {readonly rows: number; readonly hash?: string};

/** A difference between what was backed up and what is there, for the operator. */
export type Difference = {
	readonly what: string;
	readonly expected: string;
	readonly found: string;
};

/** Compares one table; undefined where it is equal. */
export function compareTable(
	expected: DatabaseFacts['tables'][number],
	found: TableProof | undefined,
): Difference | undefined {
	const what = clean(`${expected.schema}.${expected.name}`, 140);
	if (found === undefined) {
		return {what, expected: String(expected.rows), found: 'absent'};
	}
	if (found.rows !== expected.rows) {
		return {what, expected: String(expected.rows), found: String(found.rows)};
	}
	return expected.hash !== undefined && expected.hash !== found.hash
		? {what, expected: `#${expected.hash}`, found: `#${found.hash ?? ''}`}
		: undefined;
}

/** What `contentsSql` found. */
export type Contents = {
	readonly tables: readonly (readonly [schema: string, name: string])[];
	readonly sequences: readonly (readonly [schema: string, name: string, lastValue: string])[];
	readonly invalid: readonly string[];
};

/** Compares everything but the rows: which tables and sequences there are, how far sequences are, broken indexes. */
export function compareContents(expected: DatabaseFacts, found: Contents): readonly Difference[] {
	const key = (schema: string, name: string) => JSON.stringify([schema, name]);
	const wanted = new Set(expected.tables.map(({schema, name}) => key(schema, name)));
	const unexpected = found.tables.filter(([schema, name]) => !wanted.has(key(schema, name)));
	const sequences = new Map(
		found.sequences.map(([schema, name, value]) => [key(schema, name), value]),
	);
	return [
		...unexpected.map(([schema, name]) => ({
			what: clean(`${schema}.${name}`, 140),
			expected: 'absent',
			found: 'present',
		})),
		...expected.sequences.flatMap(sequence => {
			const {schema, name, lastValue} = sequence;
			const now = sequences.get(key(schema, name));
			return isSequenceBehind(sequence, now)
				? [{what: clean(`${schema}.${name}`, 140), expected: lastValue, found: now ?? 'absent'}]
				: [];
		}),
		...found.invalid.map(name => ({what: clean(name, 140), expected: 'valid', found: 'invalid'})),
	];
}
