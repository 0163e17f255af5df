import type {DatabaseFacts} from '../../domain/manifest.ts';
import {parseProof} from '../../domain/table-proof.ts';
import {listOf, numberOf, objectOf, textOf, textsOf} from '../../domain/unknown.ts';

/** What the closed container tells before the dump: two lines. */
export type ImportHead = {readonly version: string; readonly facts: unknown};

/**
 * Reads what the closed container writes: the version of pg_dump, a line of facts, then the dump, which goes on to
 * `toDump` untouched.
 */
export function splitOutput(toDump: (chunk: Uint8Array) => Promise<void>) {
	let head = new Uint8Array();
	let lines: readonly string[] | undefined;
	const longestHead = 64 * 1024 * 1024;
	return {
		async take(chunk: Uint8Array): Promise<void> {
			if (lines !== undefined) {
				await toDump(chunk);
				return;
			}
			const joined = new Uint8Array(head.length + chunk.length);
			joined.set(head);
			joined.set(chunk, head.length);
			const first = joined.indexOf(10);
			const second = first < 0 ? -1 : joined.indexOf(10, first + 1);
			if (second < 0) {
				head = joined;
				if (head.length > longestHead) {
					throw new Error('the facts of the dump are too long');
				}
				return;
			}
			const text = new TextDecoder();
			lines = [
				text.decode(joined.subarray(0, first)),
				text.decode(joined.subarray(first + 1, second)),
			];
			if (second + 1 < joined.length) {
				await toDump(joined.subarray(second + 1));
			}
		},
		/** The two lines; throws where they did not come. */
		head(): ImportHead {
			const [version = '', facts = ''] = lines ?? [];
			return {version, facts: JSON.parse(facts)};
		},
	};
}

/** The facts of an imported dump for its manifest: it comes from no known server, so that this one is `0`. */
export function importedFacts(database: string, {version, facts}: ImportHead): DatabaseFacts {
	const found = objectOf(facts);
	return {
		systemIdentifier: '0',
		database,
		oid: 0,
		versionNumber: numberOf(found['versionNumber']) ?? 0,
		dumpVersion: version,
		encoding: textOf(found['encoding']),
		collate: textOf(found['collate']),
		ctype: textOf(found['ctype']),
		owner: '',
		acl: [],
		connectionLimit: -1,
		settings: [],
		extensions: listOf(found['extensions'])
			.map(objectOf)
			.map(({name, version: installed}) => ({name: textOf(name), version: textOf(installed)})),
		roles: textsOf(found['roles']),
		sizeBytes: numberOf(found['sizeBytes']) ?? 0,
		tables: listOf(found['tables'])
			.map(objectOf)
			.map(table => ({
				schema: textOf(table['schema']),
				name: textOf(table['name']),
				bytes: numberOf(table['bytes']) ?? 0,
				...parseProof(table['proof']),
			})),
		sequences: listOf(found['sequences'])
			.map(objectOf)
			.map(sequence => ({
				schema: textOf(sequence['schema']),
				name: textOf(sequence['name']),
				lastValue: textOf(sequence['lastValue']),
			})),
		snapshot: '',
		proof: 'hashes',
	};
}
