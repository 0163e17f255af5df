import {spawn, type ChildProcess} from 'node:child_process';
import {openSync, closeSync} from 'node:fs';
import {mkdtemp, readdir, readFile, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {basename, join} from 'node:path';
import {docker, run, type RunOptions} from '../lab/docker.ts';
import {ensureBusybox} from '../lab/images.ts';
import {isDead, runId} from '../lab/run-id.ts';
import {waitFor} from './wait.ts';

/** A Docker engine of a test's own, that may be stopped, killed and started again. */
export type PrivateEngine = {
	/** The address for DOCKER_HOST: `unix:///…/docker.sock`. */
	host: string;
	socketPath: string;
	/** The name of the busybox image that this engine has. */
	image: string;
	/** Runs the docker program against this engine. */
	docker: (parameters: readonly string[], options?: RunOptions) => Promise<string>;
	/** Starts a busybox container without a network and returns its id. */
	runContainer: (name: string, command: readonly string[]) => Promise<string>;
	/** Ends the engine in order (SIGTERM) and waits; its containers end with it. */
	stop: () => Promise<void>;
	/** Ends the engine at once (SIGKILL), as a crash would; its containers end too. */
	kill: () => Promise<void>;
	/** Starts the engine again on the same data and waits until it answers. */
	start: () => Promise<void>;
	/** Stops the engine and removes everything it had. */
	dispose: () => Promise<void>;
};

const prefix = 'opsct-engine-';

function namespaceOf(folder: string): string {
	return basename(folder);
}

async function ended(child: ChildProcess): Promise<void> {
	if (child.exitCode !== null || child.signalCode !== null) return;
	await new Promise(resolve => child.once('exit', resolve));
}

function launch(folder: string, host: string): ChildProcess {
	const log = openSync(join(folder, 'engine.log'), 'a');
	const parameters = [
		...['--data-root', join(folder, 'data'), '--exec-root', join(folder, 'exec')],
		...['--pidfile', join(folder, 'engine.pid'), '--host', host],
		...['--bridge', 'none', '--iptables=false', '--ip-forward=false'],
		// Where the machine runs a containerd, both engines use it; the shared one must not see our containers.
		...['--containerd-namespace', namespaceOf(folder)],
		...['--containerd-plugins-namespace', `${namespaceOf(folder)}-plugins`],
	];
	// In a network namespace of its own: a dockerd without a bridge deletes docker0, the host's engine's one.
	const child = spawn('unshare', ['--net', 'dockerd', ...parameters], {
		stdio: ['ignore', log, log],
	});
	closeSync(log);
	return child;
}

/** Ends what a killed engine left running: its containerd and its containers' shims, found by their folder. */
async function endLeftOvers(folder: string): Promise<void> {
	const listed = await run('ps', ['-e', '-o', 'pid=,args=']);
	for (const line of listed.split('\n')) {
		if (!line.includes(folder) || line.includes('ps -e')) continue;
		const pid = Number(line.trim().split(' ')[0]);
		if (pid !== process.pid) endProcess(pid);
	}
}

function endProcess(pid: number): void {
	try {
		process.kill(pid, 'SIGKILL');
	} catch {
		// It has ended by itself.
	}
}

async function killContainers(folder: string): Promise<void> {
	const listed = await run('sh', [
		'-c',
		'cat "$1"/exec/containerd/daemon/io.containerd.runtime.v*.task/"$2"/*/init.pid /run/containerd/io.containerd.runtime.v*.task/"$2"/*/init.pid 2>/dev/null; true',
		'sh',
		folder,
		namespaceOf(folder),
	]);
	for (const pid of listed.match(/\d+/g) ?? []) endProcess(Number(pid));
}

async function removeFolder(folder: string): Promise<void> {
	await killContainers(folder);
	await endLeftOvers(folder);
	await run('sh', [
		'-c',
		'grep -o " $1/[^ ]*" /proc/mounts | sort -r | xargs -r -n1 umount -l; rm -rf "$1"',
		'sh',
		folder,
	]);
}

/** Removes the private engines of test processes that have died, recognised by the owner they wrote down. */
async function sweepEngines(): Promise<void> {
	for (const name of await readdir(tmpdir())) {
		if (!name.startsWith(prefix)) continue;
		const folder = join(tmpdir(), name);
		const owner = await readFile(join(folder, 'owner'), 'utf8').catch(() => '');
		if (isDead(owner)) await removeFolder(folder);
	}
}

/** Starts a private dockerd (root, Linux) with its own data, socket and the busybox image. */
export async function startPrivateEngine(): Promise<PrivateEngine> {
	// Short on purpose: a unix socket's path may have 107 characters.
	await sweepEngines();
	const folder = await mkdtemp(join(tmpdir(), prefix));
	await writeFile(join(folder, 'owner'), runId());
	const socketPath = join(folder, 'docker.sock');
	const host = `unix://${socketPath}`;
	const own: PrivateEngine['docker'] = (parameters, options) =>
		docker(['--host', host, ...parameters], options);
	let child: ChildProcess | undefined;

	const start = async () => {
		// Left by a killed engine; a new one would wait for the containerd that they name.
		for (const left of ['engine.pid', 'exec/containerd/containerd.pid'])
			await rm(join(folder, left), {force: true});
		const started = launch(folder, host);
		child = started;
		await waitFor(
			async () => {
				if (started.exitCode !== null) return 'ended';
				return own(['version', '--format', '{{.Server.Version}}']);
			},
			{deadlineMs: 60_000, everyMs: 100, what: 'the private Docker engine'},
		);
		if (started.exitCode === null) return;
		const log = await readFile(join(folder, 'engine.log'), 'utf8');
		throw new Error(log.trim().split('\n').slice(-3).join(' | '));
	};
	const stop = async () => {
		if (!child) return;
		child.kill('SIGTERM');
		await ended(child);
		child = undefined;
	};
	const kill = async () => {
		if (!child) return;
		child.kill('SIGKILL');
		await ended(child);
		child = undefined;
		await killContainers(folder);
		await endLeftOvers(folder);
	};
	const dispose = async () => {
		await stop();
		await removeFolder(folder);
	};
	try {
		await start();
		const image = await ensureBusybox(['--host', host]);
		const runContainer = (name: string, command: readonly string[]) =>
			own([
				// First processes ignore SIGTERM; without the deadline every stop would take 10 s.
				...['run', '--detach', '--network', 'none', '--stop-timeout', '1', '--name', name],
				...[image, ...command],
			]);
		return {host, socketPath, image, docker: own, runContainer, stop, kill, start, dispose};
	} catch (error) {
		await dispose();
		throw error;
	}
}
