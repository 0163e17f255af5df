import * as v from 'valibot';
import {statusSchema} from '../../config/status-schema.ts';

/** The document of `opsconsole status --json`. */
export type StatusDocument = v.InferOutput<typeof statusSchema>;

/** Checks a document against its schema; a key that the schema does not know is a fault too. */
export function statusDocumentOf(document: unknown): StatusDocument {
	const parsed = v.safeParse(statusSchema, document);
	if (!parsed.success) {
		const faults = parsed.issues.map(issue => `${v.getDotPath(issue) ?? ''}: ${issue.message}`);
		throw new Error(`not a status document: ${faults.join('; ')}`);
	}

	const unknown = unknownKeys(document, parsed.output);
	if (unknown.length > 0) throw new Error(`keys that the schema lacks: ${unknown.join(', ')}`);
	return parsed.output;
}

/** Keys of a document that its parsed form has not. */
function unknownKeys(given: unknown, known: unknown, path = ''): readonly string[] {
	if (typeof given !== 'object' || given === null) return [];
	const other: Readonly<Record<string, unknown>> =
		typeof known === 'object' && known !== null ? {...known} : {};
	return Object.entries(given).flatMap(([key, value]: readonly [string, unknown]) =>
		key in other ? unknownKeys(value, other[key], `${path}${key}.`) : [`${path}${key}`],
	);
}

/** The exit status that belongs to the level of a document. */
export function exitOf({level}: StatusDocument): number {
	return {ok: 0, warn: 1, crit: 2, unknown: 3}[level];
}

/** Whether every source answered in time; on a busy machine one reading may come before the slowest does. */
export function isComplete({problems}: StatusDocument): boolean {
	return problems.every(({code}) => code !== 'timed-out' && !code.endsWith('-slow'));
}
