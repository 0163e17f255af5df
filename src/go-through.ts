import type {Eyes} from './engine/eyes.ts';
import {
	figuresOf,
	judgeItem,
	judgeParts,
	levelOfItems,
	missedAfterMs,
	type Answer,
	type CheckResult,
} from './runbooks/checklist.ts';
import {lookKey, partsOf} from './runbooks/item-scopes.ts';
import type {Evidence} from './runbooks/look.ts';
import type {LookId} from './runbooks/looks/index.ts';
import type {Checklist} from './runbooks/runbook.ts';
import type {Scope} from './runbooks/scope.ts';

/** Reads every look once for each server that it is about; gives what was seen by `lookKey`. */
async function seeAll(
	eyes: Pick<Eyes, 'look'>,
	wanted: readonly (readonly [look: LookId, scope: Scope])[],
	signal: AbortSignal,
): Promise<ReadonlyMap<string, Evidence>> {
	const scopes = new Map<string, {readonly scope: Scope; readonly looks: Set<LookId>}>();
	const asked = new Set<string>();
	for (const [look, scope] of wanted) {
		const key = lookKey(look, scope);
		if (asked.has(key)) continue;
		asked.add(key);
		const name = JSON.stringify(scope);
		const group = scopes.get(name) ?? {scope, looks: new Set()};
		scopes.set(name, group);
		group.looks.add(look);
	}

	const seen = await Promise.all(
		[...scopes.values()].map(async ({scope, looks}) => {
			const found = await eyes.look([...looks], scope, signal);
			return [...looks].flatMap(look => {
				const one = found.find(evidence => evidence.look === look);
				return one ? [[lookKey(look, scope), one] as const] : [];
			});
		}),
	);
	return new Map(seen.flat());
}

/** Goes through a checklist: all looks at once, then each line is judged by them, for each server that it is about. */
export async function goThrough(
	checklist: Checklist,
	facts: {
		readonly eyes: Pick<Eyes, 'look' | 'here'>;
		readonly scope: Scope;
		readonly answers: ReadonlyMap<string, Answer>;
		readonly by: string;
		readonly nowMs: number;
	},
	signal: AbortSignal,
): Promise<CheckResult> {
	const {eyes, scope, answers, by, nowMs} = facts;
	const about = {scope, here: eyes.here()};
	const lines = checklist.items.map(item => {
		const parts = partsOf(checklist, item, about);
		return {item, parts, looks: item.by === 'console' ? item.looks : []};
	});
	const wanted = lines.flatMap(({looks, parts}) =>
		[{scope}, ...parts].flatMap(part => looks.map(look => [look, part.scope] as const)),
	);
	const seen = await seeAll(eyes, wanted, signal);
	const limitMs = missedAfterMs(checklist);
	const items = lines.map(({item, parts, looks}) => {
		const of = (one: Scope) => looks.flatMap(look => seen.get(lookKey(look, one)) ?? []);
		if (parts.length === 0) return judgeItem(item, of(scope), answers.get(item.id));
		return judgeParts(
			item,
			parts.map(part => ({...part, evidence: of(part.scope)})),
		);
	});
	return {
		version: 1,
		checklist: checklist.id,
		sha256: checklist.sha256,
		...(scope.project !== undefined && {project: scope.project}),
		atMs: nowMs,
		by,
		items,
		level: levelOfItems(items),
		...(limitMs !== undefined && {missedAfterMs: limitMs}),
		figures: figuresOf(items),
	};
}

/** A result with one more answer; what was seen stays. A signature was for what stood there before. */
export function answered(
	checklist: Checklist,
	result: CheckResult,
	{item: id, ...answer}: Answer & {readonly item: string},
): CheckResult {
	const {signed: _before, ...rest} = result;
	const items = result.items.map(one => {
		const item = checklist.items.find(candidate => candidate.id === id);
		return one.id === id && item ? judgeItem(item, one.evidence, answer) : one;
	});
	return {...rest, atMs: answer.atMs, items, level: levelOfItems(items)};
}
