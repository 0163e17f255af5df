import {expect} from 'vitest';
import type {ErrorsValue} from '../../src/domain/errors.ts';
import type {LogTarget} from '../../src/domain/targets.ts';
import {createLiveList} from '../../src/engine/live-list.ts';
import type {Io} from '../../src/io/io.ts';
import {recentErrors} from '../../src/sources/recent-errors.ts';
import {realClock} from './clock.ts';
import {waitFor} from './wait.ts';

/** The errors source running in the background. */
export type FollowedErrors = {
	readonly state: {readonly value: ErrorsValue | undefined; readonly emits: number};
	/** How often a group was counted so far. */
	counted(signature: string): number;
	/** Gives the source another list of logs. */
	change(targets: readonly LogTarget[]): void;
	/** Waits until a group was counted so often; fails where it is counted more often than that. */
	reaches(signature: string, count: number): Promise<void>;
	/** Waits until every log was looked at: what comes from then on is new, however much it is. */
	hasLooked(): Promise<void>;
	stop(): void;
};

/** A clock behind the engine's: no line is ever late, so none is skipped, however busy the machine is. */
export const patientClock = {...realClock, now: () => Date.now() - 60_000};

/** The log of a container as a target named `id`. */
export function containerLog(id: string, containerId: string): LogTarget {
	const container = {containerId, containerName: id};
	return {id, service: id, format: 'auto', from: {kind: 'container', container}};
}

/** Follows a changing list of logs and keeps the newest value. */
export function followErrors(io: Io, first: readonly LogTarget[]): FollowedErrors {
	const stop = new AbortController();
	const state: {value: ErrorsValue | undefined; emits: number} = {value: undefined, emits: 0};
	const list = createLiveList<LogTarget>();
	list.set(first);
	recentErrors
		.follow(
			io,
			list,
			value => {
				state.value = value;
				state.emits++;
			},
			stop.signal,
		)
		.catch(() => undefined);
	const counted = (signature: string): number =>
		state.value?.groups.find(group => group.signature === signature)?.count ?? 0;
	return {
		state,
		counted,
		change: targets => list.set(targets),
		async reaches(signature, count) {
			await waitFor(() => (counted(signature) >= count ? true : undefined), {
				deadlineMs: 40_000,
				what: `${count} of ${signature}`,
			}).catch((error: unknown) => {
				throw new Error(`${String(error)}: ${JSON.stringify(state.value)}`);
			});
			expect(counted(signature)).toBe(count);
		},
		hasLooked: async () => {
			const isSeen = () =>
				state.value?.followed.every(one => one.isFollowing || one.cause !== undefined);
			await waitFor(() => (isSeen() === true ? true : undefined), {
				deadlineMs: 30_000,
				what: 'a look at every log',
			});
		},
		stop: () => stop.abort(),
	};
}
