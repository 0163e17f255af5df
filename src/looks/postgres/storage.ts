import {clean} from '../../domain/clean.ts';
import {formatBytes} from '../../domain/format.ts';
import type {Part, PostgresStorage} from '../../domain/postgres.ts';
import {optionalNumber, textOf} from '../../sources/postgres/json.ts';
import {postgresStorage} from '../../sources/postgres-storage.ts';
import {most, sumOf} from '../figures.ts';
import {maybe} from '../maybe.ts';
import type {LookReader} from '../reader.ts';
import {postgresOf} from '../target.ts';
import {askOne} from './ask.ts';
import {dataDisk} from './data-disk.ts';

/** Transaction numbers are compared in a circle: at two thousand million of age the server stops to accept writes. */
const lastTransaction = 2_000_000_000;

/** Functions "Age" and "pg_database_size"; the data folder is shown to pg_read_all_settings only. */
const factsSql = `
SELECT /* opsconsole */ json_build_object(
	'database', current_database(),
	'dataFolder', CASE WHEN pg_has_role('pg_read_all_settings', 'USAGE') THEN current_setting('data_directory') END,
	'age', (SELECT max(age(datfrozenxid))::float8 FROM pg_database),
	'checksumFailures', (SELECT coalesce(sum(checksum_failures), 0)::float8 FROM pg_stat_database),
	'tempBytes', (SELECT coalesce(sum(temp_bytes), 0)::float8 FROM pg_stat_database)
) AS value`;

const walSql = `
SELECT /* opsconsole */ json_build_object('bytes', coalesce(sum(size), 0)::float8) AS value FROM pg_ls_waldir()`;

function have<T>(part: Part<T>): T | undefined {
	return part.available ? part.value : undefined;
}

function replicationValues(part: PostgresStorage['replication']) {
	const replication = have(part);
	const lags = (replication?.replicas ?? []).flatMap(({state, lagSeconds, lagBytes}) => {
		// A replica that has caught up and is idle has no lag in seconds.
		const isIdle = state === 'streaming' && (lagBytes ?? 0) === 0;
		return lagSeconds ?? (isIdle ? 0 : []);
	});
	const own = replication?.receiverLagSeconds;
	const all = own === undefined ? lags : [...lags, own];
	const slots = replication?.slots;
	return {
		replicas: replication?.replicas.length,
		'replication-lag': all.length === 0 ? undefined : Math.max(...all),
		'is-receiving': replication?.isReceiving,
		'inactive-slots': slots?.filter(({isActive}) => !isActive).length,
		'slot-bytes':
			slots?.length === 0 ? 0 : most(slots ?? [], slot => slot.retainedBytes)?.retainedBytes,
	};
}

function archivingValues(part: PostgresStorage['archiving']) {
	const archiving = have(part);
	const isOn = archiving === undefined ? undefined : archiving.mode !== 'off';
	const failedAtMs = archiving?.lastFailedAtMs ?? 0;
	return {
		'is-archiving': isOn,
		'is-archive-failing':
			archiving && (isOn === false ? false : failedAtMs > (archiving.lastArchivedAtMs ?? 0)),
	};
}

/** What the server stores, how it is copied away, and how much room there is. */
export const readPostgresStorage: LookReader<'postgres.storage'> = async facts => {
	const {io, signal} = facts;
	const target = postgresOf(facts);
	const storage = await postgresStorage.open(io, target).read(signal);
	const [own, wal] = [
		await maybe(askOne(facts, target, factsSql), signal),
		await maybe(askOne(facts, target, walSql), signal),
	];
	const disk = await maybe(dataDisk(facts, target, textOf(own?.['dataFolder'])), signal);
	const databases = have(storage.databases);
	const tables = have(storage.tables);
	const [table] = tables ?? [];
	const age = optionalNumber(own?.['age']);
	const name = textOf(own?.['database']);
	return {
		values: {
			'database-bytes': databases?.find(database => database.name === name)?.bytes,
			'all-bytes': databases && sumOf(databases.map(({bytes}) => bytes)),
			'largest-table': table && `${table.schema}.${table.name}`,
			'largest-table-bytes': table?.totalBytes,
			...archivingValues(storage.archiving),
			'wal-bytes': optionalNumber(wal?.['bytes']),
			'disk-free': disk?.freeBytes,
			'disk-used': disk?.usedPercent,
			...replicationValues(storage.replication),
			'checksum-failures': optionalNumber(own?.['checksumFailures']),
			'has-checksums': have(storage.dataChecksums),
			'xid-percent': age === undefined ? undefined : (100 * age) / lastTransaction,
			'temp-bytes': optionalNumber(own?.['tempBytes']),
		},
		lines: [
			...(tables ?? []).map(each =>
				clean(`${formatBytes(each.totalBytes)} ${each.schema}.${each.name}`, 200),
			),
			...(databases ?? [])
				.slice(0, 8)
				.map(each => clean(`${formatBytes(each.bytes)} database ${each.name}`, 200)),
		].slice(0, 20),
	};
};
