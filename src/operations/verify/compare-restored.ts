import {clean} from '../../domain/clean.ts';
import {compareSequences, compareTables} from '../../domain/compare-tables.ts';
import type {DatabaseFacts} from '../../domain/manifest.ts';
import {parseProof} from '../../domain/table-proof.ts';
import {listOf, numberOf, objectOf, textOf} from '../../domain/unknown.ts';

/** What differs between a manifest and the database that was restored from its backup, one line each. */
export function compareRestored(database: DatabaseFacts, answer: unknown): readonly string[] {
	const found = objectOf(answer);
	const tables = listOf(found['tables']).map(item => {
		const {schema, name, proof} = objectOf(item);
		return {schema: textOf(schema), name: textOf(name), ...parseProof(proof)};
	});
	const sequences = listOf(found['sequences']).map(item => {
		const {schema, name, lastValue} = objectOf(item);
		return {schema: textOf(schema), name: textOf(name), lastValue: textOf(lastValue)};
	});
	const lines = [
		...compareTables(database.tables, tables).map(difference =>
			difference.what === 'rows'
				? `${clean(difference.table, 200)}: ${difference.found} rows, ${difference.wanted} in the snapshot`
				: `${clean(difference.table, 200)}: ${difference.what}`,
		),
		...compareSequences(database.sequences, sequences).map(
			({sequence, found: now}) => `sequence ${clean(sequence, 200)}: ${now ?? 'missing'}`,
		),
	];
	for (const [name, wanted] of [
		['largeObjects', database.largeObjects],
		['unvalidatedConstraints', database.unvalidatedConstraints],
		['invalidIndexes', 0],
	] as const) {
		const count = numberOf(found[name]) ?? -1;
		if (wanted !== undefined && count !== wanted) lines.push(`${name}: ${count}, not ${wanted}`);
	}

	return lines;
}
