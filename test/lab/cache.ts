import {spawn} from 'node:child_process';
import {mkdir} from 'node:fs/promises';
import {homedir} from 'node:os';
import {join} from 'node:path';

/** The folder where the lab keeps what is slow to make: $OPSCONSOLE_CACHE or ~/.cache/opsconsole. */
export async function cacheFolder(): Promise<string> {
	const {OPSCONSOLE_CACHE: own, XDG_CACHE_HOME: users} = process.env;
	const folder = own ?? join(users ?? join(homedir(), '.cache'), 'opsconsole');
	await mkdir(folder, {recursive: true});
	return folder;
}

/**
 * Does a piece of work while no other process of this user does one of the same name. The lock is an
 * flock(1) held by a small child, so it ends with this process however that ends.
 */
export async function withLock<T>(name: string, work: () => Promise<T>): Promise<T> {
	const file = join(await cacheFolder(), `${name}.lock`);
	const holder = spawn('flock', [file, 'sh', '-c', 'echo held; cat'], {
		stdio: ['pipe', 'pipe', 'inherit'],
	});
	await new Promise<void>((resolve, reject) => {
		holder.once('error', reject);
		holder.once('exit', code => reject(new Error(`flock ended with ${code ?? 'a signal'}`)));
		holder.stdout.once('data', () => resolve());
	});
	try {
		return await work();
	} finally {
		holder.stdin.end();
		await new Promise(resolve => holder.once('close', resolve));
	}
}
