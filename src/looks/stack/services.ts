import {isDown} from '../../domain/container-samples.ts';
import type {Container} from '../../domain/containers.ts';
import type {ExpectedService} from '../../domain/settings.ts';
import {callName, isOomOfNow} from '../service/subject.ts';
import type {LookFacts, LookReader} from '../reader.ts';
import {isOfStack, isOnlyStack, knownMembers} from './members.ts';

function belongsTo(container: Container, {name}: ExpectedService): boolean {
	return container.service === name || container.name === name;
}

/** What the containers of a stack are, against what the configuration expects. */
export function stackServices(
	members: readonly Container[],
	services: readonly ExpectedService[],
	nowMs: number,
) {
	const expected = services.filter(({runtime}) => runtime === 'compose');
	const isMissed = (container: Container) =>
		expected.some(
			service =>
				service.isCritical &&
				belongsTo(container, service) &&
				!members.some(other => belongsTo(other, service) && other.state === 'running'),
		);
	const names = (isMeant: (container: Container) => boolean) => [
		...new Set(members.filter(isMeant).map(callName)),
	];
	const absent = expected.filter(
		service => !members.some(container => belongsTo(container, service)),
	);
	const missing = absent.filter(({isCritical}) => isCritical).map(({name}) => name);
	const running = names(({state}) => state === 'running');
	const down = names(container => isDown(container, isMissed(container)) === true);
	return {
		expected: new Set([...running, ...down, ...missing]).size,
		running,
		down,
		missing,
		missingOptional: absent.filter(({isCritical}) => !isCritical).map(({name}) => name),
		unhealthy: names(({state, health}) => state === 'running' && health === 'unhealthy'),
		starting: names(({state, health}) => state === 'running' && health === 'starting'),
		crashLooping: names(({isCrashLooping}) => isCrashLooping),
		oomKilled: names(container => isOomOfNow(container, nowMs)),
		paused: names(({state}) => state === 'paused'),
		restarted: names(({recentRestarts}) => recentRestarts > 0),
	};
}

/** The expected services, where they are meant of this stack: of several, one that has none of them is another system. */
function expectedHere(facts: LookFacts, members: readonly Container[]): readonly ExpectedService[] {
	const {services} = facts.settings;
	const hasSome = members.some(container => services.some(one => belongsTo(container, one)));
	return hasSome || isOnlyStack(facts) ? services : [];
}

/** The services of the stack as the console knows them now. */
export const readStackServices: LookReader<'stack.services'> = facts => {
	const members = knownMembers(facts);
	const found = stackServices(members, expectedHere(facts, members), facts.io.clock.now());
	const {down, unhealthy, crashLooping, oomKilled, paused, restarted} = found;
	const lost = facts.lost.filter(({project}) => isOfStack(facts.scope, project));
	const missing = [...new Set([...found.missing, ...lost.map(({service}) => service)])];
	const optional = found.missingOptional.filter(name => !missing.includes(name));
	const unexpected = missing.length - found.missing.length;
	const list = (title: string, names: readonly string[]) =>
		names.length === 0 ? [] : [`${title}: ${names.slice(0, 20).join(', ')}`];
	return Promise.resolve({
		values: {
			expected: found.expected + unexpected,
			running: found.running.length,
			down: down.length + missing.length,
			'first-down': down[0] ?? missing[0],
			missing: missing.length,
			'first-missing': missing[0],
			removed: lost.filter(({wasThere}) => wasThere).length,
			'missing-optional': optional.length,
			unhealthy: unhealthy.length,
			'first-unhealthy': unhealthy[0],
			starting: found.starting.length,
			'crash-looping': crashLooping.length,
			'first-crash-looping': crashLooping[0],
			'oom-killed': oomKilled.length,
			'first-oom-killed': oomKilled[0],
			paused: paused.length,
			'first-paused': paused[0],
			restarted: restarted.length,
			'first-restarted': restarted[0],
		},
		lines: [
			...list('down', down),
			...list('no container', missing),
			...list('no container, not critical', optional),
			...list('unhealthy', unhealthy),
			...list('crash loop', crashLooping),
			...list('out of memory', oomKilled),
			...list('paused', paused),
			...list('restarted', restarted),
			...list('running', found.running),
		],
	});
};
