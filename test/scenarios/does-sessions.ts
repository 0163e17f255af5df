import type {Client} from 'pg';
import type {Proof} from './do-play.ts';
import {until, type Ground} from './ground.ts';
import {openSession} from './open-session.ts';

const shop = 'shop';

/** What makes the role. */
export const shopRoleSql = [
	`CREATE ROLE ${shop} LOGIN PASSWORD '${shop}'`,
	`GRANT ALL ON SCHEMA public TO ${shop}`,
	`GRANT ALL ON ALL TABLES IN SCHEMA public TO ${shop}`,
] as const;

/** Makes the role of a program that is no superuser, with rights on what the lab has. */
export async function makeShop(ground: Ground): Promise<void> {
	const [known] = await ground.sql(`SELECT 1 FROM pg_roles WHERE rolname = '${shop}'`);
	if (known) return;
	for (const statement of shopRoleSql) await ground.sql(statement);
}

/** Opens a session as the role of a program; the caller ends it. */
export async function openShop(url: string, application: string): Promise<Client> {
	const address = new URL(url);
	address.username = shop;
	address.password = shop;
	return openSession(address.href, application);
}

/** Has the sessions of a program ended with the play, whatever they are doing. */
export function endAfterwards(ground: Ground, application: string): void {
	ground.undo(async () =>
		ground.sql(
			`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = '${application}'`,
		),
	);
}

/** A session of a program, ended with the play. */
export async function shopSession(ground: Ground, application: string): Promise<Client> {
	await makeShop(ground);
	const client = await openShop(ground.lab.urls.postgres, application);
	endAfterwards(ground, application);
	return client;
}

/** Many of them. */
export async function shopSessions(
	ground: Ground,
	count: number,
	application: string,
): Promise<readonly Client[]> {
	await makeShop(ground);
	endAfterwards(ground, application);
	return Promise.all(
		Array.from({length: count}, async () => openShop(ground.lab.urls.postgres, application)),
	);
}

/** Starts a statement and leaves it alone; how it ends is nobody's matter. */
export function leave(client: Client, text: string): void {
	void client.query(text).catch(() => undefined);
}

/** A statement that runs for ever and does not let itself be cancelled. */
export const stubborn = `DO $$ BEGIN LOOP
	BEGIN PERFORM pg_sleep(600); EXCEPTION WHEN query_canceled THEN NULL; END;
END LOOP; END $$`;

/** Waits until a query gives a row. */
export function shows(text: string): (ground: Ground) => Promise<void> {
	return async ground => until(async () => (await ground.sql(text)).length > 0, text);
}

/** Proves that a query gives no row any more. */
export function noLonger(text: string): Proof {
	return async ground => Promise.resolve(async () => (await ground.sql(text)).length === 0);
}

/** Proves that a query gives a row now. */
export function now(text: string): Proof {
	return async ground => Promise.resolve(async () => (await ground.sql(text)).length > 0);
}

/** Waits until somebody has waited so long for a lock. */
export const waitsForLock = (seconds: number) =>
	shows(`SELECT 1 FROM pg_locks WHERE NOT granted AND waitstart < now() - interval '${seconds} s'`);

/** Proves that a table was analysed since. */
export const analyzed =
	(table: string): Proof =>
	async ground => {
		const text = `SELECT last_analyze::text AS at FROM pg_stat_user_tables WHERE relname = '${table}'`;
		const at = async () => (await ground.sql(text))[0]?.['at'];
		const before = await at();
		return async () => {
			const now = await at();
			return typeof now === 'string' && now !== before;
		};
	};
