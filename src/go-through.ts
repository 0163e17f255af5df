import type {Eyes} from './engine/eyes.ts';
import {
	figuresOf,
	judgeItem,
	levelOfItems,
	missedAfterMs,
	type Answer,
	type CheckResult,
} from './runbooks/checklist.ts';
import type {Checklist} from './runbooks/runbook.ts';
import type {Scope} from './runbooks/scope.ts';

/** Goes through a checklist: all looks at once, then each line is judged by them. */
export async function goThrough(
	checklist: Checklist,
	facts: {
		readonly eyes: Pick<Eyes, 'look'>;
		readonly scope: Scope;
		readonly answers: ReadonlyMap<string, Answer>;
		readonly by: string;
		readonly nowMs: number;
	},
	signal: AbortSignal,
): Promise<CheckResult> {
	const {eyes, scope, answers, by, nowMs} = facts;
	const looks = checklist.items.flatMap(item => (item.by === 'console' ? item.looks : []));
	const evidence = await eyes.look(looks, scope, signal);
	const limitMs = missedAfterMs(checklist);
	const items = checklist.items.map(item => {
		const own = item.by === 'console' ? item.looks : [];
		const seen = evidence.filter(({look}) => own.some(id => id === look));
		return judgeItem(item, seen, answers.get(item.id));
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
