import {secondsSince} from '../figures.ts';
import type {LookReader} from '../reader.ts';
import {readRuns, type SeenRun} from './runs.ts';

const dayMs = 24 * 3_600_000;
const failures: readonly unknown[] = ['failed', 'manual', 'undone'];
const shownCount = 15;

function nameOf(run: SeenRun | undefined): string | undefined {
	return run && [run.operation, run.target, run.id].filter(part => part !== '').join(' ');
}

function lineOf(run: SeenRun): string {
	const state = run.outcome ?? (run.isAlive ? 'running' : 'unfinished');
	return `${state} ${nameOf(run) ?? ''}`;
}

/** Operations of opsconsole: running, unfinished, failed. */
export const readJobs: LookReader<'jobs.state'> = async facts => {
	const runs = await readRuns(facts);
	const nowMs = facts.io.clock.now();
	const open = runs.filter(({outcome}) => outcome === undefined);
	const running = open.filter(({isAlive}) => isAlive);
	// A run that never began has changed nothing.
	const unfinished = open.filter(({isAlive, hasBegun}) => !isAlive && hasBegun);
	const failed = runs.filter(
		({outcome, lastAtMs}) => failures.includes(outcome) && nowMs - (lastAtMs ?? 0) <= dayMs,
	);
	const changed = runs.find(
		({outcome, risk}) => (outcome === 'done' || outcome === 'warnings') && risk !== 'safe',
	);
	return {
		values: {
			running: running.length,
			'first-running': nameOf(running[0]),
			'is-destructive-running': running.some(({risk}) => risk === 'destructive'),
			unfinished: unfinished.length,
			'first-unfinished': nameOf(unfinished[0]),
			failed: failed.length,
			'first-failed': nameOf(failed[0]),
			'last-change': nameOf(changed),
			'last-change-age': secondsSince(changed?.lastAtMs, nowMs),
		},
		lines: [...running, ...unfinished, ...failed].slice(0, shownCount).map(lineOf),
	};
};
