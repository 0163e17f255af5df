import type {Problem} from '../domain/problem.ts';
import {judge} from './expression.ts';
import {nothingSeen, valuesOf, withEvidence, type Seen} from './evidence.ts';
import type {Evidence} from './look.ts';
import type {LookId} from './looks/index.ts';
import {ranked, verdictOf, weigh, type Weighed} from './rank.ts';
import type {Node, Outcome, Wizard} from './runbook.ts';
import type {Scope} from './scope.ts';

/**
 * How a `do` ended: carried out, carried out though its own proof did not pass in time, not wanted by the operator, or
 * refused or failed.
 */
export type DoEnd = 'done' | 'unproved' | 'skipped' | 'failed';

/** Which way a `decide` or `rank` went: the number of a branch, the id of a cause, or one of the two others. */
export type Way =
	{readonly branch: number} | {readonly cause: string} | {readonly other: 'otherwise' | 'unknown'};

/** What happened in a walk, in the past tense; a walk is nothing but the list of them. Times are wall-clock ms. */
export type WalkEvent = {readonly atMs: number} & (
	| {
			readonly type: 'started';
			readonly id: string;
			readonly runbook: string;
			readonly sha256: string;
			readonly scope: Scope;
			readonly by: string;
	  }
	/** Evidence may be missing for what was skipped; then `reason` says why. */
	| {
			readonly type: 'looked';
			readonly node: string;
			readonly evidence: readonly Evidence[];
			readonly reason?: string;
	  }
	| {
			readonly type: 'decided';
			readonly node: string;
			readonly way: Way;
			/** The operator took another cause than the one that was proposed. */
			readonly isOwnChoice?: true;
	  }
	| {
			readonly type: 'answered';
			readonly node: string;
			/** Number of the choice; absent: it was left open, with the reason. */
			readonly choice?: number;
			readonly reason?: string;
	  }
	| {
			readonly type: 'acted';
			readonly node: string;
			readonly end: DoEnd;
			/** Id of the run, where there was one. */
			readonly run?: string;
			readonly problem?: Problem;
			readonly reason?: string;
	  }
	/** The operation of a `do` runs under this id; how it ends is told by `acted`. */
	| {readonly type: 'began'; readonly at: string; readonly run: string}
	| {readonly type: 'waited'; readonly node: string; readonly reason?: string}
	/** The note of a node was read; `text` is what the operator wrote. */
	| {readonly type: 'noted'; readonly node: string; readonly text?: string}
	/** A remark at any moment; it moves nothing. */
	| {readonly type: 'remarked'; readonly text: string; readonly by: string}
	| {readonly type: 'went-back'}
	/** `person`: it went on by itself until somebody had to answer, to decide or to confirm. */
	| {readonly type: 'paused'; readonly by: string; readonly reason?: 'person'}
	| {readonly type: 'resumed'; readonly by: string}
	| {readonly type: 'handed-over'; readonly by: string; readonly to: string}
	/** Left for good before its end; `circling`: it went over one node too often. */
	| {readonly type: 'abandoned'; readonly by: string; readonly reason?: string}
);

/** An event that leads from one node to another. */
export type Move = Extract<WalkEvent, {readonly node: string}>;

/** An event without its time: what a person, or the program for them, does with a walk. */
export type WalkMove = WalkEvent extends infer E
	? E extends WalkEvent
		? Omit<E, 'atMs'>
		: never
	: never;

/** What a walk does by itself at the moment. */
export type Activity =
	| {readonly kind: 'nothing'}
	| {readonly kind: 'looking'; readonly looks: readonly LookId[]; readonly sinceMs: number}
	| {readonly kind: 'waiting'; readonly untilMs: number};

/** One node that was passed, with what happened there. */
export type Visit = {
	readonly node: string;
	readonly event: Move;
	/** What had been seen before it. */
	readonly seenBefore: Seen;
};

/** A walk as it stands. */
export type Walk = {
	readonly id: string;
	readonly runbook: string;
	readonly sha256: string;
	readonly scope: Scope;
	readonly startedAtMs: number;
	readonly lastAtMs: number;
	/** Who has it now. */
	readonly by: string;
	readonly status: 'walking' | 'paused' | 'handed-over' | 'ended' | 'abandoned';
	/** The node that it is at. */
	readonly at: string;
	readonly seen: Seen;
	/** The way to here, without what was gone back over. */
	readonly trail: readonly Visit[];
	/** Everything that happened, also what was gone back over. */
	readonly events: readonly WalkEvent[];
	readonly outcome?: Outcome;
	/** The run of the operation that its node waits for. */
	readonly run?: string;
};

/** A node is passed at most this often; a walk that goes in circles ends by itself. */
export const maxVisits = 12;

/** The node of this name; a validated runbook has every node that it names. */
export function nodeOf(wizard: Wizard, name: string): Node {
	const node = Object.hasOwn(wizard.nodes, name) ? wizard.nodes[name] : undefined;
	if (node === undefined) throw new Error(`runbook ${wizard.id} has no node ${name}`);
	return node;
}

/** The causes of a `rank` node, weighed by what was seen, the best first. */
export function rankingAt(
	wizard: Wizard,
	node: Node & {readonly kind: 'rank'},
	seen: Seen,
): readonly (Weighed & {readonly consequenceOf?: string})[] {
	const valueOf = valuesOf(seen);
	return ranked(
		node.causes.flatMap(id => {
			const cause = Object.hasOwn(wizard.causes, id) ? wizard.causes[id] : undefined;
			return (cause && weigh(cause, valueOf)) ?? [];
		}),
	);
}

/** The way that a `decide` or `rank` node goes by what was seen. */
export function wayAt(
	wizard: Wizard,
	node: Node & {readonly kind: 'decide' | 'rank'},
	seen: Seen,
): Way {
	if (node.kind === 'rank') {
		const verdict = verdictOf(rankingAt(wizard, node, seen));
		return typeof verdict === 'string' ? {other: verdict} : {cause: verdict.cause.id};
	}

	const valueOf = valuesOf(seen);
	let isUnsure = false;
	for (const [branch, {when}] of node.branches.entries()) {
		const holds = judge(when.expression, valueOf);
		if (holds === true) return {branch};
		isUnsure ||= holds === undefined;
	}

	return {other: isUnsure ? 'unknown' : 'otherwise'};
}

/** Where a way leads; undefined where the node has no such way. */
function targetOf(wizard: Wizard, node: Node, way: Way): string | undefined {
	if (node.kind !== 'decide' && node.kind !== 'rank') return undefined;
	if ('other' in way) return node[way.other];
	if ('branch' in way) return node.kind === 'decide' ? node.branches[way.branch]?.next : undefined;
	return node.kind === 'rank' && node.causes.includes(way.cause)
		? wizard.causes[way.cause]?.fix
		: undefined;
}

/** Where an event leads from the node that it happened at; undefined where it does not fit there. */
function nextOf(wizard: Wizard, node: Node, event: Move): string | undefined {
	switch (event.type) {
		case 'looked':
			return node.kind === 'look' ? node.next : undefined;
		case 'decided':
			return targetOf(wizard, node, event.way);
		case 'answered':
			if (node.kind !== 'ask') return undefined;
			return event.choice === undefined ? node.unknown : node.choices[event.choice]?.next;
		case 'acted':
			if (node.kind !== 'do') return undefined;
			return {done: node.next, unproved: node.next, skipped: node.skip, failed: node.failed}[
				event.end
			];
		case 'waited':
			return node.kind === 'wait' ? node.next : undefined;
		case 'noted':
			return node.kind === 'note' ? node.next : undefined;
	}
}

/** The walk that an event begins; any other first event is none. */
export function begin(wizard: Wizard, event: WalkEvent): Walk | undefined {
	if (event.type !== 'started') return undefined;
	const {id, runbook, sha256, scope, by, atMs} = event;
	return arrived(wizard, {
		id,
		runbook,
		sha256,
		scope,
		startedAtMs: atMs,
		lastAtMs: atMs,
		by,
		status: 'walking',
		at: wizard.start,
		seen: nothingSeen,
		trail: [],
		events: [event],
	});
}

/** Ends the walk where it arrived at an end. */
function arrived(wizard: Wizard, walk: Walk): Walk {
	const node = nodeOf(wizard, walk.at);
	return node.kind === 'end' ? {...walk, status: 'ended', outcome: node.outcome} : walk;
}

/**
 * The walk after an event. What does not fit (an answer to another node, anything after the end) changes nothing, so
 * that a file that two wrote into still gives one walk.
 */
export function after(wizard: Wizard, walk: Walk, event: WalkEvent): Walk {
	const known = {...walk, lastAtMs: event.atMs, events: [...walk.events, event]};
	switch (event.type) {
		case 'started':
			return walk;
		case 'remarked':
			return known;
		case 'began':
			return isOver(walk) || event.at !== walk.at ? walk : {...known, run: event.run};
		case 'went-back':
			return wentBack(walk, known);
		case 'paused':
			return isOver(walk) ? walk : {...known, status: 'paused'};
		case 'resumed':
			return isOver(walk) ? walk : {...known, status: 'walking', by: event.by};
		case 'handed-over':
			return isOver(walk) ? walk : {...known, status: 'handed-over', by: event.to};
		case 'abandoned':
			return isOver(walk) ? walk : {...known, status: 'abandoned'};
		case 'looked':
		case 'decided':
		case 'answered':
		case 'acted':
		case 'waited':
		case 'noted':
			return moved(wizard, walk, event);
	}
}

/** Whether nothing more can happen in a walk. */
export function isOver({status}: Walk): boolean {
	return status === 'ended' || status === 'abandoned';
}

function moved(wizard: Wizard, walk: Walk, event: Move): Walk {
	if (isOver(walk) || event.node !== walk.at) return walk;
	const next = nextOf(wizard, nodeOf(wizard, walk.at), event);
	if (next === undefined) return walk;
	const visit: Visit = {node: walk.at, event, seenBefore: walk.seen};
	const {run: _ended, ...rest} = walk;
	return arrived(wizard, {
		...rest,
		lastAtMs: event.atMs,
		status: 'walking',
		at: next,
		seen: event.type === 'looked' ? withEvidence(walk.seen, event.evidence) : walk.seen,
		trail: [...walk.trail, visit],
		events: [...walk.events, event],
	});
}

/** Back to the last node at which the operator had a choice. What was done to the server stays done. */
function wentBack(walk: Walk, known: Walk): Walk {
	const index = walk.trail.findLastIndex(({event}) => isChoice(event));
	const visit = walk.trail[index];
	if (visit === undefined || walk.status === 'abandoned') return walk;
	const {outcome: _over, run: _run, ...rest} = known;
	return {
		...rest,
		status: 'walking',
		at: visit.node,
		seen: visit.seenBefore,
		trail: walk.trail.slice(0, index),
	};
}

function isChoice(event: Move): boolean {
	const {type} = event;
	return (
		type === 'answered' ||
		type === 'noted' ||
		(type === 'acted' && event.end === 'skipped') ||
		(type === 'decided' && 'cause' in event.way)
	);
}

/** Whether one can go back. */
export function canGoBack(walk: Walk): boolean {
	return walk.status !== 'abandoned' && walk.trail.some(({event}) => isChoice(event));
}

/** The walk that a list of events makes; undefined where it does not begin with a start of this runbook. */
export function replay(wizard: Wizard, events: readonly WalkEvent[]): Walk | undefined {
	const [first, ...rest] = events;
	const start = first && begin(wizard, first);
	return start && rest.reduce((walk, event) => after(wizard, walk, event), start);
}

/** Whether a walk was left because it needs a person, who may be anybody. */
export function waitsForPerson({status, events}: Pick<Walk, 'status' | 'events'>): boolean {
	const left = events.findLast(({type}) => type === 'paused');
	return status === 'paused' && left?.type === 'paused' && left.reason === 'person';
}

/** Whether nobody has answered or done anything in a walk yet: a new one finds out the same. */
export function hasOnlyLooked({trail}: Pick<Walk, 'trail'>): boolean {
	return trail.every(
		({event: {type}}) => type === 'looked' || type === 'decided' || type === 'waited',
	);
}

/** Whether a walk has passed its node so often that it goes in circles. */
export function isCircling({at, trail}: Walk): boolean {
	return trail.filter(({node}) => node === at).length >= maxVisits;
}
