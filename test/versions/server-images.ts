import {createHash} from 'node:crypto';
import {readFile} from 'node:fs/promises';
import {fileURLToPath} from 'node:url';
import {withLock} from '../lab/cache.ts';
import {docker} from '../lab/docker.ts';
import {hasImage} from '../lab/images.ts';
import {embeddedPostgres} from '../support/postgres-binaries.ts';
import {makeReleaseImage, releaseRecipe, type Release} from './debian-image.ts';

/** The Debian releases that have other servers than the lab's; a suite that a mirror lacks is skipped with the reason. */
const releases = {
	bullseye: {
		suite: 'bullseye',
		script: 'bullseye',
		packages: ['postgresql-13', 'redis-server'],
	},
	bookworm: {
		suite: 'bookworm',
		script: 'bookworm',
		packages: ['postgresql-15', 'redis-server'],
	},
	trixie: {
		suite: 'trixie',
		script: 'trixie',
		packages: ['postgresql-17', 'redis-server', 'valkey-server'],
	},
	forky: {
		suite: 'forky',
		script: 'sid',
		packages: ['postgresql-18', 'redis-server', 'valkey-server'],
	},
	experimental: {
		suite: 'sid',
		script: 'sid',
		over: 'experimental',
		packages: [
			'postgresql-19/experimental',
			'postgresql-client-19/experimental',
			'libpq5/experimental',
			'redis-server/experimental',
			'redis-tools/experimental',
		],
	},
} as const satisfies Readonly<Record<string, Release>>;

type ReleaseName = keyof typeof releases;

/** A server that is to be tried: which, in which release's image, and for PostgreSQL whose programs are beside it. */
export type ServerImage =
	| {
			readonly kind: 'postgres';
			readonly major: number;
			readonly release: ReleaseName;
			/** Major version of the release's own psql, pg_dump and pg_restore. */
			readonly programs: number;
	  }
	| {readonly kind: 'redis' | 'valkey'; readonly version: string; readonly release: ReleaseName};

type PostgresImage = ServerImage & {kind: 'postgres'};

/**
 * PostgreSQL by major version. Debian has one per release; 12, 14 and 16 are npm's builds (server and initdb only)
 * beside the programs of the next newer release.
 */
export const postgresImages: readonly PostgresImage[] = [
	{kind: 'postgres', major: 12, release: 'bookworm', programs: 15},
	{kind: 'postgres', major: 13, release: 'bullseye', programs: 13},
	{kind: 'postgres', major: 14, release: 'bookworm', programs: 15},
	{kind: 'postgres', major: 15, release: 'bookworm', programs: 15},
	{kind: 'postgres', major: 16, release: 'trixie', programs: 17},
	{kind: 'postgres', major: 17, release: 'trixie', programs: 17},
	{kind: 'postgres', major: 18, release: 'forky', programs: 18},
	{kind: 'postgres', major: 19, release: 'experimental', programs: 19},
];

/** Redis and Valkey by what their INFO says first. */
export const redisImages: readonly (ServerImage & {kind: 'redis' | 'valkey'})[] = [
	{kind: 'redis', version: '6.0', release: 'bullseye'},
	{kind: 'redis', version: '7.0', release: 'bookworm'},
	{kind: 'redis', version: '8.0', release: 'trixie'},
	{kind: 'redis', version: '8.6', release: 'experimental'},
	{kind: 'valkey', version: '8.1', release: 'trixie'},
	{kind: 'valkey', version: '9.1', release: 'forky'},
];

const entrypointFile = fileURLToPath(
	new URL('../lab/images/postgres/entrypoint.sh', import.meta.url),
);
const entrypoint = '/usr/local/bin/docker-entrypoint.sh';

/** What is done to a release's image for one server: a script inside, files before it, settings after it. */
type Recipe = {
	readonly script: string;
	readonly files: readonly (readonly [from: string, to: string])[];
	readonly changes: readonly string[];
};

async function recipeOf(image: ServerImage): Promise<Recipe> {
	if (image.kind !== 'postgres') {
		// Only its own programs may be there: a server of the other product must not stand in for it.
		const other = image.kind === 'redis' ? 'valkey' : 'redis';
		return {
			script: `rm -f /usr/bin/${other}-* && mkdir -p /data`,
			files: [],
			changes: ['WORKDIR /data', 'VOLUME /data', 'EXPOSE 6379', `CMD ["${image.kind}-server"]`],
		};
	}

	const {major, programs} = image;
	const folder = `/usr/lib/postgresql/${major}`;
	const paths = [...new Set([major, programs])].map(one => `/usr/lib/postgresql/${one}/bin`);
	const isForeign = major !== programs;
	// Servers before 14 keep passwords as MD5 unless told otherwise, and the rule md5 takes both kinds.
	const access = major < 14 ? `sed -i 's/all scram-sha-256/all md5/' ${entrypoint}` : 'true';
	// Debian's programs look for the server's socket where Debian's own server has it.
	const socket = `echo "unix_socket_directories = '/var/run/postgresql'" >>"$(find ${folder}/share -name postgresql.conf.sample)"`;
	return {
		script: `${access} && chown -R root:root ${folder}${isForeign ? ` && ${socket}` : ''}`,
		files: [
			[entrypointFile, entrypoint],
			...(isForeign ? [[`${await embeddedPostgres(major)}/.`, folder] as const] : []),
		],
		changes: [
			`ENV PATH=${paths.join(':')}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`,
			'ENV PGDATA=/var/lib/postgresql/data',
			'ENV LANG=C.UTF-8',
			'VOLUME /var/lib/postgresql/data',
			'EXPOSE 5432',
			`ENTRYPOINT ["${entrypoint}"]`,
			'CMD ["postgres"]',
		],
	};
}

async function make(base: string, name: string, {script, files, changes}: Recipe): Promise<void> {
	// A fixed name: one that a killed process left behind goes first. The caller holds the lock.
	const container = 'opsconsole-versions-making';
	await docker(['rm', '--force', container]).catch(() => undefined);
	const stop = ['--stop-signal', name.includes('/postgres:') ? 'SIGINT' : 'SIGTERM'];
	await docker(['create', '--name', container, ...stop, base, 'sh', '-c', script]);
	try {
		for (const [from, to] of files) await docker(['cp', from, `${container}:${to}`]);
		await docker(['start', '--attach', container]);
		const all = changes.flatMap(change => ['--change', change]);
		await docker(['commit', ...all, container, name]);
	} finally {
		await docker(['rm', '--force', container]);
	}
}

function hashOf(...parts: readonly string[]): string {
	const hash = createHash('sha256');
	for (const part of parts) hash.update(part).update('\0');
	return hash.digest('hex').slice(0, 12);
}

/**
 * The name of a server's image, which the engine then has; made at the first use and kept. Fails with the reason where
 * a suite, a package or an npm package cannot be had.
 */
export async function serverImage(image: ServerImage): Promise<string> {
	const release = releases[image.release];
	const base = `opsconsole-versions/${image.release}:${hashOf(releaseRecipe(release))}`;
	const recipe = await recipeOf(image);
	const hash = hashOf(base, JSON.stringify(recipe), await readFile(entrypointFile, 'utf8'));
	const tag = image.kind === 'postgres' ? String(image.major) : image.version;
	const name = `opsconsole-versions/${image.kind}:${tag}-${hash}`;
	if (await hasImage(name)) return name;
	return withLock('versions-images', async () => {
		if (!(await hasImage(base))) await makeReleaseImage(release, base);
		if (!(await hasImage(name))) await make(base, name, recipe);
		return name;
	});
}
