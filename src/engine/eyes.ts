import type {Problem} from '../domain/problem.ts';
import {valueOf, type Reading} from '../domain/reading.ts';
import type {Settings} from '../domain/settings.ts';
import type {SourceId, SourceValues} from '../domain/source-values.ts';
import type {Io} from '../io/io.ts';
import {lookReaders} from '../looks/index.ts';
import {absenceOf, isLost} from '../looks/lost-server.ts';
import type {LookFacts} from '../looks/reader.ts';
import {clean} from '../domain/clean.ts';
import type {Value} from '../runbooks/field.ts';
import type {Evidence, LookDeclaration, Seen} from '../runbooks/look.ts';
import type {LookId} from '../runbooks/looks/index.ts';
import {declarationOf} from '../runbooks/say.ts';
import {nameIn, type Scope} from '../runbooks/scope.ts';
import {scopesOf, type Here} from '../runbooks/scopes.ts';
import {lostOf, single} from '../store/select.ts';
import {hereOf} from '../store/runbook-state.ts';
import type {State} from '../store/state.ts';
import {problemOf, timedOut} from './failure.ts';

/** How long a look may take, and one that is known to be heavy, in ms. */
const lightMs = 4000;
const heavyMs = 45_000;

/** How long a polled source has for a reading that is newer than the question, in ms. */
const newerMs = 3000;

/** How many looks read at the same time. */
const together = 12;

/** The sources are not asked to read again more often than this, in ms. */
const refreshEveryMs = 500;

/** Sources that tell of every change at once: what is known of them is what is. */
const streamed: readonly SourceId[] = ['docker.containers', 'docker.usage', 'logs.errors'];

/** Reads looks for runbooks, checklists and the diagnosis. */
export type Eyes = {
	/** Reads looks now; each gives evidence, also where it failed. Rejects only with the signal's reason. */
	readonly look: (
		ids: readonly LookId[],
		scope: Scope,
		signal: AbortSignal,
	) => Promise<readonly Evidence[]>;
	/** What there is here to be looked at. */
	here(): Here;
};

type Facts = {
	readonly io: Io;
	readonly settings: Settings;
	readonly folders: LookFacts['folders'];
	readonly state: () => State;
	/** Calls back after each change of the state until the returned function is called. */
	readonly onChange: (listener: () => void) => () => void;
	/** Has every source read again now. */
	readonly refresh: () => void;
};

/** The containers that are known now. */
function containersOf(state: State) {
	return valueOf(single(state.data, 'docker.containers'))?.containers ?? [];
}

/** Makes eyes over a running engine and its store. */
export function createEyes(facts: Facts): Eyes {
	const {io, settings, folders, state, onChange, refresh} = facts;
	const {clock} = io;
	const limited = limiter(together);
	let refreshedAtMs = Number.NEGATIVE_INFINITY;

	function hereNow(): Here {
		return hereOf(state());
	}

	function latest<Id extends SourceId>(
		source: Id,
		target: string,
	): Reading<SourceValues[Id]> | undefined {
		return state().data.readings[source][target];
	}

	/** Resolves when something holds that a change of the state brings about, or when the time for it is over. */
	async function untilTrue(holds: () => boolean, signal: AbortSignal): Promise<void> {
		if (holds()) return;
		const own = new AbortController();
		const arrived = Promise.withResolvers<undefined>();
		const stop = onChange(() => {
			if (holds()) arrived.resolve(undefined);
		});
		const over = clock.sleep(newerMs, AbortSignal.any([signal, own.signal]));
		await Promise.race([arrived.promise, over.catch(() => undefined)]);
		own.abort();
		stop();
	}

	/** A server that was stopped and runs again is found anew in a moment; then it is looked at, and not its absence. */
	async function foundAnew(
		kind: LookDeclaration['on'],
		scope: Scope,
		signal: AbortSignal,
	): Promise<void> {
		if (kind !== 'postgres' && kind !== 'redis') return;
		const {targets} = state().data;
		if (!isLost({targets, scope}, kind)) return;
		const facts = {io, targets, containers: containersOf(state()), scope, signal};
		if (await absenceOf(facts, kind)) return;
		await untilTrue(() => !isLost({targets: state().data.targets, scope}, kind), signal);
	}

	/** Resolves when a reading after the question has come, or when the time for it is over. */
	async function newer<Id extends SourceId>(
		source: Id,
		target: string,
		askedAtMs: number,
		signal: AbortSignal,
	): Promise<Reading<SourceValues[Id]>> {
		const isNew = () => {
			const reading = latest(source, target);
			if (reading?.kind === 'fresh' && streamed.includes(source)) return true;
			if (reading?.kind === 'fresh') return reading.atMs >= askedAtMs;
			return reading?.kind === 'failed' || reading?.kind === 'stale';
		};
		await untilTrue(isNew, signal);
		return latest(source, target) ?? {kind: 'waiting'};
	}

	async function lookAtOne(id: LookId, scope: Scope, outer: AbortSignal): Promise<Evidence> {
		const declaration = declarationOf(id);
		const atMs = clock.now();
		const nothing = (problem: Problem): Evidence => ({
			look: id,
			atMs,
			values: {},
			lines: [],
			problem,
		});
		if (declaration === undefined || nameIn(scope, declaration.on) === undefined) {
			return nothing(notNamed(declaration?.on ?? id, hereNow()));
		}

		const limitMs = declaration.isHeavy ? heavyMs : lightMs;
		const deadline = AbortSignal.timeout(limitMs);
		const signal = AbortSignal.any([outer, deadline]);
		const read: (facts: LookFacts) => Promise<Seen> = lookReaders[id];
		const late = new Promise<never>((_resolve, reject) => {
			signal.addEventListener('abort', () => reject(new Error('over')), {once: true});
		});
		try {
			const see = async () => {
				await foundAnew(declaration.on, scope, signal);
				return read({
					io,
					settings,
					targets: state().data.targets,
					containers: containersOf(state()),
					lost: lostOf(state()),
					scope,
					folders,
					signal,
					reading: (source, target) => newer(source, target, atMs, signal),
					alerts: () => state().data.alerts.filter(({isPending}) => !isPending),
				});
			};
			const seen = await Promise.race([late, see()]);
			return evidenceOf(id, clock.now(), seen);
		} catch (error) {
			outer.throwIfAborted();
			return nothing(deadline.aborted ? timedOut(id, limitMs) : problemOf(error, id));
		}
	}

	return {
		here: hereNow,
		async look(ids, scope, signal) {
			if (clock.monotonic() - refreshedAtMs >= refreshEveryMs) {
				refreshedAtMs = clock.monotonic();
				refresh();
			}

			return Promise.all(
				[...new Set(ids)].map(async id => limited(() => lookAtOne(id, scope, signal))),
			);
		},
	};
}

/** Why a look at a kind of thing that the scope does not name sees nothing: there is none, or nobody said which. */
function notNamed(subject: string, here: Here): Problem {
	const several =
		subject === 'postgres' || subject === 'redis'
			? scopesOf(subject, here).flatMap(scope => nameIn(scope, subject) ?? [])
			: [];
	if (several.length < 2) return {code: 'look-nothing-here', params: {subject}, retry: 'rarely'};
	const names = several.slice(0, 20).join(', ');
	return {code: 'look-which', params: {subject, names}, retry: 'rarely'};
}

/** Lets at most so many works run at the same time; the others wait in order. */
function limiter(most: number): <T>(work: () => Promise<T>) => Promise<T> {
	const waiting: (() => void)[] = [];
	let running = 0;
	return async work => {
		if (running >= most) await new Promise<void>(go => waiting.push(go));
		running += 1;
		try {
			return await work();
		} finally {
			running -= 1;
			waiting.shift()?.();
		}
	};
}

/** Evidence of what a reader gave: what is not known is left out. */
function evidenceOf(look: string, atMs: number, {values, lines = []}: Seen): Evidence {
	const known: [string, Value][] = [];
	for (const [name, value] of Object.entries(values)) {
		if (value === undefined || (typeof value === 'number' && !Number.isFinite(value))) continue;
		known.push([name, typeof value === 'string' ? clean(value, 300) : value]);
	}

	return {
		look,
		atMs,
		values: Object.fromEntries(known),
		lines: lines.slice(0, 20).map(line => clean(line, 400)),
	};
}

/** Whether a look is quick enough for the diagnosis. */
export function isLight({isHeavy}: Pick<LookDeclaration, 'isHeavy'>): boolean {
	return isHeavy !== true;
}
