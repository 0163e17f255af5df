import {clean} from '../../domain/clean.ts';
import {ProblemError} from '../../domain/problem.ts';
import type {PostgresTarget} from '../../domain/targets.ts';
import {listOf, objectOf, textOf, textsOf} from '../../domain/unknown.ts';
import type {Look} from '../operation.ts';
import {majorInText, majorOf} from './pre-checks.ts';
import type {Programs} from './programs.ts';

const usualFolders = (major: number): readonly string[] => [
	`/usr/lib/postgresql/${major}/bin`,
	`/usr/pgsql-${major}/bin`,
	'/usr/local/bin',
	'/opt/bitnami/postgresql/bin',
	'/usr/bin',
];

/** Whether a file is in the file system of a container; reads no more than the start of the engine's answer. */
async function isInContainer(look: Look, containerId: string, path: string): Promise<boolean> {
	const query = `/containers/${containerId}/archive?path=${encodeURIComponent(path)}`;
	try {
		const ended = new AbortController();
		const stream = await look.io.docker.stream(query, AbortSignal.any([look.signal, ended.signal]));
		const first = await stream[Symbol.asyncIterator]().next();
		ended.abort();
		return first.done !== true;
	} catch (error) {
		if (error instanceof ProblemError && error.problem.code === 'docker-not-found') return false;
		throw error;
	}
}

/** The container of a target as the engine knows it now, with what the sidecar needs of it. */
async function inspect(look: Look, containerId: string) {
	const found = objectOf(await look.io.docker.get(`/containers/${containerId}/json`, look.signal));
	const config = objectOf(found['Config']);
	const path = textsOf(config['Env']).find(line => line.startsWith('PATH='));
	return {
		imageId: textOf(found['Image']),
		name: textOf(found['Name']).replace(/^\//, ''),
		paths: (path ?? '')
			.slice('PATH='.length)
			.split(':')
			.filter(item => item.startsWith('/')),
	};
}

/** Whether folders of this machine can be mounted into containers as they are: a local engine without user mapping. */
async function canMount({io, signal}: Look): Promise<boolean> {
	if (!io.docker.address.startsWith('unix:') || io.host.platform() !== 'linux') return false;
	const info = objectOf(await io.docker.get('/info', signal));
	return !listOf(info['SecurityOptions']).some(option =>
		/name=(?:userns|rootless)/.test(textOf(option)),
	);
}

async function programsOfContainer(
	look: Look,
	containerId: string,
	major: number,
): Promise<Programs> {
	const {imageId, name, paths} = await inspect(look, containerId);
	const folders = [
		...new Set([...usualFolders(major).slice(0, 2), ...paths, ...usualFolders(major)]),
	];
	for (const folder of folders) {
		if (!(await isInContainer(look, containerId, `${folder}/pg_dump`))) continue;
		const user = look.io.host.userId();
		return (await canMount(look))
			? {kind: 'sidecar', image: imageId, folder, containerId, user: `${user}:${user}`}
			: {kind: 'exec', folder, containerId, containerName: clean(name, 200)};
	}

	const params = {where: clean(name, 200)};
	throw new ProblemError({code: 'dump-no-programs', params, retry: 'rarely'});
}

/** Major version of a program of this machine; undefined where it is not there. */
async function installedMajor(look: Look, program: string): Promise<number | undefined> {
	try {
		const {exitCode, stdout} = await look.io.processes.run([program, '--version'], look.signal);
		return exitCode === 0 ? majorInText(stdout) : undefined;
	} catch {
		look.signal.throwIfAborted();
		return undefined;
	}
}

/** The programs of this machine that can read a server of this version: the lowest major that is not older. */
async function programsOfHost(look: Look, major: number): Promise<Programs> {
	const newest = 30;
	const folders: string[] = [];
	for (let version = major; version <= newest; version++)
		folders.push(...usualFolders(version).slice(0, 2));
	const seen: number[] = [];
	for (const folder of [...new Set([...folders, '/usr/local/bin', '/usr/bin'])]) {
		const found = await installedMajor(look, `${folder}/pg_dump`);
		if (found !== undefined && found >= major) return {kind: 'program', folder};
		if (found !== undefined) seen.push(found);
	}

	const have = Math.max(...seen);
	throw new ProblemError(
		seen.length > 0
			? {code: 'dump-version', params: {server: major, client: have}, retry: 'rarely'}
			: {
					code: 'dump-no-programs',
					params: {where: clean(look.io.host.hostname())},
					retry: 'rarely',
				},
	);
}

/**
 * Where the programs for a server run. Rejects with a ProblemError: none found, or only ones older than the server, which
 * `pg_dump` would refuse half-way.
 */
export async function findPrograms(
	look: Look,
	target: PostgresTarget,
	versionNumber: number,
): Promise<Programs> {
	const major = majorOf(versionNumber);
	const {container} = target;
	return container
		? programsOfContainer(look, container.containerId, major)
		: programsOfHost(look, major);
}
