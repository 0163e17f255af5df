import type {Wizard} from '../../src/runbooks/runbook.ts';
import type {Scope} from '../../src/runbooks/scope.ts';
import type {Walk} from '../../src/runbooks/walk.ts';
import {newId} from '../../src/work/make-plan.ts';
import {beginWalk, walkOf} from '../../src/work/walks.ts';
import type {Ground} from './ground.ts';

/** A walk that is ours until it is released. */
export type TakenWalk = {
	readonly walk: Walk;
	readonly folder: string;
	readonly release: () => Promise<void>;
};

/** Begins a walk as the console does. Rejects where somebody else has it. */
export async function takeWalk(
	{runbooks}: Pick<Ground, 'runbooks'>,
	root: string,
	{wizard, scope}: {readonly wizard: Wizard; readonly scope: Scope},
): Promise<TakenWalk> {
	const nowMs = Date.now();
	const first = {id: newId(nowMs), wizard, scope, by: 'scenarios', nowMs};
	const taken = await beginWalk(root, first);
	if ('heldBy' in taken) throw new Error(`${wizard.id} is walked by somebody else`);
	const known = walkOf(taken.kept, runbooks);
	if (!known) throw new Error('the walk cannot be read again');
	return {walk: known.walk, folder: taken.kept.folder, release: taken.release};
}
