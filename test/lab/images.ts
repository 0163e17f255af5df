import {createHash} from 'node:crypto';
import {mkdtemp, readFile, rm, stat} from 'node:fs/promises';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {cacheFolder, withLock} from './cache.ts';
import {baseRecipe, importBase} from './base-image.ts';
import {docker, run} from './docker.ts';

/** The image names of the lab's four roles, for the variables of compose.yaml. */
export type LabImages = {postgres: string; redis: string; nginx: string; app: string};

/** Called with one line at the start of every slow step. */
export type Progress = (line: string) => void;

const imagesFolder = fileURLToPath(new URL('images/', import.meta.url));
const silent: Progress = () => undefined;

type Role = {
	name: string;
	stopSignal: string;
	changes: readonly string[];
	files: Readonly<Record<string, string>>;
};

const roles: Readonly<Record<keyof LabImages, Role>> = {
	postgres: {
		name: 'postgres:15',
		stopSignal: 'SIGINT',
		changes: [
			'ENV PATH=/usr/lib/postgresql/15/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
			'ENV PGDATA=/var/lib/postgresql/data',
			'ENV LANG=C.UTF-8',
			'VOLUME /var/lib/postgresql/data',
			'EXPOSE 5432',
			'ENTRYPOINT ["/usr/local/bin/docker-entrypoint.sh"]',
			'CMD ["postgres"]',
		],
		files: {'postgres/entrypoint.sh': '/usr/local/bin/docker-entrypoint.sh'},
	},
	redis: {
		name: 'redis:7',
		stopSignal: 'SIGTERM',
		changes: ['WORKDIR /data', 'VOLUME /data', 'EXPOSE 6379', 'CMD ["redis-server"]'],
		files: {},
	},
	nginx: {
		name: 'nginx:1',
		stopSignal: 'SIGQUIT',
		changes: ['EXPOSE 80', 'CMD ["nginx", "-g", "daemon off;"]'],
		files: {},
	},
	app: {
		name: 'app:1',
		stopSignal: 'SIGTERM',
		changes: ['WORKDIR /srv/app', 'CMD ["python3"]'],
		files: {},
	},
};

function hashOf(...parts: readonly string[]): string {
	const hash = createHash('sha256');
	for (const part of parts) hash.update(part).update('\0');
	return hash.digest('hex').slice(0, 12);
}

/** Whether the engine has an image of this name. */
export async function hasImage(name: string): Promise<boolean> {
	try {
		await docker(['image', 'inspect', '--format', '{{.Id}}', name]);
		return true;
	} catch {
		return false;
	}
}

async function debianNames(): Promise<{base: string; images: LabImages}> {
	const files = await Promise.all(
		Object.values(roles)
			.flatMap(role => Object.keys(role.files))
			.map(file => readFile(join(imagesFolder, file), 'utf8')),
	);
	const hash = hashOf(baseRecipe, JSON.stringify(roles), ...files);
	const name = (role: Role) => `opsconsole-lab/${role.name}-${hash}`;
	return {
		base: `opsconsole-lab/base:${hashOf(baseRecipe)}`,
		images: {
			postgres: name(roles.postgres),
			redis: name(roles.redis),
			nginx: name(roles.nginx),
			app: name(roles.app),
		},
	};
}

async function publicNames(): Promise<LabImages> {
	const dockerfile = await readFile(join(imagesFolder, 'app/Dockerfile'), 'utf8');
	return {
		postgres: 'postgres:15',
		redis: 'redis:7',
		nginx: 'nginx:1',
		app: `opsconsole-lab/app:public-${hashOf(dockerfile)}`,
	};
}

async function haveAll(images: LabImages): Promise<boolean> {
	const have = await Promise.all(Object.values(images).map(hasImage));
	return have.every(Boolean);
}

/** Whether the engine can pull public images, tried with the smallest one and a short deadline. */
async function canPull(): Promise<boolean> {
	if (process.env['OPSCONSOLE_LAB_IMAGES'] === 'debian') return false;
	if (await hasImage('busybox:1')) return true;
	try {
		await docker(['pull', '--quiet', 'busybox:1'], {deadlineMs: 20_000});
		return true;
	} catch {
		return false;
	}
}

async function makeRole(base: string, name: string, role: Role): Promise<void> {
	// A fixed name: one that a killed process left behind goes first. The caller holds the lock.
	const container = `opsconsole-lab-making-${role.name.replace(':', '-')}`;
	await docker(['rm', '--force', container]).catch(() => undefined);
	await docker(['create', '--name', container, '--stop-signal', role.stopSignal, base, 'true']);
	try {
		for (const [file, place] of Object.entries(role.files))
			await docker(['cp', join(imagesFolder, file), `${container}:${place}`]);
		const changes = role.changes.flatMap(change => ['--change', change]);
		await docker(['commit', ...changes, container, name]);
	} finally {
		await docker(['rm', '--force', container]);
	}
}

async function makePublic(images: LabImages, progress: Progress): Promise<void> {
	for (const name of [images.postgres, images.redis, images.nginx]) {
		if (await hasImage(name)) continue;
		progress(`pulling ${name}`);
		await docker(['pull', '--quiet', name], {deadlineMs: 600_000});
	}
	if (await hasImage(images.app)) return;
	progress('building the app image');
	await docker(['build', '--quiet', '--tag', images.app, join(imagesFolder, 'app')], {
		deadlineMs: 600_000,
	});
}

async function makeDebian(progress: Progress): Promise<LabImages> {
	const {base, images} = await debianNames();
	if (!(await hasImage(base))) await importBase(base, progress);
	progress('making the images of the lab');
	for (const key of ['postgres', 'redis', 'nginx', 'app'] as const)
		if (!(await hasImage(images[key]))) await makeRole(base, images[key], roles[key]);
	return images;
}

/** The lab's images where the engine has them all already, from either source. */
export async function imagesThere(): Promise<LabImages | undefined> {
	const {images} = await debianNames();
	if (await haveAll(images)) return images;
	const others = await publicNames();
	return (await haveAll(others)) ? others : undefined;
}

/**
 * The lab's images, made where they are missing: public ones where they can be pulled, else from Debian
 * packages. Only one process makes them; the others wait. The first time takes one to two minutes.
 */
export async function ensureImages(progress: Progress = silent): Promise<LabImages> {
	return (
		(await imagesThere()) ??
		(await withLock('lab-images', async () => {
			const made = await imagesThere();
			if (made) return made;
			if (!(await canPull())) return makeDebian(progress);
			const images = await publicNames();
			await makePublic(images, progress);
			return images;
		}))
	);
}

async function busyboxProgram(folder: string): Promise<string> {
	const own = '/bin/busybox';
	const isStatic = await run('ldd', [own]).then(
		() => false,
		(error: unknown) => error instanceof Error && error.message.includes('not a dynamic'),
	);
	if (isStatic) return own;
	await run('apt-get', ['download', '-q', 'busybox-static'], {folder}).catch(async () => {
		await run('apt-get', ['update', '-q'], {deadlineMs: 120_000});
		await run('apt-get', ['download', '-q', 'busybox-static'], {folder});
	});
	await run('sh', ['-c', 'dpkg-deb -x busybox-static_*.deb .'], {folder});
	return join(folder, 'bin/busybox');
}

async function makeBusyboxArchive(archive: string): Promise<void> {
	const folder = await mkdtemp(join(await cacheFolder(), 'busybox-'));
	try {
		const program = await busyboxProgram(folder);
		const script =
			'mkdir -p root/bin root/tmp root/etc && cp "$1" root/bin/busybox && for name in $(root/bin/busybox --list); do ' +
			'[ "$name" = busybox ] || ln -s busybox "root/bin/$name"; done && ' +
			'printf "root:x:0:0:root:/:/bin/sh\\n" >root/etc/passwd && tar -C root -cf "$2.part" . && mv "$2.part" "$2"';
		await run('sh', ['-c', script, 'sh', program, archive], {folder});
	} finally {
		await rm(folder, {recursive: true, force: true});
	}
}

/** A tar file of a small root file system with busybox (2 MB), made once and kept in the cache. */
export async function busyboxArchive(): Promise<string> {
	const archive = join(await cacheFolder(), 'busybox-root-1.tar');
	return withLock('busybox', async () => {
		const made = await stat(archive).catch(() => undefined);
		if (!made) await makeBusyboxArchive(archive);
		return archive;
	});
}

/** The name of the busybox image, which this engine then has. */
export async function ensureBusybox(host: readonly string[] = []): Promise<string> {
	const name = 'opsconsole-lab/busybox:1';
	const inspect = () => docker([...host, 'image', 'inspect', '--format', '{{.Id}}', name]);
	const have = await inspect().then(
		() => true,
		() => false,
	);
	if (have) return name;
	const archive = await busyboxArchive();
	// Two imports at once would leave one image without a name.
	await withLock('busybox-import', async () => {
		const isThere = await inspect().catch(() => undefined);
		if (isThere === undefined)
			await docker([...host, 'import', '--change', 'CMD ["sh"]', archive, name]);
	});
	return name;
}
