import {execFile} from 'node:child_process';
import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import process from 'node:process';
import {promisify} from 'node:util';
import {startPrivateEngine, type PrivateEngine} from '../support/engine.ts';
import type {Ground} from './ground.ts';

const run = promisify(execFile);

/** A Docker engine of the play's own on a small disk, so that cleaning it takes nothing from anybody else. */
export type SmallEngine = PrivateEngine & {
	readonly disk: string;
	/** Makes the disk so small that this share of it is taken, in percent. */
	readonly fit: (percent: number) => Promise<void>;
	/** The same of its inodes. */
	readonly fitInodes: (percent: number) => Promise<void>;
};

const engines = new WeakMap<Ground, SmallEngine>();

async function figures(disk: string): Promise<{usedKiB: number; usedInodes: number}> {
	const {stdout} = await run('df', ['--output=used,iused', '-k', disk]);
	const [usedKiB = 0, usedInodes = 0] = (stdout.trim().split('\n').at(-1) ?? '')
		.trim()
		.split(/\s+/)
		.map(Number);
	return {usedKiB, usedInodes};
}

/** Starts it; it goes with the scenario. Its disk is mounted where nobody else sees it. */
export async function smallEngine(ground: Ground): Promise<SmallEngine> {
	const disk = await mkdtemp(join(tmpdir(), 'opsct-d-'));
	ground.undo(async () => rm(disk, {recursive: true, force: true}));
	await run('mount', ['-t', 'tmpfs', '-o', 'size=900m', '/dev/opsct', disk]);
	ground.undo(async () => run('umount', ['--lazy', disk]));
	const before = process.env['TMPDIR'];
	process.env['TMPDIR'] = disk;
	let engine: PrivateEngine;
	try {
		engine = await startPrivateEngine();
	} finally {
		if (before === undefined) delete process.env['TMPDIR'];
		else process.env['TMPDIR'] = before;
	}

	ground.undo(async () => engine.dispose());
	const remount = async (option: string) =>
		run('mount', ['-o', `remount,${option}`, '/dev/opsct', disk]);
	const small: SmallEngine = {
		...engine,
		disk,
		async fit(percent) {
			const {usedKiB} = await figures(disk);
			await remount(`size=${Math.ceil((usedKiB * 100) / percent)}k`);
		},
		async fitInodes(percent) {
			const {usedInodes} = await figures(disk);
			await remount(`nr_inodes=${Math.ceil((usedInodes * 100) / percent)}`);
		},
	};
	engines.set(ground, small);
	return small;
}

/** The engine of the play that goes on. */
export function engineOf(ground: Ground): SmallEngine {
	const engine = engines.get(ground);
	if (!engine) throw new Error('the play has no engine of its own');
	return engine;
}

/** Lines of opsconsole.yaml with which the console watches that engine instead of the lab's. */
export function onSmallEngine(ground: Ground): readonly string[] {
	return [`docker: {host: "${engineOf(ground).host}"}`];
}
