import type {Container} from '../../domain/containers.ts';
import {cleanLine} from '../../domain/clean.ts';
import {maskText} from '../../domain/mask.ts';
import {endKind, isStoppedOnPurpose} from '../../domain/start-error.ts';
import {objectOf, textOf} from '../../domain/unknown.ts';
import type {Seen} from '../../runbooks/look.ts';
import type {lookDeclarations} from '../../runbooks/looks/index.ts';
import type {LookReader} from '../reader.ts';
import {wasOutOfMemory} from './end-events.ts';
import {needsOf, namedSo, works} from './needs.ts';
import {isOomOfNow, secondsSince, subjectOf} from './subject.ts';

type State = Seen<(typeof lookDeclarations)['service.state']>;

const policies = ['no', 'on-failure', 'unless-stopped', 'always'] as const;

const gone: State['values'] = {
	name: undefined,
	'is-there': false,
	state: 'gone',
	'is-running': false,
	health: undefined,
	'health-output': undefined,
	'restart-count': undefined,
	'recent-restarts': undefined,
	'is-crash-looping': undefined,
	'exit-code': undefined,
	'oom-killed': undefined,
	uptime: undefined,
	'stopped-for': undefined,
	'restart-policy': undefined,
	'is-stopped-on-purpose': undefined,
	'dependencies-down': undefined,
	'first-dependency-down': undefined,
};

/** What the engine wrote down when it could not start the container; empty where it could. */
export function startErrorOf(inspection: unknown): string {
	return cleanLine(maskText(textOf(objectOf(objectOf(inspection)['State'])['Error'])), 300);
}

/** Services that a container needs and that do not work now. */
function dependenciesDown(
	container: Container,
	inspection: unknown,
	all: readonly Container[],
): readonly string[] {
	const down = needsOf(inspection, all).filter(({host, isJob}) => {
		const named = namedSo(all, host, container.project);
		return named.length > 0 && !named.some(other => works(other, isJob));
	});
	return [...new Set(down.map(({host}) => host))];
}

function linesOf(container: Container, startError: string, down: readonly string[]) {
	const {state, exitCode, oomKilled, healthOutput, restartCount} = container;
	return [
		`${container.name}: ${state}${exitCode === undefined || state === 'running' ? '' : `, exit code ${exitCode}`}${oomKilled ? ', OOM killed' : ''}, ${restartCount} restarts`,
		...(startError === '' ? [] : [startError]),
		...(healthOutput === undefined ? [] : [`health check: ${healthOutput}`]),
		...(down.length === 0 ? [] : [`not running: ${down.join(', ')}`]),
	];
}

/** The state of the container, asked now. */
export const readServiceState: LookReader<'service.state'> = async facts => {
	const {container: found, inspection, key} = await subjectOf(facts);
	if (found === undefined) {
		// Texts of runbooks name it; its key is all that is left.
		const values = {...gone, name: key.split('/')[1] ?? key};
		return {values, lines: [`${key}: no such container`]};
	}

	const isOom = isOomOfNow(found, facts.io.clock.now()) || (await wasOutOfMemory(facts, found));
	const container = {...found, oomKilled: isOom};
	const isUp = container.state === 'running' || container.state === 'paused';
	const startError = startErrorOf(inspection);
	const restartPolicy = container.restartPolicy ?? 'no';
	const end = {startError, isOom: container.oomKilled, exitCode: container.exitCode};
	const hasEnded = container.state === 'exited' || container.state === 'dead';
	const down = dependenciesDown(container, inspection, facts.containers);
	return {
		values: {
			name: container.name,
			'is-there': true,
			state: container.state,
			'is-running': container.state === 'running',
			health: container.health,
			'health-output': container.health === 'unhealthy' ? container.healthOutput : undefined,
			'restart-count': container.restartCount,
			'recent-restarts': container.recentRestarts,
			'is-crash-looping': container.isCrashLooping,
			// The engine says 0 while it runs, which is the code of no end.
			'exit-code': isUp || endKind(end) === 'none' ? undefined : container.exitCode,
			'oom-killed': container.oomKilled,
			uptime: isUp ? secondsSince(facts.io, container.startedAtMs) : undefined,
			'stopped-for': hasEnded ? secondsSince(facts.io, container.finishedAtMs) : undefined,
			'restart-policy': policies.find(policy => policy === restartPolicy),
			'is-stopped-on-purpose': hasEnded ? isStoppedOnPurpose({...end, restartPolicy}) : false,
			'dependencies-down': down.length,
			'first-dependency-down': down[0],
		},
		lines: linesOf(container, startError, down),
	};
};
