import {setTimeout as pause} from 'node:timers/promises';
import {Client} from 'pg';

/** Clients that look at a database over and over, and connect again whenever they are cut off. */
export type ClientStorm = {
	/** Resolves when every client has been served at least once since this was called. */
	served(): Promise<void>;
	/** Stops them; gives what they saw: each answer, and how often one came after which other (`old>new`). */
	stop(): Promise<{readonly seen: ReadonlySet<string>; readonly changes: ReadonlySet<string>}>;
};

/** Where a client rests between two looks, and between two attempts to connect, in ms. */
const restMs = 150;

/** Starts `count` clients, every second one as each of the users; `sql` gives one row with one text, `answer`. */
export async function startStorm(facts: {
	readonly connection: {readonly host: string; readonly port: number; readonly database: string};
	readonly users: readonly string[];
	readonly count: number;
	readonly sql: string;
}): Promise<ClientStorm> {
	const {connection, users, count, sql} = facts;
	const ended = new AbortController();
	const isOver = () => ended.signal.aborted;
	const seen = new Set<string>();
	const changes = new Set<string>();
	let waiting = new Map<number, () => void>();
	const look = async (index: number, client: Client, before: string): Promise<string> => {
		const {rows} = await client.query<{answer: string}>(sql);
		const answer = rows[0]?.answer ?? 'nothing';
		seen.add(answer);
		if (before !== '' && before !== answer) changes.add(`${before}>${answer}`);
		waiting.get(index)?.();
		return answer;
	};
	const run = async (index: number): Promise<void> => {
		let last = '';
		while (!isOver()) {
			const user = users[index % users.length] ?? 'postgres';
			const client = new Client({...connection, user, application_name: 'storm'});
			client.on('error', () => undefined);
			try {
				await client.connect();
				while (!isOver()) {
					last = await look(index, client, last);
					await pause(restMs);
				}
			} catch {
				// Cut off, kept out, or one too many: connect again, as programs do.
				await pause(restMs);
			} finally {
				await client.end().catch(() => undefined);
			}
		}
	};
	const served = async () => {
		const all = Array.from({length: count}, (_, index) => index);
		const {promise, resolve} = Promise.withResolvers<undefined>();
		const left = new Set(all);
		const done = (index: number) => () => {
			left.delete(index);
			if (left.size === 0) resolve(undefined);
		};
		waiting = new Map(all.map(index => [index, done(index)]));
		await promise;
	};
	const clients = Array.from({length: count}, (_, index) => run(index));
	await served();
	return {
		served,
		async stop() {
			ended.abort();
			await Promise.all(clients);
			return {seen, changes};
		},
	};
}
