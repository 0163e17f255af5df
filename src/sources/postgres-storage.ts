import type {Part, PartReason, PostgresStorage, Statement, TableSize} from '../domain/postgres.ts';
import {ProblemError} from '../domain/problem.ts';
import type {PostgresTarget} from '../domain/targets.ts';
import type {PostgresClient} from '../io/io.ts';
import type {ProblemCode} from '../words/index.ts';
import {
	fieldsOf,
	listOf,
	numberOf,
	optional,
	optionalNumber,
	statementOf,
	textOf,
	type Fields,
} from './postgres/json.ts';
import {
	archivingSql,
	databasesSql,
	factsSql,
	replicationSql,
	statementsSql,
	tablesSql,
	unusedIndexesSql,
} from './postgres/storage-sql.ts';
import {meantError} from './postgres/restoring.ts';
import type {PolledSource} from './source.ts';

/** Longest for one part, in ms: the fast readings of the same connection wait no longer than this. */
const partTimeoutMs = 1500;

function milliseconds(seconds: unknown): number | undefined {
	const number = optionalNumber(seconds);
	return number === undefined ? undefined : number * 1000;
}

async function ask(
	client: Pick<PostgresClient, 'query'>,
	sql: string,
	signal: AbortSignal,
): Promise<Fields> {
	const limited = AbortSignal.any([signal, AbortSignal.timeout(partTimeoutMs)]);
	const [row] = await client.query(sql, [], limited);
	return fieldsOf(row?.['value']);
}

// What concerns one statement only. 55000 there: the extension exists, but its library was not loaded at start.
const reasons: Readonly<Partial<Record<ProblemCode, PartReason>>> = {
	'postgres-no-rights': 'no-rights',
	'postgres-slow': 'timed-out',
	'postgres-locked': 'timed-out',
	'postgres-not-accepting': 'extension-missing',
	'postgres-statement': 'failed',
};

function reasonOf(error: unknown): PartReason | undefined {
	return error instanceof ProblemError ? reasons[error.problem.code] : undefined;
}

function unavailable(reason: PartReason): {readonly available: false; readonly reason: PartReason} {
	return {available: false, reason};
}

/** Reads one part; what only this part lacks becomes its reason, a lost server fails the whole reading. */
async function part<T>(signal: AbortSignal, read: () => Promise<T | PartReason>): Promise<Part<T>> {
	try {
		const value = await read();
		return isReason(value) ? unavailable(value) : {available: true, value};
	} catch (error) {
		const reason = reasonOf(error);
		if (reason === undefined || signal.aborted) {
			throw error;
		}
		return unavailable(reason);
	}
}

function isReason(value: unknown): value is PartReason {
	return typeof value === 'string';
}

function tableOf(row: Fields): TableSize {
	return {
		schema: textOf(row['schema']),
		name: textOf(row['name']),
		totalBytes: numberOf(row['bytes']),
		...optional('liveRows', typeof row['liveRows'] === 'number' ? row['liveRows'] : undefined),
		deadRows: numberOf(row['deadRows']),
		...optional('lastVacuumAtMs', milliseconds(row['vacuumSeconds'])),
		...optional('lastAnalyzeAtMs', milliseconds(row['analyzeSeconds'])),
	};
}

function statementsOf(fields: Fields): readonly Statement[] | PartReason {
	const rows = listOf(fields['rows']);
	if (rows.length === 0 && numberOf(fields['hidden']) > 0) {
		return 'no-rights';
	}
	const allMs = numberOf(fields['totalMs']);
	return rows.map(row => {
		const calls = numberOf(row['calls']);
		const totalMs = numberOf(row['totalMs']);
		return {
			query: statementOf(row['query']),
			calls,
			meanMs: calls > 0 ? totalMs / calls : 0,
			totalMs,
			rows: numberOf(row['rows']),
			sharePercent: allMs > 0 ? (100 * totalMs) / allMs : 0,
		};
	});
}

function replicationOf(fields: Fields) {
	const {isReceiving} = fields;
	return {
		replicas: listOf(fields['replicas']).map(row => ({
			name: textOf(row['name']),
			client: textOf(row['client']),
			state: textOf(row['state']),
			...optional('lagBytes', optionalNumber(row['lagBytes'])),
			...optional('lagSeconds', optionalNumber(row['lagSeconds'])),
		})),
		slots: listOf(fields['slots']).map(row => ({
			name: textOf(row['name']),
			isActive: row['isActive'] === true,
			...optional('retainedBytes', optionalNumber(row['retainedBytes'])),
		})),
		...optional('receiverLagSeconds', optionalNumber(fields['receiverLagSeconds'])),
		...(typeof isReceiving === 'boolean' && {isReceiving}),
	};
}

function archivingOf(fields: Fields) {
	return {
		mode: textOf(fields['mode']),
		archived: numberOf(fields['archived']),
		failed: numberOf(fields['failed']),
		...optional('lastArchivedAtMs', milliseconds(fields['archivedSeconds'])),
		...optional('lastFailedAtMs', milliseconds(fields['failedSeconds'])),
		...optional('lastFailedFile', textOf(fields['failedFile']) || undefined),
	};
}

/**
 * What changes slowly in a PostgreSQL server. One short statement for each part, so that a part that is slow, locked
 * or not allowed says so while the others stand, and the fast readings get their turn in between.
 */
export const postgresStorage: PolledSource<'postgres.storage', PostgresTarget> = {
	id: 'postgres.storage',
	kind: 'polled',
	everyMs: 60_000,
	timeoutMs: 15_000,
	open: (io, target) => ({
		async read(signal): Promise<PostgresStorage> {
			const asked = io.postgres(target);
			// In a part as well: a database that a restore closed in the middle lacks no extension.
			const client: Pick<PostgresClient, 'query'> = {
				query: (...query) =>
					asked.query(...query).catch(async (error: unknown) => {
						throw await meantError(io, target, error);
					}),
			};
			const rows = async (sql: string) => listOf((await ask(client, sql, signal))['rows']);
			const facts = await ask(client, factsSql, signal);
			const extension = fieldsOf(facts['statements']);
			const schema = extension['schema'];
			return {
				databases: await part(signal, async () =>
					(await rows(databasesSql)).map(row => ({
						name: textOf(row['name']),
						bytes: numberOf(row['bytes']),
					})),
				),
				tables: await part(signal, async () => (await rows(tablesSql)).map(tableOf)),
				// A standby counts only its own scans; the index may be in use on the primary.
				unusedIndexes:
					facts['isStandby'] === true
						? unavailable('not-on-standby')
						: await part(signal, async () =>
								(await rows(unusedIndexesSql)).map(row => ({
									schema: textOf(row['schema']),
									table: textOf(row['table']),
									name: textOf(row['name']),
									bytes: numberOf(row['bytes']),
									scans: numberOf(row['scans']),
								})),
							),
				statements:
					typeof schema === 'string'
						? await part(signal, async () =>
								statementsOf(
									await ask(client, statementsSql(schema, textOf(extension['version'])), signal),
								),
							)
						: unavailable('extension-missing'),
				replication: await part(signal, async () =>
					replicationOf(await ask(client, replicationSql, signal)),
				),
				archiving: await part(signal, async () =>
					archivingOf(await ask(client, archivingSql, signal)),
				),
				dataChecksums: {available: true, value: facts['dataChecksums'] === true},
			};
		},
	}),
};
