import {mkdtemp, rm, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {debianMirror} from '../lab/base-image.ts';
import {cacheFolder} from '../lab/cache.ts';
import {docker, run} from '../lab/docker.ts';
import {LabError} from '../lab/engine.ts';

/** A Debian release with servers in it: which packages, and by which rules debootstrap unpacks it. */
export type Release = {
	readonly suite: string;
	/** The script of debootstrap, where it has none of the suite's own name yet. */
	readonly script: string;
	readonly packages: readonly string[];
	/** Another suite that packages may come from, as `redis-server/experimental`. */
	readonly over?: string;
};

// Package caches, documents, the compiler of PostgreSQL's JIT, and the clusters that packages like to make.
const dropped = [
	'var/cache/apt/*',
	'var/lib/apt/lists/*',
	'usr/share/doc/*',
	'usr/share/man/*',
	'usr/share/locale/*',
	'usr/lib/postgresql/*/lib/bitcode',
	'usr/lib/postgresql/*/lib/llvmjit*',
	'usr/lib/x86_64-linux-gnu/libLLVM*',
	'usr/lib/aarch64-linux-gnu/libLLVM*',
	'etc/resolv.conf',
	'etc/hostname',
	'usr/sbin/policy-rc.d',
];

/** Everything that decides what is in the image of a release, for its tag. */
export function releaseRecipe(release: Release): string {
	return JSON.stringify({...release, dropped});
}

async function install(root: string, release: Release, mirror: string): Promise<void> {
	const {suite, over, packages} = release;
	// A package must start no server here, and make no cluster.
	await writeFile(join(root, 'usr/sbin/policy-rc.d'), '#!/bin/sh\nexit 101\n', {mode: 0o755});
	await run('mkdir', ['-p', join(root, 'etc/postgresql-common')]);
	const settings = 'create_main_cluster = false\n';
	await writeFile(join(root, 'etc/postgresql-common/createcluster.conf'), settings);
	const lines = [suite, ...(over === undefined ? [] : [over])].map(
		name => `deb ${mirror} ${name} main\n`,
	);
	await writeFile(join(root, 'etc/apt/sources.list'), lines.join(''));
	// Some packages want /proc; in a mount namespace of its own it is gone with the command.
	const enter = 'mount -t proc proc "$0/proc" && exec chroot "$0" "$@"';
	const inside = (...command: readonly string[]) =>
		run('unshare', ['--mount', '--pid', '--fork', 'sh', '-c', enter, root, ...command], {
			environment: {DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C'},
			deadlineMs: 600_000,
		});
	// Snapshots of a mirror stay what they are: their dates may be over.
	const late = ['-o', 'Acquire::Check-Valid-Until=false', '-q'];
	await inside('apt-get', ...late, 'update');
	await inside('apt-get', ...late, 'install', '-y', '--no-install-recommends', ...packages);
}

/**
 * Makes the image of a release from Debian packages (30 to 90 s; root and debootstrap are needed). Fails with the reason
 * where the machine's mirror does not have the suite or a package of it.
 */
export async function makeReleaseImage(release: Release, name: string): Promise<void> {
	if (process.getuid?.() !== 0) {
		throw new LabError('only root can make an image from Debian packages (debootstrap)');
	}

	const {suite, script} = release;
	const mirror = await debianMirror();
	const folder = await mkdtemp(join(await cacheFolder(), `versions-${suite}-`));
	const root = join(folder, 'root');
	try {
		const scriptFile = `/usr/share/debootstrap/scripts/${script}`;
		await run('debootstrap', ['--variant=minbase', suite, root, mirror, scriptFile], {
			deadlineMs: 600_000,
		});
		await install(root, release, mirror);
		const archive = join(folder, 'root.tar');
		const drop = `rm -rf ${dropped.join(' ')} && tar -cf "$1" .`;
		await run('sh', ['-c', drop, 'sh', archive], {folder: root, deadlineMs: 300_000});
		await docker(['import', archive, name], {deadlineMs: 300_000});
	} finally {
		await rm(folder, {recursive: true, force: true});
	}
}
