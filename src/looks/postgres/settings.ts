import {clean} from '../../domain/clean.ts';
import {differingSettings, wantedSettings} from '../../domain/wanted-settings.ts';
import {parseMeminfo} from '../../domain/proc.ts';
import {listOf, textOf, type Fields} from '../../sources/postgres/json.ts';
import {percentOf} from '../figures.ts';
import {maybe} from '../maybe.ts';
import type {LookReader} from '../reader.ts';
import {postgresOf} from '../target.ts';
import {askOne} from './ask.ts';

/** All settings with a meaning here; `isOwn` where our own connection asked for the value. View pg_settings. */
const settingsSql = `
SELECT /* opsconsole */ json_build_object('rows', json_agg(s)) AS value FROM (
	SELECT name, setting AS value, boot_val AS "builtIn", unit, source IN ('client', 'session') AS "isOwn",
		pending_restart AS "isPending"
	FROM pg_settings
	WHERE pending_restart OR name IN ('max_connections', 'shared_buffers', 'work_mem', 'maintenance_work_mem',
		'effective_cache_size', 'statement_timeout', 'idle_in_transaction_session_timeout', 'autovacuum', 'fsync',
		'log_min_duration_statement', 'shared_preload_libraries', 'checkpoint_completion_target', 'wal_buffers',
		'min_wal_size', 'max_wal_size')
	ORDER BY name
) s`;

/** What the files say about settings that our own connection hides; few roles may read them. View pg_file_settings. */
const filesSql = `
SELECT /* opsconsole */ json_build_object('rows', json_agg(json_build_object('name', name, 'value', setting)
	ORDER BY seqno)) AS value
FROM pg_file_settings WHERE applied AND name IN ('statement_timeout', 'idle_in_transaction_session_timeout')`;

const bytesOf: Readonly<Record<string, number>> = {
	B: 1,
	kB: 1024,
	'8kB': 8192,
	'16kB': 16_384,
	'32kB': 32_768,
	MB: 1024 ** 2,
	GB: 1024 ** 3,
};
const msOf: Readonly<Record<string, number>> = {ms: 1, s: 1000, min: 60_000, h: 3_600_000};

/** A value of pg_settings as a figure in bytes, ms or as it is; undefined where it is none. */
export function settingFigure(value: string, unit: string): number | undefined {
	const figure = value === '' ? Number.NaN : Number(value);
	if (!Number.isFinite(figure)) return undefined;
	// -1 stands for "off" or "by itself", whatever the unit.
	return figure < 0 ? figure : figure * (bytesOf[unit] ?? msOf[unit] ?? 1);
}

/** A time as a file writes it: `30s`, `500`, `5 min`, in ms. */
function fileTime(text: string): number | undefined {
	const [, figure, unit = ''] = /^(-?\d+(?:\.\d+)?) ?([a-z]*)$/.exec(text) ?? [];
	const factor = unit === '' ? 1 : msOf[unit];
	return figure === undefined || factor === undefined ? undefined : Number(figure) * factor;
}

/** Settings of the server, against the memory of this machine and the handbook. */
export const readPostgresSettings: LookReader<'postgres.settings'> = async facts => {
	const target = postgresOf(facts);
	const rows: readonly Fields[] = listOf((await askOne(facts, target, settingsSql))['rows']);
	const files = await maybe(askOne(facts, target, filesSql), facts.signal);
	const row = (name: string) => rows.find(each => textOf(each['name']) === name);
	const text = (name: string) => {
		const found = row(name);
		return found === undefined ? undefined : textOf(found['value']);
	};
	const figure = (name: string) => settingFigure(text(name) ?? '', textOf(row(name)?.['unit']));
	// Of what our own connection set only the files tell what others get.
	const timeout = (name: string) => {
		if (row(name)?.['isOwn'] !== true) return figure(name);
		const written = listOf(files?.['rows']).findLast(each => textOf(each['name']) === name);
		if (written !== undefined) return fileTime(textOf(written['value']));
		return files === undefined ? undefined : settingFigure(textOf(row(name)?.['builtIn']), 'ms');
	};
	const isOn = (name: string) => {
		const value = text(name);
		return value === undefined ? undefined : value === 'on';
	};
	const isHere = target.container !== undefined || target.origin !== 'configured';
	const meminfo = isHere ? await facts.io.files.readText('/proc/meminfo').catch(() => '') : '';
	const memory = parseMeminfo(meminfo).memory?.totalBytes;
	const pending = rows.filter(each => each['isPending'] === true).map(each => textOf(each['name']));
	const slow = figure('log_min_duration_statement');
	const wanted = wantedSettings(facts.settings.system, 'postgres');
	const differing = differingSettings(wanted, figure);
	return {
		values: {
			'max-connections': figure('max_connections'),
			'shared-buffers': figure('shared_buffers'),
			'shared-buffers-percent': percentOf(figure('shared_buffers'), memory),
			'work-mem': figure('work_mem'),
			'maintenance-work-mem': figure('maintenance_work_mem'),
			'effective-cache-size': figure('effective_cache_size'),
			'statement-timeout': timeout('statement_timeout'),
			'idle-in-transaction-timeout': timeout('idle_in_transaction_session_timeout'),
			'is-autovacuum-on': isOn('autovacuum'),
			'is-fsync-on': isOn('fsync'),
			'is-logging-slow': slow === undefined ? undefined : slow >= 0,
			'has-query-statistics': text('shared_preload_libraries')?.includes('pg_stat_statements'),
			'pending-restart': pending.length,
			'first-pending-restart': pending[0],
			differing: differing?.length,
			'first-differing': differing?.[0]?.name,
		},
		lines: [
			...(differing ?? []).map(setting => {
				const asked = 'atLeast' in setting ? `>= ${setting.atLeast}` : `= ${setting.exactly}`;
				return clean(`${setting.name} = ${figure(setting.name) ?? '—'}; ${setting.row}: ${asked}`);
			}),
			...pending.map(name => `${name}: pending restart`),
		].slice(0, 20),
	};
};
