import type {Basis} from '../runbooks/basis.ts';
import type {Value} from '../runbooks/field.ts';
import {declarationOf} from '../runbooks/say.ts';
import type {IncidentLine} from './event.ts';
import type {Incident, IncidentEvidence} from './incident.ts';

/** A value at a time. */
export type Timed = {readonly atMs: number; readonly value: Value | undefined};

/** A field that says something about an incident, with its values in their order. */
export type Telling = Pick<IncidentEvidence, 'runbook' | 'node'> & {
	readonly look: string;
	readonly field: string;
	readonly values: readonly Timed[];
	/** `decided`: a way or a cause went by it; `changed`: it is another one at the last look than at the first. */
	readonly why: 'decided' | 'changed';
	readonly limit?: Pick<Basis, 'operator' | 'limit'>;
};

/** What of the evidence of an incident belongs into its report. */
export type Told = {
	readonly fields: readonly Telling[];
	/** Looks of which a field is told, as they first saw lines: those are worth reading. */
	readonly looks: readonly IncidentEvidence[];
	/** The last look of each kind that saw nothing, or not everything. */
	readonly blind: readonly IncidentEvidence[];
	/** How many values were seen at all. */
	readonly count: number;
};

/** A figure that moved by less than this part of itself counts as the same. */
const leastChange = 0.1;

function isSame(a: Value | undefined, b: Value | undefined): boolean {
	if (typeof a !== 'number' || typeof b !== 'number') return a === b;
	return Math.abs(a - b) < leastChange * Math.max(Math.abs(a), Math.abs(b)) || a === b;
}

const keyOf = ({look, field}: {readonly look: string; readonly field: string}) =>
	`${look}.${field}`;

/** What decided something, by walk and `look.field`; a fixed value that it was compared with stays in sight. */
function basesOf(lines: readonly IncidentLine[]): ReadonlyMap<string, ReadonlyMap<string, Basis>> {
	const bases = new Map<string, Map<string, Basis>>();
	for (const {event} of lines) {
		if (event.kind !== 'walk-decided' && event.kind !== 'walk-turned') continue;
		const walk = event.walk ?? '';
		const own = bases.get(walk) ?? new Map<string, Basis>();
		bases.set(walk, own);
		for (const basis of event.basis ?? []) {
			if (own.get(keyOf(basis))?.limit === undefined) own.set(keyOf(basis), basis);
		}
	}

	return bases;
}

function fieldsOf(look: string, seen: readonly IncidentEvidence[]): readonly string[] {
	const known = Object.keys(declarationOf(look)?.fields ?? {});
	const others = seen.flatMap(({evidence}) => Object.keys(evidence.values));
	return [...new Set([...known, ...others])];
}

/** The values of a field, without those that are the same as the one before. */
function valuesOfField(seen: readonly IncidentEvidence[], field: string): readonly Timed[] {
	const all = seen.map(({evidence: {atMs, values}}) => ({atMs, value: values[field]}));
	return all.filter(({value}, at) => at === 0 || !isSame(value, all[at - 1]?.value));
}

function tellingOf(
	look: string,
	seen: readonly IncidentEvidence[],
	bases: ReadonlyMap<string, Basis>,
): readonly Telling[] {
	const first = seen[0];
	const last = seen.at(-1);
	if (first === undefined || last === undefined) return [];
	const {runbook, node} = last;
	const at = {...(runbook !== undefined && {runbook}), ...(node !== undefined && {node})};
	return fieldsOf(look, seen).flatMap((field): readonly Telling[] => {
		const basis = bases.get(keyOf({look, field}));
		const isChanged = !isSame(first.evidence.values[field], last.evidence.values[field]);
		if (basis === undefined && !isChanged) return [];
		const values = valuesOfField(seen, field);
		const {operator, limit} = basis ?? {};
		const beside = operator === undefined || limit === undefined ? {} : {limit: {operator, limit}};
		const why = basis === undefined ? 'changed' : 'decided';
		return [{...at, look, field, values, why, ...beside}];
	});
}

/**
 * The values that decided something, and those that changed between the first and the last look of a walk; a figure by a
 * tenth or more. Everything else is in the evidence pack.
 */
export function toldOf(incident: Pick<Incident, 'evidence'>, lines: readonly IncidentLine[]): Told {
	const bases = basesOf(lines);
	const groups = Map.groupBy(incident.evidence, ({walk = '', evidence}) =>
		JSON.stringify([walk, evidence.look]),
	);
	const found = [...groups.values()].flatMap(seen => {
		const last = seen.at(-1);
		if (last === undefined) return [];
		const fields = tellingOf(last.evidence.look, seen, bases.get(last.walk ?? '') ?? new Map());
		const read = seen.find(({evidence}) => evidence.lines.length > 0);
		return [{fields, last, read}];
	});
	return {
		fields: found.flatMap(({fields}) => fields),
		looks: found.flatMap(({fields, read}) => (fields.length > 0 && read ? [read] : [])),
		blind: found.flatMap(({last}) => (last.evidence.problem === undefined ? [] : [last])),
		count: incident.evidence.reduce(
			(sum, {evidence}) => sum + Object.keys(evidence.values).length,
			0,
		),
	};
}
