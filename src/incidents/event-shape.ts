import {flag, list, oneOf, record, ShapeError, text, type Shape} from '../domain/shape.ts';
import {isObject} from '../domain/unknown.ts';
import {
	changeKinds,
	phases,
	rollbackSteps,
	severities,
	type IncidentEvent,
	type IncidentLine,
} from './event.ts';

/** A finite number. */
const figure: Shape<number> = (value, at) => {
	if (typeof value !== 'number' || !Number.isFinite(value)) throw new ShapeError(at, 'a number');
	return value;
};

/** A time that a calendar knows, in ms. */
const time: Shape<number> = (value, at) => {
	if (Number.isNaN(new Date(figure(value, at)).getTime())) throw new ShapeError(at, 'a time');
	return figure(value, at);
};

/** An object whose values all have one shape. */
function mapOf<T>(shape: Shape<T>): Shape<object> {
	return (value, at) => {
		if (!isObject(value)) throw new ShapeError(at, 'an object');
		for (const [name, item] of Object.entries(value)) shape(item, `${at}.${name}`);
		return value;
	};
}

const plain: Shape<unknown> = (value, at) =>
	typeof value === 'boolean'
		? flag(value, at)
		: typeof value === 'string'
			? text()(value, at)
			: figure(value, at);

const words = record({en: text(), zh: text()});
const texts = list(text());
const phrase = record({code: text()}, {params: mapOf(plain)});
const problem = record({code: text(), params: mapOf(plain)});

const alert = record(
	{
		...{id: text(), metric: text(), target: text(), subject: text(), provenance: text()},
		level: oneOf('ok', 'unknown', 'warn', 'crit'),
		sinceMs: time,
	},
	{value: figure, threshold: figure, isSinceLatest: flag},
);

const basis = list(record({look: text(), field: text()}, {operator: text(), limit: plain}));

/** When and by whom, where the line was written later or by the console. */
const happened = {atMs: time, by: text()};

const evidence = record({look: text(), atMs: time, values: mapOf(plain), lines: texts}, {problem});

const operation = record(
	{
		...{job: text(), operation: text(), title: phrase, target: text(), operator: text()},
		startedAtMs: time,
	},
	{
		endedAtMs: time,
		outcome: text(),
		exitStatus: figure,
		problem: text(),
		commands: list(record({text: text(), step: text(), state: text()})),
		moreCommands: figure,
	},
);

const origin: Shape<unknown> = (value, at) => {
	const {kind} = record({kind: oneOf('alert', 'symptom', 'person')})(value, at);
	if (kind === 'alert') return record({alert})(value, at);
	return kind === 'symptom' ? record({text: text()}, {runbook: text()})(value, at) : kind;
};

const shapes: Readonly<Record<IncidentEvent['kind'], Shape<unknown>>> = {
	opened: record(
		{
			...{title: text(), severity: oneOf(...severities), from: origin},
			...{environment: text(), hostname: text()},
		},
		{project: text(), sinceMs: time},
	),
	'alert-raised': record({alert}),
	'alert-cleared': record({alert}),
	evidence: record({evidence}, {walk: text(), runbook: text(), node: text()}),
	'walk-started': record({walk: text(), runbook: text(), title: words}, happened),
	'walk-decided': record(
		{
			...{runbook: text(), cause: text(), title: words, for: list(words), against: list(words)},
			verdict: oneOf('likely', 'possible', 'excluded'),
		},
		{walk: text(), node: text(), basis, atMs: time},
	),
	'walk-turned': record(
		{...{walk: text(), runbook: text(), node: text(), says: words, basis}, atMs: time},
		{by: text(), isRefused: flag, cause: words},
	),
	'walk-ended': record(
		{walk: text(), runbook: text(), outcome: text()},
		{says: words, ...happened},
	),
	operation: record({operation}),
	change: record({change: oneOf(...changeKinds), text: text()}, {happenedAtMs: time}),
	note: record({text: text()}, {walk: text(), ...happened}),
	acknowledged: record({}),
	'severity-changed': record({severity: oneOf(...severities)}, {why: text()}),
	'phase-entered': record({phase: oneOf(...phases)}),
	rollback: record({step: oneOf(...rollbackSteps), state: oneOf('started', 'done')}),
	closed: record({cause: text(), done: text(), followUps: texts}),
};

const kinds = Object.keys(shapes);

/**
 * Whether a value is a line that this version understands: everything that is told of it is there and of the right type. What
 * else is in it stays.
 */
export function isIncidentLine(value: unknown): value is IncidentLine {
	try {
		const {event} = record({
			...{v: oneOf(1), seq: figure, by: text(), prev: text(), event: mapOf(() => undefined)},
			t: (at: unknown, place: string) => time(Date.parse(text()(at, place)), place),
		})(value, '');
		const {kind} = record({kind: oneOf(...kinds)})(event, 'event');
		shapes[kind as IncidentEvent['kind']](event, 'event');
		return true;
	} catch (error) {
		if (error instanceof ShapeError) return false;
		throw error;
	}
}
