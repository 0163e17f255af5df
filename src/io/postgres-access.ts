import {readFile} from 'node:fs/promises';
import {connect} from 'node:net';
import type {ClientConfig} from 'pg';
import {ProblemError} from '../domain/problem.ts';
import type {PostgresTarget} from '../domain/targets.ts';
import {noPassword} from './postgres-errors.ts';

/** How the driver is to use TLS for a target; a verified connection unless the target says otherwise. */
export async function tlsOf(target: PostgresTarget): Promise<ClientConfig['ssl']> {
	if (target.tls === 'off') {
		return false;
	}
	if (target.tls === 'insecure') {
		return {rejectUnauthorized: false};
	}
	if (target.caFile === undefined) {
		return {rejectUnauthorized: true};
	}
	try {
		return {rejectUnauthorized: true, ca: await readFile(target.caFile, 'utf8')};
	} catch (error) {
		const cause = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
		throw new ProblemError({
			code: 'postgres-ca-file',
			params: {path: target.caFile, cause},
			retry: 'rarely',
		});
	}
}

/** The password where the server asks for one; throws where there is none. */
export function passwordOf(target: PostgresTarget): string {
	if (target.password === undefined) {
		throw new Error(noPassword);
	}
	return target.password.reveal();
}

const cancelRequestCode = 80_877_102;

/** The protocol's CancelRequest (documentation, "Message Formats"): sent on a socket of its own, without answer. */
export function sendCancel(target: PostgresTarget, processId: number, key: number): Promise<void> {
	const message = Buffer.alloc(16);
	message.writeInt32BE(16, 0);
	message.writeInt32BE(cancelRequestCode, 4);
	message.writeInt32BE(processId, 8);
	message.writeInt32BE(key, 12);
	return new Promise(resolve => {
		const socket = target.host.startsWith('/')
			? connect(`${target.host}/.s.PGSQL.${target.port}`)
			: connect(target.port, target.host);
		const timer = setTimeout(() => socket.destroy(), 300);
		socket.on('connect', () => socket.write(message));
		socket.on('error', () => socket.destroy());
		socket.on('close', () => {
			clearTimeout(timer);
			resolve();
		});
		socket.resume();
	});
}
