import type {Container} from '../domain/containers.ts';
import type {SourceId} from '../domain/source-values.ts';
import type {LogTarget, Targets} from '../domain/targets.ts';
import type {Io} from '../io/io.ts';
import {sources} from '../sources/index.ts';
import type {Event} from '../store/events.ts';
import type {Look} from '../store/select-look.ts';
import {hostTarget} from '../store/select.ts';
import type {TailLine} from '../store/state.ts';
import {problemOf} from './failure.ts';
import {type Runner, runOnce} from './run-source.ts';

/** How often the on-demand sources are read while somebody looks, in ms. */
const againMs = 5000;

/** Lines of log that are shown from before. */
const firstLines = 500;

/** Reads what the operator looks at, for as long as it is looked at. */
export type Looker = {at(look: Look): void};

/** Makes a looker; looking at something else stops what was read before. */
export function createLooker(facts: {
	readonly io: Io;
	readonly signal: AbortSignal;
	readonly containers: {current(): readonly Container[]};
	readonly targets: () => Targets;
	readonly runner: <Id extends SourceId>(
		source: Id,
		targetId: string,
		signal: AbortSignal,
	) => Runner<Id>;
	readonly send: (event: Event) => void;
}): Looker {
	const {io, containers, targets, runner, send} = facts;
	let stop = new AbortController();
	let current = '';

	async function follow(key: string, signal: AbortSignal): Promise<void> {
		let shown = '';
		while (!signal.aborted) {
			const container = containers.current().find(candidate => candidate.key === key);
			const run = `${container?.id ?? ''} ${container?.startedAtMs ?? ''} ${container?.state ?? ''}`;
			if (container && run !== shown) {
				shown = run;
				const {id: containerId} = container;
				const target = runner('docker.detail', key, signal);
				void runOnce(sources.containerDetail, {containerId}, target);
				await tail(key, container, signal);
			}

			// A container that stopped, started again or was replaced is followed anew.
			await io.clock.sleep(500, signal).catch(() => undefined);
		}
	}

	async function tail(key: string, container: Container, signal: AbortSignal): Promise<void> {
		let isStart = true;
		const onLines = (lines: readonly TailLine[]) => {
			send({type: 'tail-arrived', key, lines, isStart});
			isStart = false;
		};
		const known = targets().logs.find(
			({from}) => from.kind === 'container' && from.container.containerId === container.id,
		);
		const target = known ?? plainLog(container);
		try {
			await sources.tailLog(io, target, {lines: firstLines, onLines}, signal);
		} catch (error) {
			if (signal.aborted) return;
			const {code, params} = problemOf(error, container.name);
			send({type: 'tail-arrived', key, lines: [], problem: String(params['cause'] ?? code)});
		}
	}

	async function repeat(read: () => Promise<void>, signal: AbortSignal): Promise<void> {
		while (!signal.aborted) {
			await read();
			await io.clock.sleep(againMs, signal).catch(() => undefined);
		}
	}

	return {
		at(look) {
			const name = JSON.stringify(look);
			if (name === current) return;
			current = name;
			stop.abort();
			stop = new AbortController();
			const signal = AbortSignal.any([facts.signal, stop.signal]);
			switch (look.kind) {
				case 'nothing':
					return;
				case 'container':
					void follow(look.key, signal);
					return;
				case 'host':
					void repeat(
						() =>
							runOnce(
								sources.hostProcesses,
								undefined,
								runner('host.processes', hostTarget, signal),
							),
						signal,
					);
					return;
				case 'redis': {
					const target = targets().redis.find(candidate => candidate.id === look.id);
					if (target)
						void runOnce(sources.redisKeys, target, runner('redis.keys', look.id, signal));
				}
			}
		},
	};
}

/** The log of a container that discovery has not described yet. */
function plainLog({id, key, name, service}: Container): LogTarget {
	const container = {containerId: id, containerName: name};
	return {id: key, service: service ?? name, format: 'auto', from: {kind: 'container', container}};
}
