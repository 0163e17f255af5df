import {clean} from '../../domain/clean.ts';
import {openPorts} from '../../domain/listening.ts';
import type {LookFacts, LookReader} from '../reader.ts';
import {readLogins} from './logins.ts';
import {walkTree, type Visited} from './walk-tree.ts';

const etcMs = 4000;
const mostEntries = 20_000;
const shownCount = 6;
const sshPort = 22;

/** Ports whose service nobody outside should reach, by what listens there usually. */
const databasePorts: Readonly<Record<number, string>> = {
	2375: 'Docker API',
	3306: 'MySQL',
	5432: 'PostgreSQL',
	6379: 'Redis',
	9200: 'Elasticsearch',
	11_211: 'memcached',
	27_017: 'MongoDB',
};

const localAddress = /^(?:127\.|::1$|localhost$)/;

type Exposed = {readonly port: number; readonly by?: string};

/** Ports that other machines can reach: those that somebody listens on, and those that the engine publishes. */
async function exposedPorts({io, containers}: LookFacts): Promise<readonly Exposed[] | undefined> {
	const texts = await Promise.all(
		['/proc/net/tcp', '/proc/net/tcp6'].map(path =>
			io.files.readText(path, 16 * 1024 * 1024).catch(() => ''),
		),
	);
	if (texts.every(text => text === '')) return undefined;
	const byPort = new Map<number, Exposed>();
	for (const port of openPorts(texts.join('\n'))) byPort.set(port, {port});
	for (const {name, ports} of containers) {
		for (const {hostPort, hostAddress = '', protocol} of ports) {
			if (hostPort === undefined || protocol !== 'tcp' || localAddress.test(hostAddress)) continue;
			byPort.set(hostPort, {port: hostPort, by: name});
		}
	}

	return [...byPort.values()].sort((a, b) => a.port - b.port);
}

/** Ports that the configuration or a container explains. */
function explainedPorts({settings, targets}: LookFacts): ReadonlySet<number> {
	const endpoints = targets.endpoints.flatMap(({url}) => {
		if (!URL.canParse(url)) return [];
		const {port, protocol} = new URL(url);
		return Number(port) || (protocol === 'https:' ? 443 : 80);
	});
	return new Set([
		sshPort,
		...settings.services.flatMap(({port}) => port ?? []),
		...[...targets.postgres, ...targets.redis].map(({port}) => port),
		...endpoints,
	]);
}

function databaseOn(port: number, {targets}: LookFacts): string | undefined {
	if (targets.postgres.some(target => target.port === port)) return 'PostgreSQL';
	if (targets.redis.some(target => target.port === port)) return 'Redis';
	return databasePorts[port];
}

async function portValues(facts: LookFacts) {
	const exposed = await exposedPorts(facts);
	const explained = explainedPorts(facts);
	const unexpected = exposed?.filter(({port, by}) => by === undefined && !explained.has(port));
	const databases = exposed?.filter(({port}) => databaseOn(port, facts) !== undefined);
	const named = ({port, by}: Exposed) =>
		[String(port), databaseOn(port, facts), by].filter(part => part !== undefined).join(' ');
	return {
		exposed: (exposed ?? []).map(named),
		values: {
			'open-ports': exposed?.length,
			'unexpected-ports': unexpected?.length,
			'first-unexpected': unexpected?.[0] && named(unexpected[0]),
			'open-databases': databases?.length,
			'first-open-database': databases?.[0] && named(databases[0]),
		},
	};
}

/** Files and folders below a folder that everybody may write. */
export async function worldWritable({io, signal}: Pick<LookFacts, 'io' | 'signal'>, root: string) {
	const found: string[] = [];
	async function visit(folder: string): Promise<Visited> {
		const entries = await io.files.list(folder, mostEntries);
		const own = entries.filter(({kind, mode}) => {
			// In a sticky folder nobody can change what is somebody else's.
			const isSticky = kind === 'folder' && (mode & 0o1000) !== 0;
			return kind !== 'link' && (mode & 0o002) !== 0 && !isSticky;
		});
		found.push(...own.map(({name}) => `${folder}/${name}`));
		const below = entries
			.filter(({kind}) => kind === 'folder')
			.map(({name}) => `${folder}/${name}`);
		return {own: own.length, below, isCut: entries.length >= mostEntries};
	}

	const limits = {clock: io.clock, signal, deadlineMs: etcMs};
	const {isComplete} = await walkTree(root, visit, limits);
	return {found: found.toSorted(), isComplete};
}

/** Failed logins, open ports and loose permissions. */
export const readHostSecurity: LookReader<'host.security'> = async facts => {
	const [logins, ports, etc] = await Promise.all([
		readLogins(facts),
		portValues(facts),
		worldWritable(facts, '/etc'),
	]);
	const [first] = logins?.from ?? [];
	return {
		values: {
			'failed-logins': logins?.count,
			'failed-from': first?.address,
			'failed-from-count': first?.count,
			...ports.values,
			'world-writable': etc.found.length,
			'first-world-writable': etc.found[0] === undefined ? undefined : clean(etc.found[0], 200),
			'is-etc-complete': etc.isComplete,
		},
		lines: [
			...etc.found.slice(0, shownCount).map(path => clean(path, 200)),
			...ports.exposed.slice(0, shownCount).map(port => `TCP ${port}`),
			...(logins?.from ?? []).slice(0, shownCount).map(({address, count}) => `${count} ${address}`),
		],
	};
};
