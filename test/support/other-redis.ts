import {execFile} from 'node:child_process';
import {access, mkdir, readdir, readFile, rename, rm, writeFile} from 'node:fs/promises';
import {homedir} from 'node:os';
import {join} from 'node:path';
import {promisify} from 'node:util';
import type {RedisBinary} from './redis-server.ts';

const run = promisify(execFile);

/** Servers of another Debian release: the packages with every library they need, also the C library. */
type Release = {readonly suite: string; readonly packages: string};

const releases = {
	redis6: {
		suite: 'bullseye',
		packages:
			'redis-server redis-tools libc6 libatomic1 libhiredis0.14 libjemalloc2 liblua5.1-0 liblzf1 libssl1.1 libsystemd0 libgcrypt20 libgpg-error0 liblz4-1 liblzma5 libzstd1 lua-bitop lua-cjson libgcc-s1 libstdc++6',
	},
	redis8: {
		suite: 'trixie',
		packages:
			'redis-server redis-tools valkey-server valkey-tools libc6 libgcc-s1 libstdc++6 libatomic1 libjemalloc2 liblzf1 libzstd1 zlib1g libssl3t64 libsystemd0 libcap2',
	},
} as const satisfies Readonly<Record<string, Release>>;

const servers = {
	'Redis 6': {release: releases.redis6, name: 'redis'},
	'Redis 8': {release: releases.redis8, name: 'redis'},
	Valkey: {release: releases.redis8, name: 'valkey'},
} as const;

export type OtherServer = keyof typeof servers;

/**
 * A server that this Debian release does not have, or why it cannot be had. Fetched once from the Debian mirror into
 * ${OPSCONSOLE_CACHE:-~/.cache/opsconsole} by apt with lists of its own; nothing is installed. Needs apt and x86-64.
 */
export async function otherServer(
	kind: OtherServer,
): Promise<{readonly binary: RedisBinary} | {readonly missing: string}> {
	const {release, name} = servers[kind];
	const cache = process.env['OPSCONSOLE_CACHE'] ?? join(homedir(), '.cache', 'opsconsole');
	const root = join(cache, `redis-${release.suite}`);
	try {
		await access(join(root, 'usr/bin', `${name}-server`)).catch(() => fetchTo(root, release));
		return {binary: await binaryOf(root, name)};
	} catch (error) {
		const reason = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
		return {missing: `${kind} cannot be fetched here: ${reason}`};
	}
}

/** Started by the loader of their own C library. */
async function binaryOf(root: string, name: string): Promise<RedisBinary> {
	const folders = ['usr/lib/x86_64-linux-gnu', 'lib/x86_64-linux-gnu'].map(one => join(root, one));
	const loaders = await Promise.all(
		folders.map(async folder => {
			const path = join(folder, 'ld-linux-x86-64.so.2');
			return (await access(path).then(
				() => true,
				() => false,
			))
				? path
				: undefined;
		}),
	);
	const loader = loaders.find(path => path !== undefined);
	if (loader === undefined) throw new Error('their C library has no loader');
	const command = (program: string): readonly [string, ...string[]] => [
		loader,
		'--library-path',
		folders.join(':'),
		join(root, 'usr/bin', program),
	];
	return {server: command(`${name}-server`), cli: command(`${name}-cli`)};
}

/** The first Debian mirror of this machine. */
async function mirror(): Promise<string> {
	const text = await readFile('/etc/apt/sources.list.d/debian.sources', 'utf8').catch(() => '');
	return /^URIs:\s*(\S+)/m.exec(text)?.[1] ?? 'http://deb.debian.org/debian';
}

/** Downloads and unpacks next to the final place, and moves there when everything is complete. */
async function fetchTo(root: string, {suite, packages}: Release): Promise<void> {
	const work = `${root}.${process.pid}`;
	try {
		for (const folder of ['lists/partial', 'cache/archives/partial', 'etc', 'debs', 'root']) {
			await mkdir(join(work, folder), {recursive: true});
		}

		const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg';
		const line = `deb [arch=amd64 signed-by=${keyring}] ${await mirror()} ${suite} main\n`;
		await writeFile(join(work, 'etc/sources.list'), line);
		await writeFile(join(work, 'status'), '');
		const options = [
			`Dir::Etc::sourcelist=${work}/etc/sources.list`,
			'Dir::Etc::sourceparts=-',
			`Dir::State=${work}`,
			`Dir::State::status=${work}/status`,
			`Dir::Cache=${work}/cache`,
			'APT::Sandbox::User=root',
		].flatMap(option => ['-o', option]);
		await run('apt-get', [...options, '-q', 'update']);
		await run('apt-get', [...options, '-q', 'download', ...packages.split(' ')], {
			cwd: join(work, 'debs'),
		});
		for (const file of await readdir(join(work, 'debs'))) {
			await run('dpkg-deb', ['-x', join(work, 'debs', file), join(work, 'root')]);
		}

		await rename(join(work, 'root'), root);
	} finally {
		await rm(work, {recursive: true, force: true});
	}
}
