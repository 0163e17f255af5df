import {mkdtemp, readdir, readFile, rm, stat} from 'node:fs/promises';
import {createHash} from 'node:crypto';
import {join} from 'node:path';
import {cacheFolder} from './cache.ts';
import {docker, run} from './docker.ts';
import {LabError} from './engine.ts';

const suite = 'bookworm';
const packages = [
	'ca-certificates',
	'nginx-light',
	'postgresql-15',
	'python3-fastapi',
	'python3-minimal',
	'python3-psycopg2',
	'python3-redis',
	'python3-uvicorn',
	'redis-server',
];

// What the lab never needs: package caches, documents, and the compiler library of PostgreSQL's JIT
// (without llvmjit.so the server runs as usual and compiles nothing).
const dropped = [
	'var/cache/apt/*',
	'var/lib/apt/lists/*',
	'usr/share/doc/*',
	'usr/share/man/*',
	'usr/share/locale/*',
	'usr/lib/postgresql/15/lib/bitcode',
	'usr/lib/postgresql/15/lib/llvmjit*',
	'usr/lib/x86_64-linux-gnu/libLLVM*',
	'usr/lib/aarch64-linux-gnu/libLLVM*',
	'etc/resolv.conf',
	'etc/hostname',
];

/** Everything that decides what is in the base image; its hash is the image's tag. */
export const baseRecipe = JSON.stringify({suite, packages, dropped});

/** The Debian mirror of this machine's apt sources, or Debian's own. */
export async function debianMirror(aptFolder = '/etc/apt'): Promise<string> {
	const listed = await readdir(join(aptFolder, 'sources.list.d')).catch(() => []);
	const files = ['sources.list', ...listed.sort().map(name => `sources.list.d/${name}`)];
	for (const file of files) {
		const text = await readFile(join(aptFolder, file), 'utf8').catch(() => '');
		for (const [, address = ''] of text.matchAll(
			/^(?:URIs:\s*|deb\s+(?:\[[^\]]*\]\s+)?)(https?:\/\/[^\s#]+)/gm,
		))
			if (/\/debian\/?$/.test(address)) return address;
	}
	return 'http://deb.debian.org/debian';
}

async function makeArchive(archive: string, progress: (line: string) => void): Promise<void> {
	if (process.getuid?.() !== 0)
		throw new LabError('Only root can make the base image from Debian packages (debootstrap).');
	await run('debootstrap', ['--version']).catch(() => {
		throw new LabError(
			'The base image is made with debootstrap; install it with: sh test/lab/engine.sh packages',
		);
	});
	const mirror = await debianMirror();
	progress(`making the base image from Debian packages of ${mirror} (about a minute, once)`);
	const folder = await mkdtemp(join(await cacheFolder(), 'base-'));
	try {
		const include = `--include=${packages.join(',')}`;
		await run('debootstrap', ['--variant=minbase', include, suite, folder, mirror], {
			deadlineMs: 600_000,
		});
		const drop = `rm -rf ${dropped.join(' ')}`;
		await run('sh', ['-c', `${drop} && tar -cf "$1.part" . && mv "$1.part" "$1"`, 'sh', archive], {
			folder,
		});
	} finally {
		await rm(folder, {recursive: true, force: true});
	}
}

/** Makes the base image in the engine, from the cached tar file where there is one. */
export async function importBase(name: string, progress: (line: string) => void): Promise<void> {
	const hash = createHash('sha256').update(baseRecipe).digest('hex').slice(0, 12);
	const archive = join(await cacheFolder(), `lab-base-${hash}.tar`);
	const made = await stat(archive).catch(() => undefined);
	if (!made) await makeArchive(archive, progress);
	progress('importing the base image');
	await docker(['import', archive, name], {deadlineMs: 300_000});
}
