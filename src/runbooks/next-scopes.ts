import {lostServers} from '../domain/lost-servers.ts';
import type {Scope, Subject} from './scope.ts';
import {scopesOf, type Here} from './scopes.ts';

/** What a runbook was about, from which another one is reached. */
export type Before = {readonly scope: Scope; readonly on: Subject};

/** The servers and addresses that were meant stay; the container was only that of the runbook before. */
function aroundStack({scope}: Before, stacks: readonly Scope[]): Scope {
	const around = stacks.find(({project}) => project === scope.project);
	const {container: _before, ...targets} = scope;
	return {...around, ...targets};
}

/** The server that was meant stays; the host is of every project. */
function aroundHost({scope, on}: Before, host: Scope): Scope {
	if (on !== 'postgres' && on !== 'redis') return host;
	const id = scope[on];
	return id === undefined ? host : {...host, [on]: id};
}

/** Everything in the same project; what is of no project belongs to the only one that there is. */
function inProject(before: Before, all: readonly Scope[], here: Here): readonly Scope[] {
	const {project} = before.scope;
	const beside = all.filter(other => other.project === project);
	const stacks = scopesOf('stack', here);
	if (beside.length > 0 || stacks.length > 1) return beside;
	const around = stacks.find(stack => stack.project === project);
	return all.filter(other => other.project === undefined).map(other => ({...around, ...other}));
}

/** A server's own container is meant where the server is down; else it is likely and no more than that. */
function afterServer({scope}: Before, beside: readonly Scope[], isLost: boolean): readonly Scope[] {
	const own = beside.filter(({container}) => container === scope.container);
	return own.length > 0 && isLost ? own : [...own, ...beside.filter(one => !own.includes(one))];
}

/**
 * What a runbook that is reached from another one can be about, the likeliest first: the same thing where it is about the
 * same kind, else what belongs to it, else everything of its kind in the same project. With one that one is meant, among
 * several only a person can choose; with none nothing of the kind belongs to what was looked at.
 */
export function nextScopes(before: Before, on: Subject, here: Here): readonly Scope[] {
	const {scope} = before;
	if (before.on === on) return [scope];
	const all = scopesOf(on, here);
	// The host and a set of backups are of no project, although their scopes name one.
	const isOfNone = before.on === 'host' || before.on === 'backup';
	if (isOfNone || on === 'backup') return all;
	if (on === 'host') return scopesOf('host', here).map(host => aroundHost(before, host));
	if (on === 'stack') return [aroundStack(before, scopesOf('stack', here))];
	const beside = inProject(before, all, here);
	if (before.on === 'stack') return beside;
	const {on: kind} = before;
	if (kind === 'postgres' || kind === 'redis') {
		if (on !== 'container') return beside;
		const isLost = lostServers(here.targets, kind).some(({id}) => id === scope[kind]);
		return afterServer(before, beside, isLost);
	}

	// A container and the address that it serves belong together.
	const own = beside.filter(
		({container}) => container !== undefined && container === scope.container,
	);
	return own.length > 0 ? own : beside;
}
