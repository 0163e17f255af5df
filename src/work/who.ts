import {readFile, readlink} from 'node:fs/promises';
import {userInfo} from 'node:os';
import process from 'node:process';
import {clean} from '../domain/clean.ts';
import type {Operator} from '../domain/operator.ts';

/** The kernel's "not set" of /proc/self/loginuid. */
const noLogin = '4294967295';
/** How far up the tree of processes an SSH connection is looked for. */
const maxAncestors = 20;

async function read(path: string): Promise<string> {
	return readFile(path, 'utf8').catch(() => '');
}

async function nameOf(userId: string): Promise<string> {
	const lines = (await read('/etc/passwd')).split('\n').map(line => line.split(':'));
	return lines.find(([, , id]) => id === userId)?.[0] ?? userId;
}

function variable(environ: string, name: string): string | undefined {
	const line = environ.split('\0').find(entry => entry.startsWith(`${name}=`));
	return line === undefined ? undefined : line.slice(name.length + 1);
}

/** SSH_CONNECTION of this process or, since sudo drops it, of the nearest ancestor that has one. */
async function sshOrigin(): Promise<string | undefined> {
	let pid = String(process.pid);
	for (let count = 0; count < maxAncestors && pid !== '0' && pid !== ''; count++) {
		const found = variable(await read(`/proc/${pid}/environ`), 'SSH_CONNECTION');
		if (found !== undefined && found !== '') return found.split(' ')[0];
		pid = /^PPid:\s*(\d+)/m.exec(await read(`/proc/${pid}/status`))?.[1] ?? '';
	}

	return undefined;
}

/** Who runs this process, as far as the system can tell; what only variables say is marked as unverified. */
export async function whoAmI(): Promise<Operator> {
	const loginId = (await read('/proc/self/loginuid')).trim();
	const login = loginId === '' || loginId === noLogin ? undefined : await nameOf(loginId);
	const sudoUser = process.env['SUDO_USER'];
	const ssh = await sshOrigin();
	const terminal = await readlink('/proc/self/fd/0').catch(() => '');
	let user: string;
	try {
		user = userInfo().username;
	} catch {
		// An id without an account.
		user = String(process.getuid?.() ?? -1);
	}

	return {
		user: clean(user, 64),
		userId: process.getuid?.() ?? -1,
		...(login !== undefined && {login: clean(login, 64)}),
		...(sudoUser !== undefined && sudoUser !== '' && {sudoUser: clean(sudoUser, 64)}),
		...(ssh !== undefined && {ssh: clean(ssh, 64)}),
		...(/^\/dev\/(pts\/|tty)/.test(terminal) && {terminal: clean(terminal, 64)}),
		...(login === undefined &&
			(sudoUser !== undefined || ssh !== undefined) && {isUnverified: true}),
	};
}

/** A person in one word or two: `li@10.0.0.8`. */
export function nameOfOperator({user, login, sudoUser, ssh}: Operator): string {
	const person = sudoUser ?? login ?? user;
	return ssh === undefined ? person : `${person}@${ssh}`;
}
