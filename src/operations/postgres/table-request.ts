import {clean} from '../../domain/clean.ts';
import type {TableFacts} from '../../domain/manifest.ts';
import {ProblemError} from '../../domain/problem.ts';
import {maxNameBytes} from './quote.ts';
import {flagOf, maybeText, requestOf, wantedText} from './restore-request.ts';
import {cutBytes} from './side-names.ts';

/** What is restored beside the live tables: one table (`schema.name`) or a whole schema. */
export type RestoreTableRequest = {
	readonly backup: string;
	readonly target?: string;
	readonly database?: string;
	readonly table?: string;
	readonly schema?: string;
	readonly isForeignAccepted: boolean;
};

/** A table of the backup and the name that it gets in the side schema. */
export type SideTable = {readonly from: TableFacts; readonly name: string};

/**
 * The tables that a request means, and their names in the side schema: their own, or with the schema before it where two
 * schemas have a table of the same name. Rejects where the backup has none such.
 */
export function chooseTables(
	tables: readonly TableFacts[],
	{table, schema}: Pick<RestoreTableRequest, 'table' | 'schema'>,
): readonly SideTable[] {
	const found = tables.filter(one =>
		table === undefined
			? one.schema === schema
			: `${one.schema}.${one.name}` === table || one.name === table,
	);
	if (found.length === 0 || (table !== undefined && found.length > 1)) {
		const known = tables.slice(0, 30).map(one => clean(`${one.schema}.${one.name}`, 80));
		throw new ProblemError({
			code: 'restore-table-unknown',
			params: {what: clean(table ?? schema ?? '', 130), known: known.join(', ')},
			retry: 'rarely',
		});
	}
	return found.map(from => ({from, name: cutBytes(from.name, maxNameBytes)}));
}

/** Checks the request of a restore beside the live tables: one table or one schema. */
export function parseTableRequest(value: unknown): RestoreTableRequest {
	const request = requestOf(value);
	const choice = {...maybeText(request, 'table'), ...maybeText(request, 'schema')};
	if (Object.keys(choice).length !== 1) {
		wantedText({}, 'table');
	}
	return {
		backup: wantedText(request, 'backup'),
		...maybeText(request, 'target'),
		...maybeText(request, 'database'),
		...choice,
		isForeignAccepted: flagOf(request, 'isForeignAccepted', false),
	};
}
