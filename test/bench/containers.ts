import {spawn, spawnSync} from 'node:child_process';
import {randomBytes} from 'node:crypto';
import {copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {createInterface} from 'node:readline';

/** An event of the engine: what happened, and the engine's own time in ms since 1970. */
export type EngineEvent = {readonly action: string; readonly atMs: number};

/** Small containers for measuring, made for one run and removed after it. */
export type Containers = {
	/** The Compose project that the containers say they are of, so that a program can be shown just them. */
	readonly project: string;
	/** Brings the number of idle containers to `count`; resolves when all of them run. */
	fillTo(count: number): Promise<void>;
	/** Name of the n-th idle container, from 0. */
	name(index: number): string;
	/** Starts one that writes lines to its log. */
	startLogging(linesPerSecond: number): Promise<void>;
	/** Starts one that writes to its log as fast as it can (at most 100 MB are kept); call the result to end it. */
	startStorm(): Promise<() => Promise<unknown>>;
	docker(...args: readonly string[]): Promise<string>;
	/** The next event of a container after `act` was called. */
	eventAfter(container: string, action: string, act: () => Promise<unknown>): Promise<EngineEvent>;
	/** Removes every container and the image of this run. */
	remove(): Promise<void>;
};

/** Makes the image of a run from a static busybox. Rejects with what is missing. */
export async function openContainers(): Promise<Containers> {
	const run = randomBytes(3).toString('hex');
	const image = `opsconsole-bench:${run}`;
	const label = `opsconsole.test=${run}`;
	await importImage(image, label);
	const project = `bench-${run}`;
	let count = 0;
	const name = (index: number): string => `bench-${String(index + 1).padStart(3, '0')}-${run}`;

	const start = (container: string, ...command: readonly string[]): Promise<string> =>
		docker(
			'run',
			'-d',
			'--network',
			'none',
			'--label',
			label,
			...composeLabels(project, container.replace(`-${run}`, '')),
			'--name',
			container,
			image,
			...command,
		);

	return {
		project,
		name,
		docker,
		fillTo: async wanted => {
			const missing = Array.from(
				{length: Math.max(0, wanted - count)},
				(_, index) => count + index,
			);
			count = Math.max(count, wanted);
			await inParallel(4, missing, index => start(name(index), '/bin/busybox', 'sleep', '86400'));
		},
		startLogging: async linesPerSecond => {
			const batch = Math.ceil(linesPerSecond / 10);
			const script = `while :; do i=0; while [ $i -lt ${batch} ]; do echo "ERROR request $i failed after 12 ms: upstream 10.0.0.7 timed out"; i=$((i+1)); done; /bin/busybox usleep 95000; done`;
			await start(`bench-log-${run}`, '/bin/busybox', 'sh', '-c', script);
		},
		startStorm: async () => {
			const storm = `bench-storm-${run}`;
			const options = ['-d', '--network', 'none', '--label', label, '--name', storm];
			const rotation = ['--log-opt', 'max-size=50m', '--log-opt', 'max-file=2'];
			const line = 'ERROR request 12 failed after 12 ms: upstream 10.0.0.7 timed out';
			await docker('run', ...options, ...rotation, image, '/bin/busybox', 'yes', line);
			return () => docker('rm', '-f', storm);
		},
		eventAfter,
		remove: async () => {
			const ids = (await docker('ps', '-aq', '--filter', `label=${label}`))
				.split('\n')
				.filter(Boolean);
			if (ids.length > 0) await docker('rm', '-f', ...ids);
			await docker('rmi', '-f', image);
		},
	};
}

function composeLabels(project: string, service: string): readonly string[] {
	const labels = {project, service, 'container-number': '1', oneoff: 'False'};
	return Object.entries(labels).flatMap(([name, value]) => [
		'--label',
		`com.docker.compose.${name}=${value}`,
	]);
}

/** How many containers of a Compose project run. */
export async function runningOf(project: string): Promise<number> {
	const label = `label=com.docker.compose.project=${project}`;
	const ids = await docker('ps', '-q', '--filter', label);
	return ids.split('\n').filter(Boolean).length;
}

async function importImage(image: string, label: string): Promise<void> {
	const busybox = ['/bin/busybox', '/usr/bin/busybox'].find(path => existsSync(path));
	if (busybox === undefined)
		throw new Error('needs a static busybox: apt-get install busybox-static');
	const folder = mkdtempSync(join(tmpdir(), 'opsconsole-bench-'));
	try {
		mkdirSync(join(folder, 'root', 'bin'), {recursive: true});
		copyFileSync(busybox, join(folder, 'root', 'bin', 'busybox'));
		const archive = join(folder, 'root.tar');
		const tar = spawnSync('tar', ['-C', join(folder, 'root'), '-cf', archive, '.']);
		if (tar.status !== 0) throw new Error(`tar failed: ${String(tar.stderr)}`);
		await docker('import', '--change', `LABEL ${label}`, archive, image);
	} finally {
		rmSync(folder, {recursive: true, force: true});
	}
}

/** Runs docker and resolves with what it printed; rejects with what it complained about. */
function docker(...args: readonly string[]): Promise<string> {
	return new Promise((resolve, reject) => {
		const child = spawn('docker', [...args], {stdio: ['ignore', 'pipe', 'pipe']});
		let output = '';
		let complaint = '';
		child.stdout.on('data', data => (output += String(data)));
		child.stderr.on('data', data => (complaint += String(data)));
		child.on('error', reject);
		child.on('close', status => {
			if (status === 0) resolve(output.trim());
			else reject(new Error(`docker ${args[0] ?? ''} failed: ${complaint.trim()}`));
		});
	});
}

async function eventAfter(
	container: string,
	action: string,
	act: () => Promise<unknown>,
): Promise<EngineEvent> {
	const since = String(Date.now() / 1000);
	const format = '{{.Action}} {{.TimeNano}}';
	const filter = `container=${container}`;
	const child = spawn(
		'docker',
		['events', '--since', since, '--filter', filter, '--format', format],
		{
			stdio: ['ignore', 'pipe', 'inherit'],
		},
	);
	try {
		const acting = act();
		for await (const line of createInterface({input: child.stdout})) {
			const [seen = '', timeNano = ''] = line.split(' ');
			if (seen !== action) continue;
			await acting;
			return {action, atMs: Number(timeNano) / 1e6};
		}
		throw new Error(`the engine ended its events before "${action}"`);
	} finally {
		child.kill();
	}
}

async function inParallel<T>(
	width: number,
	items: readonly T[],
	work: (item: T) => Promise<unknown>,
): Promise<void> {
	const queue = [...items];
	const worker = async (): Promise<void> => {
		for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
	};
	await Promise.all(Array.from({length: width}, worker));
}
