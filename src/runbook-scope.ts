import {clean} from './domain/clean.ts';
import type {RunbookFacts} from './runbook-commands.ts';
import {runbookSayer} from './runbook-list.ts';
import type {Runbook} from './runbooks/runbook.ts';
import {nameIn, type Scope} from './runbooks/scope.ts';
import {eachServer, scopesOf, type Here} from './runbooks/scopes.ts';

/** The options that say what a runbook is about, by its subject. */
const options = {
	host: 'server',
	stack: 'project',
	container: 'service',
	postgres: 'server',
	redis: 'server',
	endpoint: 'url',
	backup: 'set',
} as const;

/** Short names of a container beside its key: `app`, `shop/app`. */
function namesOf(key: string, here: Here): readonly string[] {
	const container = here.containers.find(candidate => candidate.key === key);
	const {name, project, service} = container ?? {};
	return [key, name, service, service && project ? `${project}/${service}` : undefined].filter(
		one => one !== undefined,
	);
}

/** What a runbook can be about here, by name; the host also by each of its servers. */
function namedScopes({on}: Pick<Runbook, 'on'>, here: Here): readonly (readonly [string, Scope])[] {
	const scopes = scopesOf(on, here);
	if (on !== 'host') return scopes.map(scope => [nameIn(scope, on) ?? '', scope]);
	return (['postgres', 'redis'] as const).flatMap(kind =>
		scopes
			.flatMap(scope => eachServer({on, kind}, scope, here))
			.flatMap(scope => (scope[kind] === undefined ? [] : [[scope[kind], scope] as const])),
	);
}

/** What a runbook shall be about, by the options of the command line; a text says what is missing or wrong. */
export function chooseScope(runbook: Runbook, here: Here, facts: RunbookFacts): Scope | string {
	const say = runbookSayer(facts);
	const scopes = scopesOf(runbook.on, here);
	const subject = say(`subject.${runbook.on}`);
	const option = options[runbook.on];
	const [wanted] = [facts.flags[option] ?? []].flat();
	const named = namedScopes(runbook, here);
	const names = named.map(([name]) => name).join(', ');
	if (scopes.length === 0) return say('no-scope', {subject});
	if (typeof wanted === 'string') {
		const found = named.find(([name]) =>
			runbook.on === 'container' ? namesOf(name, here).includes(wanted) : name === wanted,
		);
		return found?.[1] ?? say('scope-stray', {subject, name: clean(wanted, 80), names});
	}

	const [only] = scopes;
	if (scopes.length === 1 && only) return only;
	return say('unknown-scope', {subject, option: `--${option}`, names});
}
