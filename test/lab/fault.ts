import {waitFor} from '../support/wait.ts';
import {docker} from './docker.ts';
import {LabError} from './engine.ts';
import {containerOf, type StackFacts} from './stack.ts';

/** The faults of the lab's app; test/lab/images/app/faults.py says what each does. */
export const faultNames = [
	'slow',
	'errors',
	'crash',
	'leak',
	'memory',
	'oom',
	'log-storm',
	'unhealthy',
	'lock',
	'deadlock',
	'slow-query',
	'idle-transaction',
	'redis-memory',
	'cpu',
] as const;

/** One fault of the lab's app. */
export type FaultName = (typeof faultNames)[number];

async function endCrash(stack: StackFacts): Promise<void> {
	const id = await containerOf(stack.project, 'app');
	if (id === undefined) throw new LabError(`The lab ${stack.project} has no app container.`);
	// The app is down while this fault is on, so its flag is taken away from outside.
	await docker(['cp', '-', `${id}:/var/lib/lab/faults`], {input: flagArchive('crash', 'off')});
	await docker(['restart', '--time', '0', id]);
}

/** A tar archive with one small file, as `docker cp -` takes it. */
function flagArchive(name: string, text: string): string {
	const octal = (value: number, width: number) => `${value.toString(8).padStart(width - 1, '0')}\0`;
	const fields = [
		name.padEnd(100, '\0'),
		octal(0o644, 8),
		octal(0, 8),
		octal(0, 8),
		octal(text.length, 12),
		octal(0, 12),
	].join('');
	const rest = `0${'\0'.repeat(100)}ustar\x0000${'\0'.repeat(247)}`;
	const bytes = Buffer.from(`${fields}${' '.repeat(8)}${rest}`, 'latin1');
	const sum = bytes.reduce((total, byte) => total + byte, 0);
	const header = `${fields}${sum.toString(8).padStart(6, '0')}\0 ${rest}`.slice(0, 512);
	return header + text.padEnd(512, '\0') + '\0'.repeat(1024);
}

/**
 * Switches a fault of a lab's app. `crash` off restarts the container and returns when the app answers
 * again; every other switch returns as soon as the app has taken it.
 */
export async function switchFault(stack: StackFacts, name: FaultName, on: boolean): Promise<void> {
	const base = `http://127.0.0.1:${stack.ports.app}`;
	if (name === 'crash' && !on) {
		await endCrash(stack);
		await waitFor(async () => ((await fetch(`${base}/fault`)).ok ? true : undefined), {
			deadlineMs: 30_000,
			what: 'the app after its crash loop',
		});
		return;
	}
	const answer = await fetch(`${base}/fault/${name}/${on ? 'on' : 'off'}`, {method: 'POST'});
	if (!answer.ok) throw new LabError(`The app answered ${answer.status} to the fault ${name}.`);
}
