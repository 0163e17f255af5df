import {Client} from 'pg';

/** Opens a session under the name of a program; the caller ends it. Its server may be stopped under it. */
export async function openSession(connectionString: string, application: string): Promise<Client> {
	const client = new Client({
		connectionString,
		application_name: application,
		connectionTimeoutMillis: 10_000,
	});
	client.on('error', () => undefined);
	await client.connect();
	return client;
}
