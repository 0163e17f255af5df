import {docker} from '../lab/docker.ts';
import type {DoPlay, Proof} from './do-play.ts';
import {recreated, restarted} from './does-services-proof.ts';
import {endAfterwards, leave, noLonger, shopSessions, shows, stubborn} from './does-sessions.ts';
import {until, type Ground} from './ground.ts';
import {onlyServer, ownServer, serverOf} from './own-server.ts';

const pool = 'connection-pool-exhausted';
const minuteMs = 60_000;

/** Of 42 connections. */
const heldCount = 34;

/** A server on which a program has held this many sessions since the plays began, each after a statement. */
function held(
	node: string,
	first: string,
	{isSuper = false, minutes = 1}: {isSuper?: boolean; minutes?: number} = {},
): Pick<DoPlay, 'wizard' | 'node' | 'ages' | 'config' | 'inject'> {
	return {
		wizard: pool,
		node,
		ages: {
			forMs: minutes * minuteMs + 2000,
			async prepare(ground) {
				const server = await ownServer(ground, node, ['-c', 'max_connections=45']);
				ground.atEnd(async () => server.remove());
				await server.openMany(heldCount, 'football-app', {isSuper, first});
			},
		},
		config: () => onlyServer(node),
		inject: async () => Promise.resolve(),
	};
}

/** Proves that fewer sessions of the program are left on a server of a play's own. */
const fewerThan =
	(node: string, count: number): Proof =>
	async () =>
		Promise.resolve(async () => {
			const [row] = await serverOf(node).sql(
				"SELECT count(*)::int AS held FROM pg_stat_activity WHERE application_name = 'football-app'",
			);
			return Number(row?.['held']) < count;
		});

const opened = 'BEGIN; SELECT 1';
const rested = 'SELECT 1';

const agedDoes: readonly DoPlay[] = [
	{
		...held('leak-one', opened),
		proves: fewerThan('leak-one', 1),
		ends: 'solved',
	},
	{
		...held('leak-super', opened, {isSuper: true}),
		proves: fewerThan('leak-super', 1),
		ends: 'solved',
	},
	{
		...held('leak-oldest', opened),
		way: {'leak-one': 'skip', 'leak-more': 1},
		async atNode(_, node) {
			if (node !== 'leak-program') return;
			// The program is started anew and gives its connections back.
			await serverOf('leak-oldest').sql(
				"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'football-app'",
			);
		},
		proves: fewerThan('leak-oldest', heldCount),
		ends: 'solved',
	},
	{
		...held('idle-one', rested),
		proves: fewerThan('idle-one', 1),
		ends: 'solved',
	},
	{
		...held('idle-super', rested, {isSuper: true}),
		proves: fewerThan('idle-super', 1),
		ends: 'solved',
	},
	{
		...held('idle-ten', rested, {minutes: 10}),
		proves: fewerThan('idle-ten', 1),
		ends: 'solved',
	},
	{
		...held('leak-ten', opened, {minutes: 10}),
		proves: fewerThan('leak-ten', 1),
		ends: 'solved',
	},
];

const busy = "FROM pg_stat_activity WHERE application_name = 'report' AND state = 'active'";

/** Statements of so many sessions that have run for more than five seconds. */
async function slowStatements(ground: Ground, text: string, count = 44): Promise<void> {
	for (const client of await shopSessions(ground, count, 'report')) leave(client, text);
	await shows(`SELECT 1 ${busy} AND query_start < now() - interval '5.2 s'`)(ground);
}

/** Proves that fewer such statements, or sessions, are left. */
const fewerReports = (count: number): Proof =>
	noLonger(`SELECT count(*) ${busy} HAVING count(*) >= ${count}`);

/** A pool of the application that is really empty: what its library says goes into the container's log. */
const emptyPool = `
import sys, time, psycopg2.pool, os
sys.stdout = open("/proc/1/fd/1", "w")
import stores, logging
stores.set_up_logging()
pool = psycopg2.pool.ThreadedConnectionPool(1, 2, host="db", user=os.environ["POSTGRES_USER"],
	password=os.environ["POSTGRES_PASSWORD"], dbname=os.environ["POSTGRES_DB"])
held = [pool.getconn(), pool.getconn()]
while True:
	try:
		pool.getconn()
	except Exception as error:
		logging.getLogger("app").error("request failed: %s", error)
	time.sleep(0.02)
`;

const poolDoes: readonly DoPlay[] = [
	{
		wizard: pool,
		node: 'slow-cancel',
		inject: async ground => slowStatements(ground, 'SELECT pg_sleep(600)'),
		way: {'slow-choice': 1},
		proves: fewerReports(44),
		ends: 'to-slow',
	},
	{
		wizard: pool,
		node: 'slow-super',
		async inject(ground) {
			const clients = await ground.sessions(44, 'report');
			endAfterwards(ground, 'report');
			for (const client of clients) leave(client, 'SELECT pg_sleep(600)');
			await shows(`SELECT 1 ${busy} AND query_start < now() - interval '5.2 s'`)(ground);
		},
		way: {'slow-choice': 1},
		proves: fewerReports(44),
		ends: 'to-slow',
	},
	{
		wizard: pool,
		node: 'slow-end',
		inject: async ground => slowStatements(ground, stubborn),
		way: {'slow-choice': [2, 1]},
		proves: fewerReports(44),
		ends: 'to-slow',
	},
	{
		wizard: pool,
		node: 'own-recreate',
		async inject(ground) {
			const id = await ground.lab.containerId('app');
			await docker(['exec', '--detach', id, 'python3', '-c', emptyPool]);
			await until(async () => {
				const lines = (await docker(['logs', '--tail', '2000', id])).split('\n');
				return lines.filter(line => line.includes('connection pool exhausted')).length > 500;
			}, 'the pool of the application to be empty');
		},
		async atNode(ground, node) {
			// A changed setting, which counts only in a new container.
			if (node === 'own-pool') await ground.setVariable('APP_VERSION', '1.4.3');
		},
		proves: recreated('app'),
		ends: 'solved',
		spoils: ['app'],
	},
	{
		wizard: pool,
		node: 'limit-restart',
		async inject(ground) {
			const server = await ownServer(ground, 'limit');
			ground.undo(async () => server.remove());
			await server.sql('ALTER SYSTEM SET max_connections = 20');
			await docker(['restart', '--time', '5', server.container]);
			await until(
				async () => (await server.sql('SELECT 1').catch(() => [])).length > 0,
				'the server to take connections',
			);
			for (const client of await server.openMany(14, 'shop')) {
				ground.again(async () => client.query('SELECT pg_sleep(3)'), 10);
			}
		},
		config: () => onlyServer('limit'),
		async atNode(_, node) {
			if (node === 'limit-raise') {
				await serverOf('limit').sql('ALTER SYSTEM SET max_connections = 60');
			}
		},
		proves: async () =>
			Promise.resolve(async () => {
				const [row] = await serverOf('limit').sql('SHOW max_connections');
				return row?.['max_connections'] === '60';
			}),
		ends: 'solved',
	},
	{
		wizard: pool,
		node: 'blind-restart',
		async inject(ground) {
			const isFull = async () =>
				ground.session('storm').then(
					() => false,
					(error: unknown) => String(error).includes('too many clients'),
				);
			await until(isFull, 'every connection to be taken');
		},
		proves: restarted('db'),
		ends: 'solved',
		spoils: ['app', 'worker', 'nginx'],
	},
];

/** The `do` nodes of the wizard of an exhausted pool. */
export const poolPlays: readonly DoPlay[] = [...poolDoes, ...agedDoes];
