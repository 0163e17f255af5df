import {formatDateTime} from './domain/format.ts';
import {foldersOf} from './own-state.ts';
import type {RunbookFacts} from './runbook-commands.ts';
import {runbookSayer} from './runbook-list.ts';
import type {Wizard} from './runbooks/runbook.ts';
import {hasOnlyLooked, nodeOf, replay, waitsForPerson, type Walk} from './runbooks/walk.ts';
import {newId} from './work/make-plan.ts';
import {appendWalk, beginWalk, noteOver, type NewWalk, type Taken} from './work/walks.ts';

/** Answers of the command line, by node: `--answer NODE=NUMBER`. */
export function answersOf({flags}: Pick<RunbookFacts, 'flags'>): ReadonlyMap<string, string> {
	const given = [flags['answer'] ?? []].flat();
	return new Map(
		given.map(text => {
			const [node = '', value = ''] = String(text).split('=', 2);
			return [node, value] as const;
		}),
	);
}

function notice(text: string): void {
	process.stderr.write(`opsconsole: ${text}\n`);
}

/** Whether the command brings what the node of a walk waits for. */
function bringsAnswer({flags}: RunbookFacts, wizard: Wizard, walk: Walk): boolean {
	const node = nodeOf(wizard, walk.at);
	return answersOf({flags}).has(walk.at) || (node.kind === 'do' && flags['yes'] === true);
}

/**
 * The walk that is gone on with: one that was left and that this command brings something for, else a new one. One that
 * waits for a person and in which was only looked would show what is no longer so; it gives way to a new one.
 */
export async function beginOrGoOn(facts: RunbookFacts, begun: Omit<NewWalk, 'id'>): Promise<Taken> {
	const {io, settings} = facts;
	const {wizard, by, nowMs} = begun;
	const say = runbookSayer(facts);
	const {root} = foldersOf(io, settings);
	const taken = await beginWalk(root, {...begun, id: newId(nowMs)});
	if ('heldBy' in taken) return taken;
	const {id, folder, events} = taken.kept;
	const left = replay(wizard, events.slice(0, -1));
	if (!left) return taken;
	const was = {id, by: left.by, time: formatDateTime(left.lastAtMs)};
	if (!waitsForPerson(left) || !hasOnlyLooked(left) || bringsAnswer(facts, wizard, left)) {
		notice(say('walk.taken-up', was));
		return taken;
	}

	await appendWalk(folder, {type: 'abandoned', atMs: nowMs, by, reason: 'begun anew'});
	await noteOver(folder, true);
	await taken.release();
	notice(say('walk.anew', was));
	return beginWalk(root, {...begun, id: newId(nowMs)});
}
