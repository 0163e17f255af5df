import {randomBytes} from 'node:crypto';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {docker, linesOf} from '../lab/docker.ts';
import {ensureBusybox} from '../lab/images.ts';
import {label, runId} from '../lab/run-id.ts';
import {prepareEngine} from '../support/prepare-engine.ts';
import {openTerminal, type Terminal, type TerminalOptions} from '../support/terminal.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The program as it is installed: its launcher, and the built file for another Node. */
export const launcher = join(root, 'bin', 'opsconsole');
export const builtProgram = join(root, 'dist', 'main.js');

/** A configuration with which the console watches this host and nothing else, so often that tests wait little. */
export const hostOnly = 'refresh: 500ms\ndocker: {enabled: false}\ndiscovery: {enabled: false}\n';

/** A folder of a test's own, with the environment that makes it the user's home. */
export type Home = {
	readonly folder: string;
	readonly env: Readonly<Record<string, string | undefined>>;
	/** Removes the folder. */
	remove(): void;
};

/** Makes a home; `config` becomes its opsconsole.yaml. */
export function makeHome(config?: string): Home {
	const folder = mkdtempSync(join(tmpdir(), 'opsct-home-'));
	if (config !== undefined) writeFileSync(join(folder, 'opsconsole.yaml'), config);
	return {
		folder,
		env: {
			HOME: folder,
			XDG_CACHE_HOME: join(folder, 'cache'),
			XDG_CONFIG_HOME: join(folder, 'config'),
			XDG_STATE_HOME: join(folder, 'state'),
			OPSCONSOLE_CONFIG: undefined,
			OPSCONSOLE_LANG: undefined,
		},
		remove() {
			rmSync(folder, {recursive: true, force: true});
		},
	};
}

/** How a test wants its console. */
export type ConsoleOptions = Partial<TerminalOptions> & {
	/** Its opsconsole.yaml; watches only the host unless told. `null`: no file. */
	readonly config?: string | null;
};

/** Consoles of one test file; give them back with `closeAll` after each test. */
export function consoles(): {
	readonly start: (options?: ConsoleOptions) => Terminal;
	readonly closeAll: () => Promise<void>;
} {
	const open: {readonly terminal: Terminal; readonly home: Home}[] = [];
	return {
		start(options = {}) {
			const {config, env, ...rest} = options;
			const home = makeHome(config === null ? undefined : (config ?? hostOnly));
			const terminal = openTerminal({
				command: launcher,
				cwd: home.folder,
				...rest,
				env: {...home.env, ...env},
			});
			open.push({terminal, home});
			return terminal;
		},
		async closeAll() {
			for (const {terminal, home} of open.splice(0)) {
				await terminal.close();
				home.remove();
			}
		},
	};
}

/** A service of a small project: what it runs (a long sleep unless told) and labels besides Compose's. */
export type SmallService = {
	readonly name: string;
	readonly command?: readonly string[];
	readonly labels?: Readonly<Record<string, string>>;
	readonly environment?: Readonly<Record<string, string>>;
	/** With a terminal of its own and an open standard input. */
	readonly isTerminal?: boolean;
};

/** Containers without a network that look like a Compose project of their own. */
export type SmallProject = {
	readonly name: string;
	/** Removes exactly these containers. */
	remove(): Promise<void>;
};

/** Starts one busybox container for each service. */
export async function startProject(services: readonly SmallService[]): Promise<SmallProject> {
	await prepareEngine();
	const image = await ensureBusybox();
	const name = `opsct-${randomBytes(4).toString('hex')}`;
	const remove = async () => {
		const filter = `label=com.docker.compose.project=${name}`;
		const ids = linesOf(await docker(['ps', '--all', '--quiet', '--filter', filter]));
		if (ids.length > 0) await docker(['rm', '--force', '--volumes', ...ids]);
	};
	const start = async (service: SmallService, index: number) => {
		const labels = {
			[label]: runId(),
			'com.docker.compose.project': name,
			'com.docker.compose.service': service.name,
			'com.docker.compose.container-number': '1',
			...service.labels,
		};
		const environment = Object.entries(service.environment ?? {});
		await docker([
			...['run', '--detach', '--network', 'none', '--stop-signal', 'SIGKILL'],
			...['--name', `${name}_${index + 1}`],
			...Object.entries(labels).flatMap(([key, value]) => ['--label', `${key}=${value}`]),
			...(service.isTerminal === true ? ['--tty', '--interactive'] : []),
			...environment.flatMap(([key, value]) => ['--env', `${key}=${value}`]),
			...[image, ...(service.command ?? ['sleep', '86400'])],
		]);
	};
	try {
		await Promise.all(services.map(start));
	} catch (error) {
		await remove();
		throw error;
	}

	return {name, remove};
}
