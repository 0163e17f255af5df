import {execFile, spawn, type ChildProcess} from 'node:child_process';
import {once} from 'node:events';
import {mkdir, mkdtemp, open, readFile, rm, truncate, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {promisify} from 'node:util';
import {docker} from '../lab/docker.ts';
import {ensureBusybox} from '../lab/images.ts';
import {until, type Ground} from './ground.ts';
import type {Scenario} from './scenario.ts';

const run = promisify(execFile);

/**
 * A file system in memory which counts as a disk, because its device is called one. The scenarios have a mount namespace
 * of their own, so that nobody else sees it.
 */
export async function disk(ground: Ground, options: string): Promise<string> {
	const folder = await mkdtemp(join(tmpdir(), 'opsconsole-scenario-disk-'));
	ground.undo(async () => rm(folder, {recursive: true, force: true}));
	await run('mount', ['-t', 'tmpfs', '-o', options, '/dev/opsct', folder]);
	ground.undo(async () => run('umount', ['--lazy', folder]));
	return folder;
}

async function fill(path: string): Promise<void> {
	const file = await open(path, 'a');
	try {
		for (;;) await file.write(new Uint8Array(65_536));
	} catch (error) {
		if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
	} finally {
		await file.close();
	}
}

/** A process of this host; ended with the scenario. */
function start(ground: Ground, script: string, ...parameters: readonly string[]): ChildProcess {
	const child = spawn('nice', ['-n', '-20', process.execPath, '-e', script, ...parameters], {
		stdio: ['ignore', 'pipe', 'inherit'],
	});
	ground.undo(async () => {
		if (child.exitCode !== null || child.signalCode !== null) return;
		const end = once(child, 'exit');
		child.kill('SIGKILL');
		await end;
	});
	return child;
}

/** Waits until a process has most of a core: on a machine where much else runs it has to fight for it. */
export async function isBusy(pid: number): Promise<void> {
	const ticks = async () => {
		const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
		return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[11]);
	};
	let [before, atMs] = [await ticks(), performance.now()];
	await until(async () => {
		const now = await ticks();
		const elapsedMs = performance.now() - atMs;
		if (elapsedMs < 1000) return false;
		const share = ((now - before) * 10) / elapsedMs;
		[before, atMs] = [now, performance.now()];
		return share > 0.85;
	}, `process ${pid} to be busy`);
}

async function fullDisk(ground: Ground): Promise<void> {
	const folder = await disk(ground, 'size=32m');
	await mkdir(join(folder, 'uploads'));
	await fill(join(folder, 'uploads', 'film'));
}

const holders = new WeakMap<Ground, ChildProcess>();
const logs = new WeakMap<Ground, string>();

/** Scenarios of the host: disks and processors. */
export const hostScenarios: readonly Scenario[] = [
	{
		id: 'disk-full',
		title: 'a disk is full',
		expect: ['disk-full'],
		isHost: true,
		inject: fullDisk,
		spoils: [],
	},
	{
		id: 'inodes-exhausted',
		title: 'a disk has no inodes left',
		expect: ['inodes-exhausted'],
		isHost: true,
		async inject(ground) {
			const folder = await disk(ground, 'size=32m,nr_inodes=400');
			const names = Array.from({length: 398}, (_, number) => join(folder, `session-${number}`));
			for (const name of names) await writeFile(name, '').catch(() => undefined);
		},
		spoils: [],
	},
	{
		id: 'deleted-but-open',
		title: 'a deleted log that is still open fills a disk',
		expect: ['disk-full'],
		isHost: true,
		async inject(ground) {
			const folder = await disk(ground, 'size=32m');
			const path = join(folder, 'app.log');
			await fill(path);
			// As most servers do, it lets its log go when it is told to open it anew.
			const script = `const fs = require('node:fs'); const held = fs.openSync(process.argv[1]);
				fs.unlinkSync(process.argv[1]); process.on('SIGHUP', () => fs.closeSync(held));
				console.log('held'); setInterval(() => 0, 1e6)`;
			const holder = start(ground, script, path);
			holders.set(ground, holder);
			if (holder.stdout) await once(holder.stdout, 'data');
		},
		spoils: [],
		walk: {
			ends: 'solved',
			does: [],
			atNote(ground, node) {
				if (node === 'deleted') holders.get(ground)?.kill('SIGHUP');
				return Promise.resolve();
			},
		},
	},
	{
		id: 'log-fills-disk',
		title: 'a log that nobody rotates fills a disk',
		expect: ['disk-full'],
		isHost: true,
		async inject(ground) {
			const path = join(await disk(ground, 'size=32m'), 'app.log');
			await fill(path);
			logs.set(ground, path);
		},
		spoils: [],
		walk: {
			ends: 'solved',
			does: [],
			answers: {'log-recreate': 1},
			async atNote(ground, node) {
				const path = logs.get(ground);
				if (node === 'log' && path !== undefined) await truncate(path);
			},
		},
	},
	{
		id: 'log-inside',
		title: 'a log fills the tmpfs of a container',
		expect: ['disk-full-inside'],
		async inject(ground) {
			const image = await ensureBusybox();
			const script = `head -c 65536 /dev/zero > /chunk; while sleep 0.4; do
				why=$(cat /chunk 2>&1 >> /var/log/app/app.log) || echo "ERROR cannot write the log: $why"; done`;
			const options = ['--tmpfs', '/var/log/app:size=1m', image];
			const id = await ground.service('importer', options, ['sh', '-c', script]);
			await until(async () => {
				const log = await docker(['logs', id]);
				return log.split('\n').filter(line => line.includes('No space left')).length >= 5;
			}, 'the log to be full');
		},
		spoils: [],
	},
	{
		id: 'disk-and-crash-loop',
		title: 'a disk is full and a service ends again and again',
		expect: ['disk-full', 'crash-loop'],
		also: ['disk-full', 'crash-loop'],
		isHost: true,
		async inject(ground) {
			await fullDisk(ground);
			const image = await ensureBusybox();
			const script = 'echo "ERROR the job failed for reason 17"; exit 3';
			await ground.service('reports', ['--restart', 'always', image], ['sh', '-c', script]);
		},
		until: async ground =>
			until(
				async () => Number(await ground.ask('reports', '{{.RestartCount}}')) >= 3,
				'reports to restart',
			),
		spoils: [],
	},
	{
		id: 'cpu-host',
		title: 'a program of the host takes the processor',
		expect: ['cpu-busy-process'],
		isHost: true,
		async inject(ground) {
			const {pid = 0} = start(ground, 'for (;;);');
			await isBusy(pid);
		},
		spoils: [],
	},
	{
		id: 'cpu-container',
		title: 'a container of the stack takes the processor',
		expect: ['cpu-busy-service'],
		isHost: true,
		async inject(ground) {
			const image = await ensureBusybox();
			// Beside the groups of everybody else instead of below the engine's, which has one share for all containers.
			const options = ['--cgroup-parent', '/', '--cpu-shares', '20000', image];
			await ground.service('spinner', options, ['sh', '-c', 'while :; do :; done']);
			await isBusy(Number(await ground.ask('spinner', '{{.State.Pid}}')));
		},
		spoils: [],
	},
];
