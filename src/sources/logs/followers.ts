import {clean} from '../../domain/clean.ts';
import type {ErrorsValue} from '../../domain/errors.ts';
import {createLogPosition, type LogPosition} from '../../domain/log-position.ts';
import {fill} from '../../words/words.ts';
import {problems} from '../../words/index.ts';
import {projectOf, type LogTarget} from '../../domain/targets.ts';
import type {Io} from '../../io/io.ts';
import {followContainer} from './follow-container.ts';
import {followFiles} from './follow-files.ts';
import {followJournal} from './follow-journal.ts';
import {followStarts} from './container-starts.ts';
import type {FollowState} from './follow-state.ts';
import type {Intake} from './intake.ts';
import {createPace} from './pace.ts';
import {createWake, type Wake} from './wake.ts';

/** How long a log that left the list is still read: its last lines come with its end. */
const drainMs = 1000;
const maxPositions = 1000;

type Running = {
	readonly target: LogTarget;
	readonly key: string;
	readonly stop: AbortController;
	readonly wake: Wake;
	state: FollowState;
};

/** The followers of a changing list of logs. */
export type Followers = {
	/** Starts those that are new, stops those that are gone, replaces those whose container was replaced. */
	update(targets: readonly LogTarget[]): void;
	states(): ErrorsValue['followed'];
};

/** What makes a log another one: its container was replaced, its path changed. */
function keyOf(target: LogTarget): string {
	const {from} = target;
	if (from.kind === 'container') return `container ${from.container.containerId}`;
	return from.kind === 'file' ? `file ${from.path}` : `journal ${from.unit ?? ''}`;
}

/** Makes the followers; `onChange` is called when the state of one changed. */
export function createFollowers(
	io: Io,
	intake: Intake,
	signal: AbortSignal,
	onChange: () => void,
): Followers {
	const running = new Map<string, Running>();
	const positions = new Map<string, LogPosition>();
	const known = new Set<string>();
	const draining = new Map<string, Running>();
	const pace = createPace(io.clock, signal);
	let watchesStarts = false;

	function positionOf(key: string): LogPosition {
		const position = positions.get(key) ?? createLogPosition();
		positions.delete(key);
		positions.set(key, position);
		const oldest = positions.keys().next();
		if (positions.size > maxPositions && oldest.done !== true) positions.delete(oldest.value);
		return position;
	}

	function watchStarts(): void {
		if (watchesStarts) return;
		watchesStarts = true;
		const onStart = (id?: string): void => {
			for (const one of running.values()) {
				const {from} = one.target;
				if (from.kind !== 'container') continue;
				if (id === undefined || from.container.containerId === id) one.wake.wake();
			}
		};

		followStarts(io, onStart, signal).catch(() => undefined);
	}

	function begin(one: Running, isFromStart: boolean): Promise<void> {
		const {target, wake} = one;
		const tools = {
			io,
			pace,
			wake,
			signal: one.stop.signal,
			onState: (state: FollowState) => {
				one.state = state;
				onChange();
			},
		};
		const {from} = target;
		if (from.kind === 'journal') {
			return followJournal({target, unit: from.unit, sink: intake.open(target)}, tools);
		}

		if (from.kind === 'file') {
			return followFiles({target, path: from.path, open: () => intake.open(target)}, tools);
		}

		watchStarts();
		const sinks = {stdout: intake.open(target), stderr: intake.open(target)};
		return followContainer(
			{
				target,
				container: from.container,
				position: positionOf(one.key),
				sinks,
				isFromStart,
			},
			tools,
		).finally(() => {
			sinks.stdout.end();
			sinks.stderr.end();
		});
	}

	function start(target: LogTarget, key: string): void {
		// It is back before it was let go: two readers would count every line twice.
		draining.get(key)?.stop.abort();
		const stop = new AbortController();
		const own = AbortSignal.any([signal, stop.signal]);
		const one: Running = {
			target,
			key,
			stop,
			wake: createWake(own),
			state: {isFollowing: false},
		};
		signal.addEventListener('abort', () => stop.abort(signal.reason), {
			once: true,
			signal: stop.signal,
		});
		running.set(target.id, one);
		const isFromStart = known.has(target.id);
		known.add(target.id);
		// A follower ends only by its signal; there is nobody to tell.
		begin(one, isFromStart).catch(() => undefined);
	}

	function drain(one: Running): void {
		draining.set(one.key, one);
		const forget = (): void => {
			if (draining.get(one.key) === one) draining.delete(one.key);
			one.stop.abort();
		};

		io.clock.sleep(drainMs, one.stop.signal).then(forget, forget);
	}

	return {
		update(targets) {
			const wanted = new Map(targets.map(target => [target.id, target]));
			for (const [id, one] of running) {
				const target = wanted.get(id);
				if (target !== undefined && keyOf(target) === one.key) continue;
				running.delete(id);
				drain(one);
			}

			for (const target of wanted.values()) {
				if (!running.has(target.id)) start(target, keyOf(target));
			}

			onChange();
		},
		states: () =>
			[...running.values()].map(({target, state}) => ({
				target: target.id,
				...projectOf(target),
				service: clean(target.service, 100),
				isFollowing: state.isFollowing,
				...(state.cause === undefined
					? {}
					: {
							problem: fill(problems[state.cause.code].en.summary, state.cause.params),
							cause: state.cause,
						}),
			})),
	};
}
