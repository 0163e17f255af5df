import type {DoPlay} from './do-play.ts';
import {
	leave,
	makeShop,
	noLonger,
	now,
	shopSession,
	shows,
	stubborn,
	waitsForLock,
} from './does-sessions.ts';
import type {Ground} from './ground.ts';

const slow = 'database-slow';
const oneRow = 'UPDATE matches SET home_goals = home_goals WHERE id = 1';

/** A session that holds a row, doing what it is told, and another one that waits for it. */
async function chain(ground: Ground, holds?: string): Promise<void> {
	const holder = await shopSession(ground, 'nightly-import');
	await holder.query('BEGIN');
	await holder.query(oneRow);
	if (holds !== undefined) leave(holder, holds);
	leave(await shopSession(ground, 'score-update'), oneRow);
	await waitsForLock(3.2)(ground);
}

const sessionOf = (application: string) =>
	`SELECT 1 FROM pg_stat_activity WHERE application_name = '${application}'`;
const busyOf = (application: string) => `${sessionOf(application)} AND state = 'active'`;

/** A statement of a program that has run for more than ten seconds. */
async function longStatement(ground: Ground, text: string): Promise<void> {
	leave(await shopSession(ground, 'report'), text);
	await shows(`${busyOf('report')} AND query_start < now() - interval '10.5 s'`)(ground);
}

/** A table of which most rows are dead, and nobody removes them. */
async function deadRows(ground: Ground, table: string, rows: number): Promise<void> {
	ground.undo(async () => ground.sql(`DROP TABLE IF EXISTS ${table}`));
	await ground.sql(`CREATE TABLE ${table} (id integer, note text) WITH (autovacuum_enabled = off)`);
	await ground.sql(`INSERT INTO ${table} SELECT n, 'note' FROM generate_series(1, ${rows}) n`);
	await ground.sql(`UPDATE ${table} SET note = 'another'`);
	await shows(
		`SELECT 1 FROM pg_stat_user_tables WHERE relname = '${table}' AND n_dead_tup >= ${rows}`,
	)(ground);
}

const deadIn = (table: string) =>
	`SELECT 1 FROM pg_stat_user_tables WHERE relname = '${table}' AND n_dead_tup > 0`;

const slowDoes: readonly DoPlay[] = [
	{
		wizard: slow,
		node: 'root-works',
		inject: async ground => chain(ground, 'SELECT pg_sleep(600)'),
		proves: noLonger(busyOf('nightly-import')),
		ends: 'solved-lock',
	},
	{
		wizard: slow,
		node: 'root-idle',
		inject: async ground => chain(ground),
		proves: noLonger(sessionOf('nightly-import')),
		ends: 'solved-lock',
	},
	{
		wizard: slow,
		node: 'root-end',
		inject: async ground => chain(ground, stubborn),
		proves: noLonger(sessionOf('nightly-import')),
		ends: 'solved-lock',
	},
	{
		wizard: slow,
		node: 'root-super',
		async inject(ground) {
			ground.undo(async () => ground.lab.fault('lock', false));
			await ground.lab.fault('lock', true);
			await waitsForLock(3.2)(ground);
		},
		proves: noLonger(sessionOf('nightly-import')),
		ends: 'solved-lock',
	},
	{
		wizard: slow,
		node: 'ddl',
		async inject(ground) {
			await makeShop(ground);
			ground.undo(async () => ground.sql('DROP TABLE IF EXISTS baskets'));
			await ground.sql('CREATE TABLE baskets (id integer)');
			await ground.sql('ALTER TABLE baskets OWNER TO shop');
			const holder = await shopSession(ground, 'report');
			await holder.query('BEGIN; SELECT count(*) FROM baskets');
			leave(await shopSession(ground, 'migration'), 'ALTER TABLE baskets ADD COLUMN added text');
			await shows(`${sessionOf('migration')} AND wait_event_type = 'Lock'`)(ground);
			leave(await shopSession(ground, 'reader'), 'SELECT count(*) FROM baskets');
			await waitsForLock(3.2)(ground);
		},
		proves: noLonger(busyOf('migration')),
		ends: 'solved-ddl',
	},
	{
		wizard: slow,
		node: 'dead-vacuum',
		inject: async ground => deadRows(ground, 'bloated', 30_000),
		proves: noLonger(deadIn('bloated')),
		ends: 'solved-dead',
	},
	{
		wizard: slow,
		node: 'dead-next',
		async inject(ground) {
			await deadRows(ground, 'bloated', 30_000);
			await deadRows(ground, 'swollen', 20_000);
		},
		proves: noLonger(deadIn('swollen')),
		ends: 'solved-dead',
	},
	{
		wizard: slow,
		node: 'long-cancel',
		inject: async ground => longStatement(ground, 'SELECT pg_sleep(900)'),
		proves: noLonger(busyOf('report')),
		ends: 'solved-long',
	},
	{
		wizard: slow,
		node: 'long-super',
		async inject(ground) {
			leave(await ground.session('report'), 'SELECT pg_sleep(900)');
			await shows(`${busyOf('report')} AND query_start < now() - interval '10.5 s'`)(ground);
		},
		proves: noLonger(busyOf('report')),
		ends: 'solved-long',
	},
	{
		wizard: slow,
		node: 'long-end',
		inject: async ground => longStatement(ground, stubborn),
		way: {'long-more': 2},
		proves: noLonger(sessionOf('report')),
		ends: 'solved-long',
	},
	{
		wizard: slow,
		node: 'invalid',
		async inject(ground) {
			ground.undo(async () => ground.sql('DROP TABLE IF EXISTS codes'));
			await ground.sql('CREATE TABLE codes AS SELECT n % 10 AS id FROM generate_series(1, 20) n');
			const build = 'CREATE UNIQUE INDEX CONCURRENTLY codes_id ON codes (id)';
			await ground.sql(build).catch(() => undefined);
			// What kept it from being built is gone; what it left behind is not.
			await ground.sql('DELETE FROM codes a USING codes b WHERE a.id = b.id AND a.ctid > b.ctid');
		},
		proves: now("SELECT 1 FROM pg_index WHERE indexrelid = to_regclass('codes_id') AND indisvalid"),
		ends: 'solved-invalid',
	},
];

/** The `do` nodes of the wizards of PostgreSQL. */
export const databaseDoes: readonly DoPlay[] = slowDoes;
