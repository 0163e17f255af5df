import {nothingSeen, valuesOf, withEvidence} from '../runbooks/evidence.ts';
import {referencesOf} from '../runbooks/expression.ts';
import type {Evidence} from '../runbooks/look.ts';
import type {LookId} from '../runbooks/looks/index.ts';
import type {Diagnosis, Finding} from '../runbooks/diagnosis.ts';
import {ranked, weigh} from '../runbooks/rank.ts';
import type {Cause, Runbook, Wizard} from '../runbooks/runbook.ts';
import {declarationOf} from '../runbooks/say.ts';
import {nameIn, type Scope} from '../runbooks/scope.ts';
import {eachServer, scopesOf, type Here} from '../runbooks/scopes.ts';
import {isLight, type Eyes} from './eyes.ts';

/** How long looking at everything may take, in ms. */
const limitMs = 5000;

/** Most containers that are looked at one by one; more are a matter for the lists. */
const maxScopes = 40;

type Question = {
	readonly wizard: Wizard;
	readonly cause: Cause;
	readonly scope: Scope;
	readonly subject: string;
};

function conditionsOf({when, for: pro, against}: Cause) {
	return [when, ...pro.map(({if: condition}) => condition), ...against.map(({if: one}) => one)];
}

function looksOf(cause: Cause): readonly string[] {
	return conditionsOf(cause).flatMap(({expression}) =>
		referencesOf(expression).map(({look}) => look),
	);
}

/** What one look sees does not depend on the parts of the scope that it does not use. */
function keyOf(look: string, scope: Scope): string {
	const subject = declarationOf(look)?.on ?? 'host';
	const name = subject === 'container' || subject === 'stack' ? '' : (scope.project ?? '');
	// Without a project, the stack is that of a container of no project, or everything.
	const isPlain =
		subject === 'stack' && scope.project === undefined && scope.container !== undefined;
	return JSON.stringify([look, nameIn(scope, subject) ?? '', isPlain ? 'plain' : name]);
}

/** Of what a cause is asked: a cause of the host that looks at servers is asked of each, and names it. */
function aboutOf(
	{on}: Wizard,
	cause: Cause,
	{scope, here}: {readonly scope: Scope; readonly here: Here},
): readonly Pick<Question, 'scope' | 'subject'>[] {
	const kinds = (['postgres', 'redis'] as const).filter(
		kind =>
			scope[kind] === undefined && looksOf(cause).some(look => declarationOf(look)?.on === kind),
	);
	const scopes = kinds.reduce<readonly Scope[]>(
		(all, kind) => all.flatMap(one => eachServer({on, kind}, one, here)),
		[scope],
	);
	return scopes.map(one => {
		const servers = kinds.flatMap(kind => one[kind] ?? []);
		const subject = servers.length > 0 ? servers.join(', ') : (nameIn(one, on) ?? '');
		return {scope: one, subject};
	});
}

function questionsOf(runbooks: readonly Runbook[], eyes: Eyes): readonly Question[] {
	return runbooks.flatMap(wizard => {
		if (wizard.kind !== 'wizard') return [];
		const here = eyes.here();
		const scopes = scopesOf(wizard.on, here).slice(0, maxScopes);
		return Object.values(wizard.causes).flatMap(cause =>
			scopes
				.flatMap(scope => aboutOf(wizard, cause, {scope, here}))
				.map(about => ({wizard, cause, ...about})),
		);
	});
}

/**
 * Looks at everything that is quick to see, at once, and weighs every cause of every wizard at everything that it can be
 * about. Ends within 5 s: what was not seen by then is unknown. Never changes anything.
 */
export async function diagnose(
	runbooks: readonly Runbook[],
	eyes: Eyes,
	clock: {now(): number; monotonic(): number},
	outer: AbortSignal,
): Promise<Diagnosis> {
	const began = clock.monotonic();
	const questions = questionsOf(runbooks, eyes);
	const wanted = new Map<string, {readonly look: string; readonly scope: Scope}>();
	for (const {cause, scope} of questions) {
		for (const look of looksOf(cause)) {
			const declaration = declarationOf(look);
			if (declaration && isLight(declaration)) wanted.set(keyOf(look, scope), {look, scope});
		}
	}

	const seen = await lookAtAll([...wanted.entries()], eyes, outer);
	const findings = questions.flatMap(({wizard, cause, scope, subject}): Finding[] => {
		const evidence = [...new Set(looksOf(cause))].flatMap(
			look => seen.get(keyOf(look, scope)) ?? [],
		);
		const weighed = weigh(cause, valuesOf(withEvidence(nothingSeen, evidence)));
		if (!weighed) return [];
		return [{...weighed, runbook: wizard.id, scope, subject, evidence}];
	});
	const ofHost = new Set(runbooks.flatMap(({id, on}) => (on === 'host' ? [id] : [])));
	const isOfHost = ({runbook}: Finding) => ofHost.has(runbook);
	return {
		atMs: clock.now(),
		tookMs: clock.monotonic() - began,
		findings: ranked(findings, (one, other) => isConsequence(one, other, isOfHost)),
		blind: [...seen.values()].filter(({problem}) => problem !== undefined),
		excluded: questions.length - findings.length,
	};
}

/** What happens in another stack is no cause here; the host is shared by all. */
function isConsequence(
	one: Finding,
	other: Finding,
	isOfHost: (finding: Finding) => boolean,
): boolean {
	const isNear = one.scope.project === other.scope.project || isOfHost(one) || isOfHost(other);
	if (!isNear) return false;
	return one.cause.follows.includes(other.cause.id) && !other.cause.follows.includes(one.cause.id);
}

async function lookAtAll(
	wanted: readonly (readonly [string, {readonly look: string; readonly scope: Scope}])[],
	eyes: Eyes,
	outer: AbortSignal,
): Promise<ReadonlyMap<string, Evidence>> {
	const byScope = new Map<string, {scope: Scope; looks: [string, LookId][]}>();
	for (const [key, {look, scope}] of wanted) {
		const name = JSON.stringify(scope);
		const group = byScope.get(name) ?? {scope, looks: []};
		if (isLookId(look)) group.looks.push([key, look]);
		byScope.set(name, group);
	}

	const seen = new Map<string, Evidence>();
	const deadline = AbortSignal.timeout(limitMs);
	const signal = AbortSignal.any([outer, deadline]);
	await Promise.all(
		[...byScope.values()].flatMap(({scope, looks}) =>
			looks.map(async ([key, look]) => {
				const [evidence] = await eyes.look([look], scope, signal).catch(() => []);
				if (evidence) seen.set(key, evidence);
			}),
		),
	);
	outer.throwIfAborted();
	return seen;
}

function isLookId(look: string): look is LookId {
	return declarationOf(look) !== undefined;
}
