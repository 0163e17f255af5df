import {ProblemError} from '../../src/domain/problem.ts';
import type {Eyes} from '../../src/engine/eyes.ts';
import {createAct} from '../../src/io/create-act.ts';
import {createIo} from '../../src/io/create-io.ts';
import {operations} from '../../src/operations/index.ts';
import type {Finding} from '../../src/runbooks/diagnosis.ts';
import {valuesOf} from '../../src/runbooks/evidence.ts';
import {requestOf} from '../../src/runbooks/request.ts';
import type {Node} from '../../src/runbooks/runbook.ts';
import {isOver, nodeOf, type WalkMove} from '../../src/runbooks/walk.ts';
import {createWalker, type Walker} from '../../src/work/walker.ts';
import {performNow} from '../support/perform.ts';
import {isDone} from './do-act.ts';
import type {Ground} from './ground.ts';
import type {Scenario} from './scenario.ts';
import {takeWalk} from './take-walk.ts';

type Step = {
	readonly ground: Ground;
	readonly scenario: Scenario;
	readonly eyes: Eyes;
	readonly walker: Walker;
	readonly done: string[];
};

/** Carries out what the node asks for, as the console does after the operator has agreed. */
async function acted(step: Step, node: Node & {kind: 'do'}): Promise<WalkMove> {
	const {ground, scenario, eyes, walker, done} = step;
	const {at, scope, seen} = walker.walk();
	const made = requestOf(node, {scope, here: eyes.here(), valueOf: valuesOf(seen)});
	const operation = operations[node.operation];
	if (!made.ok || operation === undefined) {
		const parts = made.ok ? node.operation : made.missing.join(', ');
		throw new Error(`${at}: ${node.operation} cannot be asked for: ${parts}`);
	}

	try {
		const {outcome} = await performNow(operation, made.request, {
			act: createAct(),
			settings: ground.settings(scenario.settings?.(ground)),
			io: createIo(),
			folders: ground.folders,
		});
		const isGood = isDone({outcome});
		done.push(isGood ? node.operation : `${node.operation} (${outcome})`);
		return {type: 'acted', node: at, end: isGood ? 'done' : 'failed'};
	} catch (error) {
		// Refused before anything was done; the wizard goes on with that, as on the screen.
		if (!(error instanceof ProblemError)) throw error;
		return {type: 'acted', node: at, end: 'failed', problem: error.problem};
	}
}

async function moveAt(step: Step, node: Node): Promise<WalkMove | undefined> {
	const {ground, scenario, walker} = step;
	const {at} = walker.walk();
	switch (node.kind) {
		case 'ask':
			return {type: 'answered', node: at, choice: scenario.walk?.answers?.[at] ?? 0};
		case 'do':
			return acted(step, node);
		case 'note':
			await scenario.walk?.atNote?.(ground, at);
			return {type: 'noted', node: at};
		case 'look':
		case 'decide':
		case 'rank':
		case 'wait':
		case 'end':
			return undefined;
	}
}

function say(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}

/** Walks the wizard that a finding proposes up to its end; gives what was not as wished, if anything. */
export async function walkWizard(
	ground: Ground,
	{scenario, finding, eyes}: {scenario: Scenario; finding: Finding; eyes: Eyes},
): Promise<string | undefined> {
	const wizard = ground.runbooks[finding.runbook];
	if (wizard?.kind !== 'wizard' || !scenario.walk) return undefined;
	const {scope} = finding;
	const taken = await takeWalk(ground, ground.folders.root, {wizard, scope}).catch(say);
	if (typeof taken === 'string') return taken;
	const {walk, folder, release} = taken;
	const walker = createWalker({
		wizard,
		walk,
		folder,
		look: eyes.look,
		clock: createIo().clock,
		takesBest: true,
		onChange: () => undefined,
	});
	const done: string[] = [];
	try {
		await walker.go();
		while (!isOver(walker.walk())) {
			const step = {ground, scenario, eyes, walker, done};
			const move = await moveAt(step, nodeOf(wizard, walker.walk().at));
			if (move === undefined) break;
			await walker.move(move);
		}
	} catch (error) {
		return say(error);
	} finally {
		walker.stop();
		await release();
	}

	const {outcome = 'nothing', trail} = walker.walk();
	const {ends, does} = scenario.walk;
	if (outcome === ends && done.join() === does.join()) return undefined;
	const way = trail.map(({node}) => node).join(' > ');
	return `ended ${outcome} after ${done.join(', ') || 'no operation'} (${way})`;
}
