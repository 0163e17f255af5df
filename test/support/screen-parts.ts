import {mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import process from 'node:process';
import type {Io} from '../../src/io/io.ts';
import type {Event} from '../../src/store/events.ts';
import {bootId, startTime} from '../../src/work/process-facts.ts';
import {realClock} from './clock.ts';
import {localIo} from './io.ts';
import {waitFor} from './wait.ts';

/** A state folder of its own and what a part of the screen told. */
export type ScreenParts = {
	/** Knows nothing but this machine; whoever sleeps wakes up at once. */
	readonly io: Io;
	/** The same where the state folder cannot be made. */
	readonly brokenIo: Io;
	readonly root: string;
	readonly events: Event[];
	readonly send: (event: Event) => void;
	/** The first event of a type, or one that fits, as soon as it was told. */
	told<Type extends Event['type']>(
		type: Type,
		fits?: (event: Event & {readonly type: Type}) => boolean,
	): Promise<Event & {readonly type: Type}>;
	remove(): Promise<void>;
};

/** Makes the surroundings of a part of the screen in a folder of their own. */
export async function screenParts(): Promise<ScreenParts> {
	const folder = await mkdtemp(join(tmpdir(), 'opsconsole-screen-'));
	const root = join(folder, 'state');
	const file = join(folder, 'file');
	await writeFile(file, '');
	const clock = {
		...realClock,
		sleep: async (ms: number, signal: AbortSignal) => realClock.sleep(Math.min(ms, 5), signal),
	};
	const events: Event[] = [];
	const io = localIo({clock, environment: {OPSCONSOLE_STATE: root}});
	return {
		io,
		brokenIo: {...io, environment: {OPSCONSOLE_STATE: join(file, 'state')}},
		root,
		events,
		send: event => events.push(event),
		told: async <Type extends Event['type']>(
			type: Type,
			fits: (event: Event & {readonly type: Type}) => boolean = () => true,
		) => {
			const isIt = (event: Event): event is Event & {readonly type: Type} => event.type === type;
			return waitFor(() => events.filter(isIt).find(fits), {what: `the event ${type}`});
		},
		remove: async () => rm(folder, {recursive: true, force: true}),
	};
}

/** Has somebody else take a walk: a process that lives and is not this one. */
export async function holdByOther(folder: string, by: string): Promise<void> {
	const pid = process.ppid;
	const holder = {by, pid, sinceMs: 1, start: await startTime(pid), boot: await bootId()};
	await writeFile(join(folder, 'holder.json'), JSON.stringify(holder), {mode: 0o600});
}
