import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {existsSync} from 'node:fs';
import {chown, mkdtemp, rm, writeFile} from 'node:fs/promises';
import {connect} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {freePort} from './free-port.ts';
import {serverUser} from './postgres-binaries.ts';
import type {PostgresServer} from './postgres-server.ts';
import {waitFor} from './wait.ts';

const programs = ['/usr/sbin/pgbouncer', '/usr/bin/pgbouncer', '/usr/local/bin/pgbouncer'];

/** Why no pooler can be started; undefined where one can. With CI=true a lack is an error. */
export function lacksPgbouncer(): string | undefined {
	const reason = programs.some(path => existsSync(path)) ? undefined : 'pgbouncer is not installed';
	if (reason !== undefined && process.env['CI'] === 'true') {
		throw new Error(reason);
	}
	return reason;
}

async function accepts(port: number): Promise<true | undefined> {
	const socket = connect(port, '127.0.0.1');
	try {
		await once(socket, 'connect');
		return true;
	} catch {
		return undefined;
	} finally {
		socket.destroy();
	}
}

/** Starts a pooler before a server that trusts everybody, in transaction mode with one server connection. */
export async function startPgbouncer(
	server: PostgresServer,
	settings: Readonly<Record<string, string>> = {},
): Promise<{port: number; remove(): Promise<void>}> {
	const folder = await mkdtemp(join(tmpdir(), 'opsct-bouncer-'));
	const port = await freePort();
	const lines = {
		listen_addr: '127.0.0.1',
		listen_port: String(port),
		unix_socket_dir: '',
		auth_type: 'any',
		pool_mode: 'transaction',
		default_pool_size: '1',
		...settings,
	};
	const file = join(folder, 'pgbouncer.ini');
	await writeFile(
		file,
		[
			'[databases]',
			`* = host=127.0.0.1 port=${server.port} user=postgres`,
			'[pgbouncer]',
			...Object.entries(lines).map(([name, value]) => `${name} = ${value}`),
			'',
		].join('\n'),
	);
	const owner = serverUser();
	if (owner) {
		await chown(folder, owner.uid, owner.gid);
	}
	const program = programs.find(path => existsSync(path)) ?? 'pgbouncer';
	const pooler = spawn(program, [file], {...owner, cwd: folder, stdio: 'ignore'});
	const exit = once(pooler, 'exit');
	await waitFor(() => accepts(port), {what: 'pgbouncer'});
	return {
		port,
		async remove() {
			pooler.kill('SIGKILL');
			await exit;
			await rm(folder, {recursive: true, force: true});
		},
	};
}
