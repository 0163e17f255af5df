import type {Client} from 'pg';
import {secret} from '../../src/domain/secret.ts';
import {until, type Ground} from './ground.ts';
import type {Scenario} from './scenario.ts';

/** Starts a statement and leaves it alone; how it ends is nobody's matter. */
function leave(client: Client, text: string): void {
	void client.query(text).catch(() => undefined);
}

/** Waits until a query over pg_stat_activity and its like gives a row. */
function shows(text: string): (ground: Ground) => Promise<void> {
	return async ground => {
		const watch = await ground.session('watch');
		await until(async () => (await watch.query(text)).rows.length > 0, text);
	};
}

const waitsFor = (seconds: number) =>
	shows(`SELECT 1 FROM pg_locks WHERE NOT granted AND waitstart < now() - interval '${seconds} s'`);

const recreated = ['app', 'worker', 'nginx', 'db'];

/** Scenarios of PostgreSQL. */
export const databaseScenarios: readonly Scenario[] = [
	{
		id: 'lock-chain',
		title: 'a session that sits in its transaction blocks others',
		expect: ['lock-chain'],
		async inject(ground) {
			ground.undo(async () => ground.lab.fault('lock', false));
			await ground.lab.fault('lock', true);
		},
		until: waitsFor(4),
		walk: {ends: 'solved', does: ['terminate-sessions']},
	},
	{
		id: 'schema-change-waits',
		title: 'an ALTER TABLE waits and everybody behind it',
		expect: ['schema-change-waits'],
		async inject(ground) {
			const holder = await ground.session('report');
			await holder.query('BEGIN; SELECT count(*) FROM teams');
			const change = await ground.session('migration');
			leave(change, 'ALTER TABLE teams ADD COLUMN IF NOT EXISTS scenario integer');
			await shows("SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'")(ground);
			for (const reader of await ground.sessions(2, 'reader')) {
				leave(reader, 'SELECT count(*) FROM teams');
			}
			ground.undo(async () => ground.sql('ALTER TABLE teams DROP COLUMN IF EXISTS scenario'));
			ground.undo(async () =>
				ground.sql(
					`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name IN ('report', 'migration')`,
				),
			);
		},
		until: waitsFor(4),
	},
	{
		id: 'leak',
		title: 'the application opens connections and never gives them back',
		expect: ['connection-leak'],
		async inject(ground) {
			ground.undo(async () => ground.lab.fault('leak', false));
			await ground.lab.fault('leak', true);
		},
		async until(ground) {
			await shows(
				"SELECT count(*) FROM pg_stat_activity WHERE state = 'idle in transaction' HAVING count(*) >= 40",
			)(ground);
			await shows(
				"SELECT 1 FROM pg_stat_activity WHERE state = 'idle in transaction' AND state_change < now() - interval '6 s'",
			)(ground);
		},
		walk: {ends: 'solved', does: ['terminate-sessions']},
	},
	{
		id: 'slow-queries-hold-pool',
		title: 'slow statements hold the connections',
		expect: ['slow-statements-hold-pool'],
		async inject(ground) {
			for (const client of await ground.sessions(44, 'report')) {
				leave(client, 'SELECT pg_sleep(600), count(*) FROM predictions');
			}
		},
		until: shows(
			"SELECT 1 FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%pg_sleep(600)%' AND query_start < now() - interval '6 s' AND pid <> pg_backend_pid()",
		),
		spoils: recreated,
	},
	{
		id: 'idle-sessions',
		title: 'idle sessions hold the connections',
		expect: ['idle-sessions-hold-pool'],
		async inject(ground) {
			await ground.sessions(44, 'batch-pool');
		},
	},
	{
		id: 'low-limit',
		title: 'max_connections is too low for the work',
		expect: ['connection-limit-low'],
		async inject(ground) {
			ground.undo(async () => ground.lab.compose(['up', '-d', '--no-build', '--no-deps', 'db']));
			const up = ['up', '-d', '--no-build', '--no-deps', 'db'];
			await ground.composeWith({LAB_MAX_CONNECTIONS: '16'}, up);
			await ground.lab.ready();
			for (const client of await ground.sessions(10, 'shop')) {
				ground.again(async () => client.query('SELECT pg_sleep(3)'), 10);
			}
		},
		until: shows(
			"SELECT count(*) FROM pg_stat_activity WHERE application_name = 'shop' AND state = 'active' HAVING count(*) >= 9",
		),
		spoils: recreated,
	},
	{
		id: 'all-taken',
		title: 'every connection is taken, the reserved ones too',
		expect: ['connections-all-taken'],
		inject: async ground => {
			ground.again(async () => ground.session('storm'), 5);
			return Promise.resolve();
		},
		async until(ground) {
			await until(async () => {
				const refused = await ground.sql('SELECT 1').then(
					() => false,
					(error: unknown) => String(error).includes('too many clients'),
				);
				return refused;
			}, 'every connection to be taken');
		},
		spoils: recreated,
	},
	{
		id: 'login-refused',
		title: 'the console itself has a wrong database password',
		expect: ['database-login-refused'],
		settings: ({lab}) => ({
			postgres: [
				{
					id: 'db',
					origin: 'configured',
					host: '127.0.0.1',
					port: lab.ports.db,
					database: lab.postgres.database,
					user: 'postgres',
					password: secret('not-this-one'),
					tls: 'off',
				},
			],
		}),
		inject: async () => Promise.resolve(),
		spoils: recreated,
	},
	{
		id: 'missing-index',
		title: 'a large table is read from end to end with every request',
		expect: ['missing-index'],
		async inject(ground) {
			ground.undo(async () =>
				ground.sql('CREATE INDEX IF NOT EXISTS predictions_match_id ON predictions (match_id)'),
			);
			await ground.sql('DROP INDEX IF EXISTS predictions_match_id');
			await ground.sql('SELECT pg_stat_reset()');
			ground.again(async () => ground.visit('/predictions?match_id=7'), 20);
		},
		until: shows(
			"SELECT 1 FROM pg_stat_user_tables WHERE relname = 'predictions' AND seq_scan >= 60",
		),
	},
	{
		id: 'dead-rows',
		title: 'a table is full of dead rows, which nobody removes',
		expect: ['dead-rows'],
		async inject(ground) {
			ground.undo(async () => ground.sql('DROP TABLE IF EXISTS bloated'));
			await ground.sql(
				'CREATE TABLE bloated (id integer, note text) WITH (autovacuum_enabled = off)',
			);
			await ground.sql("INSERT INTO bloated SELECT n, 'note' FROM generate_series(1, 30000) n");
			await ground.sql("UPDATE bloated SET note = 'another'");
		},
		until: shows(
			"SELECT 1 FROM pg_stat_user_tables WHERE relname = 'bloated' AND n_dead_tup >= 20000",
		),
		walk: {ends: 'solved', does: ['vacuum-table']},
	},
	{
		id: 'dominant-statement',
		title: 'one statement takes most of the time, found between two of its runs',
		expect: ['dominant-statement'],
		async inject(ground) {
			const report = await ground.session('report');
			await ground.sql('SELECT pg_stat_statements_reset()');
			ground.undo(async () => ground.sql('SELECT pg_stat_statements_reset()'));
			for (let count = 0; count < 3; count++) {
				await report.query('SELECT pg_sleep(5), count(*) FROM predictions');
			}
		},
		until: shows(
			"SELECT 1 FROM pg_stat_activity WHERE application_name = 'report' AND state = 'idle'",
		),
		walk: {ends: 'solved', does: []},
	},
	{
		id: 'long-statement',
		title: 'one statement runs for long',
		expect: ['long-statement'],
		async inject(ground) {
			leave(await ground.session('report'), 'SELECT pg_sleep(900), count(*) FROM users');
		},
		until: shows(
			"SELECT 1 FROM pg_stat_activity WHERE application_name = 'report' AND query_start < now() - interval '11 s'",
		),
		spoils: recreated,
		walk: {ends: 'solved', does: ['cancel-query']},
	},
];
