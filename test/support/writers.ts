import {Client} from 'pg';

/** Clients that write to the lab's `audit_log` until they are stopped. */
export type Writers = {
	/** Stops them; gives what each insert that was acknowledged wrote: `writer 3 17`. */
	stop(): Promise<readonly string[]>;
};

/** Starts clients that insert over and over and connect again at once when they are cut off. */
export async function startWriters(url: string, count: number): Promise<Writers> {
	const ended = new AbortController();
	const isOver = () => ended.signal.aborted;
	const acknowledged: string[] = [];
	let begun = 0;
	const started = Promise.withResolvers<undefined>();
	const connected = async (work: (client: Client) => Promise<void>): Promise<void> => {
		const client = new Client({connectionString: url, application_name: 'writer'});
		// A session that is ended while it does nothing says so here; the next query fails.
		client.on('error', () => undefined);
		try {
			await client.connect();
			await work(client);
		} catch {
			// Cut off, or kept out: connect again.
		} finally {
			await client.end().catch(() => undefined);
		}
	};
	const write = async (writer: number): Promise<void> => {
		let number = 0;
		const insert = async (client: Client): Promise<void> => {
			while (!isOver()) {
				const what = `writer ${writer} ${number++}`;
				await client.query('INSERT INTO audit_log (what) VALUES ($1)', [what]);
				acknowledged.push(what);
				if (number === 1 && ++begun === count) started.resolve(undefined);
			}
		};
		while (!isOver()) await connected(insert);
	};
	const all = Array.from({length: count}, (_, writer) => write(writer));
	await started.promise;
	return {
		async stop() {
			ended.abort();
			await Promise.all(all);
			return acknowledged;
		},
	};
}
