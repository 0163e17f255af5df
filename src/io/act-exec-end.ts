import {readdir, readFile} from 'node:fs/promises';

import {ProblemError} from '../domain/problem.ts';
import {markVariable, readExec, runQuietly, type ExecRef, type ExecState} from './exec-state.ts';
import {actProblem} from './act-problem.ts';
import type {DockerLink} from './docker-link.ts';
import {pause} from './pause.ts';

/** How long a program may take to end after SIGTERM, and after SIGKILL, in ms. SAFETY 3.0 rule 5. */
const termMs = 10_000;
const killMs = 5000;
/** How long a start that was asked for may take to become visible, in ms. */
const startMs = 5000;
const phases = [
	['TERM', termMs],
	['KILL', killMs],
] as const;

/**
 * Finds the processes of an exec by the mark in their environment and sends them a signal. The values are arguments, not
 * parts of the script. It needs `sh` and `grep` inside the container.
 */
const markScript = [
	'found=1',
	'for file in $(grep -lzF -- "$1" /proc/[0-9]*/environ 2>/dev/null); do',
	'number=${file#/proc/}; number=${number%/environ}',
	'kill -"$2" "$number" 2>/dev/null && found=0',
	'done',
	'exit $found',
].join('\n');

/**
 * Ends the program of an exec that nobody follows any more: closing its connection does not (SAFETY fact 9). First from
 * this machine, where the engine is here and we may: its process group and everything that carries its mark; else from
 * inside the container, by the mark. Rejects where it still runs afterwards.
 */
export async function endExec(link: DockerLink, ref: ExecRef, cause: unknown): Promise<void> {
	const signal = AbortSignal.timeout(termMs + killMs + 15_000);
	let reached = 'nobody could send it a signal';
	try {
		if (await isOver(link, ref, signal)) return;
		for (const [name, limitMs] of phases) {
			const wasHit = await strike(link, ref, name, signal);
			if (wasHit) reached = `it outlived SIG${name}`;
			if (await isOverWithin(link, ref, wasHit ? limitMs : 0, signal)) return;
		}
	} catch (error) {
		// Where the container is gone, the program is gone with it.
		if (error instanceof ProblemError && isGoneWith(error)) return;
		// Without the engine only what we find ourselves can be ended; where that is nothing, it went with the engine.
		if (isAway(error) && (await killMarked(ref.mark))) return;
		reached = error instanceof ProblemError ? error.problem.code : 'the engine does not answer';
	}

	const container = ref.containerId.slice(0, 12);
	const params = {program: ref.program, container, cause: reached};
	throw actProblem('act-exec-left', params, {cause});
}

function isGoneWith({problem}: ProblemError): boolean {
	return problem.code === 'docker-not-found' || problem.code === 'act-docker-conflict';
}

const away = new Set(['docker-not-running', 'docker-connection-lost', 'docker-unreachable']);

function isAway(error: unknown): boolean {
	return error instanceof ProblemError && away.has(error.problem.code);
}

/** Whether the program has ended or never began, with its children; a start under way becomes visible soon. */
async function isOver(link: DockerLink, ref: ExecRef, signal: AbortSignal): Promise<boolean> {
	const end = performance.now() + startMs;
	for (;;) {
		const state = await readExec(link, ref.id, signal);
		const isClear = state.isRunning ? state.pid > 0 : state.exitCode !== undefined;
		if (isClear || performance.now() > end) {
			return !state.isRunning && (await marked(ref.mark)).length === 0;
		}

		await pause(20, signal);
	}
}

async function isOverWithin(
	link: DockerLink,
	ref: ExecRef,
	limitMs: number,
	signal: AbortSignal,
): Promise<boolean> {
	const end = performance.now() + limitMs;
	for (;;) {
		const {isRunning} = await readExec(link, ref.id, signal);
		if (!isRunning && (await marked(ref.mark)).length === 0) return true;
		if (performance.now() >= end) return false;
		await pause(50, signal);
	}
}

/** Kills what carries the mark on this machine; true once there is nothing. */
async function killMarked(mark: string): Promise<boolean> {
	for (let round = 0; round < 50; round += 1) {
		const found = await marked(mark);
		if (found.length === 0) return true;
		for (const pid of found) send(pid, 'KILL');
		await pause(20, AbortSignal.timeout(1000));
	}

	return false;
}

/** Sends the signal; false where nothing was hit. */
async function strike(
	link: DockerLink,
	ref: ExecRef,
	name: 'TERM' | 'KILL',
	signal: AbortSignal,
): Promise<boolean> {
	const state = await readExec(link, ref.id, signal);
	// The engine makes the program of an exec the leader of a session, so its group is nearly all of it.
	const group = state.isRunning && (await isOurs(state)) ? [-state.pid] : [];
	const hits = [...group, ...(await marked(ref.mark))].filter(pid => send(pid, name));
	if (hits.length > 0) return true;
	const argv = ['sh', '-c', markScript, 'sh', `${markVariable}=${ref.mark}`, name];
	const containerId = state.containerId;
	// As its own user: not even root sees the environment of another one there.
	return (await runQuietly(link, {containerId, argv, user: ref.user}, signal)) === 0;
}

function send(pid: number, name: 'TERM' | 'KILL'): boolean {
	try {
		return process.kill(pid, `SIG${name}`);
	} catch {
		// It has ended, or it is another user's.
		return false;
	}
}

/** Whether this number is, on this machine, a process of that container: the engine may be on another one. */
async function isOurs({pid, containerId}: ExecState): Promise<boolean> {
	if (pid <= 1 || containerId === '') return false;
	const groups = await readFile(`/proc/${pid}/cgroup`, 'utf8').catch(() => '');
	return groups.includes(containerId);
}

/** Numbers of the processes of this machine that carry the mark, as far as we may see. */
async function marked(mark: string): Promise<readonly number[]> {
	const names = await readdir('/proc').catch(() => []);
	const found: number[] = [];
	for (const name of names.filter(one => /^\d+$/.test(one))) {
		const environment = await readFile(`/proc/${name}/environ`, 'latin1').catch(() => '');
		if (environment.includes(`${markVariable}=${mark}`)) found.push(Number(name));
	}

	return found;
}
