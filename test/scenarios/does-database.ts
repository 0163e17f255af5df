import type {Client} from 'pg';
import {docker} from '../lab/docker.ts';
import type {DoPlay, Proof} from './do-play.ts';
import {poolPlays} from './does-pool.ts';
import {
	analyzed,
	endAfterwards,
	leave,
	makeShop,
	noLonger,
	now,
	shopSession,
	shows,
	stubborn,
	waitsForLock,
} from './does-sessions.ts';
import {until, type Ground} from './ground.ts';
import {onlyServer, ownServer, serverOf} from './own-server.ts';

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

/** A statement that takes most of the time of the server and runs now. */
async function dominates(ground: Ground, session: Client): Promise<void> {
	const text = (seconds: number) => `SELECT pg_sleep(${seconds}), count(*) FROM predictions`;
	const forget = 'SELECT pg_stat_statements_reset()';
	await ground.sql(forget);
	ground.undo(async () => ground.sql(forget));
	for (let count = 0; count < 3; count++) await session.query(text(2));
	leave(session, text(900));
	await shows(`${busyOf('report')} AND query_start < now() - interval '2.5 s'`)(ground);
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
		node: 'dominant-cancel',
		inject: async ground => dominates(ground, await shopSession(ground, 'report')),
		proves: noLonger(busyOf('report')),
		waitsWhole: ['dominant-wait'],
		ends: 'solved-dominant',
	},
	{
		wizard: slow,
		node: 'dominant-super',
		async inject(ground) {
			endAfterwards(ground, 'report');
			await dominates(ground, await ground.session('report'));
		},
		proves: noLonger(busyOf('report')),
		waitsWhole: ['dominant-wait'],
		ends: 'solved-dominant',
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
			endAfterwards(ground, 'report');
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
		node: 'index-analyze',
		async inject(ground) {
			const build = 'CREATE INDEX IF NOT EXISTS predictions_match_id ON predictions (match_id)';
			ground.undo(async () => ground.sql(build));
			await ground.sql('DROP INDEX IF EXISTS predictions_match_id');
			await ground.sql('SELECT pg_stat_reset()');
			ground.again(async () => ground.visit('/predictions?match_id=7'), 20);
			await shows(
				"SELECT 1 FROM pg_stat_user_tables WHERE relname = 'predictions' AND seq_scan >= 60",
			)(ground);
		},
		async atNode(ground, node) {
			// The developers build it, as the note says.
			if (node === 'index') {
				await ground.sql(
					'CREATE INDEX CONCURRENTLY IF NOT EXISTS predictions_match_id ON predictions (match_id)',
				);
			}
		},
		proves: analyzed('predictions'),
		ends: 'solved-index',
	},
	{
		wizard: slow,
		node: 'stale',
		async inject(ground) {
			ground.undo(async () => ground.sql('DROP TABLE IF EXISTS imported'));
			await ground.sql('CREATE TABLE imported (id integer) WITH (autovacuum_enabled = off)');
			await ground.sql('INSERT INTO imported SELECT generate_series(1, 1000)');
			await ground.sql('ANALYZE imported');
			await ground.sql('INSERT INTO imported SELECT generate_series(1, 20000)');
			leave(await shopSession(ground, 'report'), 'SELECT pg_sleep(9)');
			await shows(`${busyOf('report')} AND query_start < now() - interval '5.2 s'`)(ground);
		},
		proves: analyzed('imported'),
		// The statement that was slow ends meanwhile.
		waitsWhole: ['stale-wait'],
		ends: 'solved-stale',
	},
	{
		wizard: slow,
		node: 'dead-end',
		ages: {
			forMs: 602_000,
			async prepare(ground) {
				const server = await ownServer(ground, 'dead-end');
				ground.atEnd(async () => server.remove());
				await server.sql('CREATE TABLE bloated (id integer) WITH (autovacuum_enabled = off)');
				await server.sql('INSERT INTO bloated SELECT generate_series(1, 30000)');
				const forgotten = await server.open('forgotten');
				await forgotten.query('BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1');
				await server.sql('UPDATE bloated SET id = id + 1');
			},
		},
		config: () => onlyServer('dead-end'),
		inject: async () => Promise.resolve(),
		proves: async () =>
			Promise.resolve(
				async () => (await serverOf('dead-end').sql(sessionOf('forgotten'))).length === 0,
			),
		also: {
			'dead-vacuum': async () =>
				Promise.resolve(
					async () => (await serverOf('dead-end').sql(deadIn('bloated'))).length === 0,
				),
		},
		ends: 'solved-dead',
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

const unreachable = 'database-unreachable';

const answers: Proof = async ground =>
	Promise.resolve(async () => (await ground.sql('SELECT 1')).length > 0);

const unreachableDoes: readonly DoPlay[] = [
	{
		wizard: unreachable,
		node: 'start',
		about: 'db',
		async inject(ground) {
			await ground.lab.compose(['stop', '--timeout', '5', 'db']);
		},
		proves: answers,
		ends: 'solved-start',
	},
	{
		wizard: unreachable,
		node: 'restart',
		about: 'db',
		async inject(ground) {
			const reset = ['exec', await ground.lab.containerId('db'), 'sh', '-c'];
			ground.undo(async () => {
				if (
					await answers(ground)
						.then(async holds => holds())
						.catch(() => false)
				)
					return;
				const socket = `psql -U ${ground.lab.postgres.user} -d postgres`;
				await docker([...reset, `${socket} -c 'ALTER SYSTEM RESET listen_addresses'`]);
				await ground.lab.compose(['restart', '--timeout', '5', 'db']);
			});
			await ground.sql("ALTER SYSTEM SET listen_addresses = '127.0.0.1'");
			await ground.lab.compose(['restart', '--timeout', '5', 'db']);
		},
		async atNode(ground, node) {
			if (node !== 'local-only') return;
			const socket = `psql -U ${ground.lab.postgres.user} -d postgres`;
			await docker([
				...['exec', await ground.lab.containerId('db'), 'sh', '-c'],
				`${socket} -c 'ALTER SYSTEM RESET listen_addresses'`,
			]);
		},
		proves: answers,
		ends: 'solved-restart',
	},
	{
		wizard: unreachable,
		node: 'cut-recreate',
		about: 'db',
		async inject(ground) {
			const network = `${ground.lab.project}_stack`;
			const id = await ground.lab.containerId('db');
			ground.undo(async () => {
				const now = await ground.lab.containerId('db');
				if (now === id) {
					await docker(['network', 'connect', '--alias', 'db', network, id]).catch(() => '');
				}
			});
			await docker(['network', 'disconnect', network, id]);
		},
		proves: answers,
		ends: 'solved-cut',
	},
	{
		wizard: unreachable,
		node: 'login-recreate',
		about: 'db',
		async inject(ground) {
			ground.undo(async () => ground.lab.compose(['up', '-d', '--no-build', '--no-deps', 'app']));
			// Its variables were wrong when it was made; the file has been corrected since.
			const up = ['up', '-d', '--no-build', '--no-deps', 'app'];
			await ground.composeWith({POSTGRES_PASSWORD: 'not-this-one'}, up);
			ground.again(async () => ground.visit('/predictions?match_id=7'), 500);
			await until(
				async () =>
					(await docker(['logs', '--tail', '100', await ground.lab.containerId('app')])).includes(
						'password authentication failed',
					),
				'the application to be refused',
			);
		},
		proves: async ground =>
			Promise.resolve(async () => (await ground.visit('/predictions?match_id=7')).status === 200),
		// One minute without a refusal is the proof.
		waitsWhole: ['login-wait'],
		ends: 'solved-login',
		spoils: ['app', 'db'],
	},
];

/** The `do` nodes of the wizards of PostgreSQL. */
export const databaseDoes: readonly DoPlay[] = [...slowDoes, ...unreachableDoes, ...poolPlays];
