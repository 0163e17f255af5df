import {cleanLine, clean} from '../../domain/clean.ts';
import {kernelFindings, type KernelMessage} from '../../domain/kernel-log.ts';
import {kernelMessages} from '../host/kernel-messages.ts';
import type {LookReader} from '../reader.ts';
import {secondsSince, subjectOf} from './subject.ts';

const hourMs = 3_600_000;

/**
 * The kills of the last hour that the kernel itself puts into this container, by the id in its control group. One that does
 * not say where it was is nobody's: how many this container had is unknown then, where none is known.
 */
export function killsOf(messages: readonly KernelMessage[], containerId: string, nowMs: number) {
	const kills = kernelFindings(messages).flatMap(({atMs, text, trouble}) =>
		trouble.kind === 'oom' && atMs !== undefined && nowMs - atMs <= hourMs
			? [{...trouble, atMs, text}]
			: [],
	);
	const own = kills.filter(({place}) => place.containerId === containerId);
	const isTold = kills.every(({place: {containerId: id, unit}}) => (id ?? unit) !== undefined);
	return {own, count: own.length > 0 || isTold ? own.length : undefined};
}

/** What the kernel did to the processes of this very container for lack of memory. */
export const readServiceKernel: LookReader<'service.kernel'> = async facts => {
	const {container} = await subjectOf(facts);
	const messages = container && (await kernelMessages(facts));
	const found = messages && killsOf(messages, container.id, facts.io.clock.now());
	const last = found?.own.at(-1);
	return {
		values: {
			'oom-kills': found?.count,
			'oom-victim': last && clean(last.victim, 60),
			'oom-is-limit': last?.isLimit,
			'oom-age': secondsSince(facts.io, last?.atMs),
		},
		lines: (found?.own ?? [])
			.slice(-10)
			.toReversed()
			.map(({atMs, text}) => cleanLine(`${new Date(atMs).toISOString()} ${text}`, 300)),
	};
};
