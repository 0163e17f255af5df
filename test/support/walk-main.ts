import {createInterface} from 'node:readline';
import process from 'node:process';
import {setTimeout as pause} from 'node:timers/promises';
import type {WalkMove} from '../../src/runbooks/walk.ts';
import {createWalker} from '../../src/work/walker.ts';
import {beginWalk, resumeWalk, walkOf} from '../../src/work/walks.ts';
import {appScope, loadSeen, slow} from './runbooks.ts';

// A console without a screen: begins or takes up a walk, tells what became of it, then does what its input says. With
// `hang` its looks never end.
const [root = '', how = 'begin', id = '', by = '', looks = ''] = process.argv.slice(2);
const tell = (what: object) => process.stdout.write(`${JSON.stringify(what)}\n`);
const nowMs = Date.now();
const taken =
	how === 'begin'
		? await beginWalk(root, {id, wizard: slow, scope: appScope, by, nowMs})
		: await resumeWalk(root, id, {by, nowMs, isForced: how === 'force'});
if (!taken) throw new Error(`no walk ${id}`);
const found = walkOf(taken.kept, {'app-slow': slow});
if ('heldBy' in taken || !found) {
	tell({heldBy: 'heldBy' in taken ? taken.heldBy.by : '', id: taken.kept.id});
} else {
	tell({id: taken.kept.id, at: found.walk.at, by: found.walk.by});
	const walker = createWalker({
		...found,
		folder: taken.kept.folder,
		async look(_looks, _scope, signal) {
			tell({looking: true});
			if (looks === 'hang') await pause(600_000, undefined, {signal});
			return [loadSeen()];
		},
		clock: {
			now: () => Date.now(),
			sleep: async (ms, signal) => pause(ms, undefined, {signal}),
		},
		takesBest: false,
		onChange: () => undefined,
	});
	const go = walker.go().catch((error: unknown) => tell({error: String(error)}));
	for await (const line of createInterface({input: process.stdin})) {
		const move = JSON.parse(line) as WalkMove | {readonly type: 'release'};
		if (move.type === 'release') {
			walker.stop();
			await taken.release();
			break;
		}

		await walker.move(move);
		tell({at: walker.walk().at, isLost: walker.isLost()});
	}

	walker.stop();
	process.stdin.destroy();
	await go;
}
