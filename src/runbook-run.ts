import {endOfRun} from './domain/unproved.ts';
import {exitStatuses} from './domain/exit-status.ts';
import {showCommand} from './domain/show-command.ts';
import type {Plan} from './domain/plan.ts';
import {clean} from './domain/clean.ts';
import type {Eyes} from './engine/eyes.ts';
import {withEyes} from './headless-eyes.ts';
import {operations} from './operations/index.ts';
import {print, printJson} from './print.ts';
import {foldersOf, openState, workerOptions} from './program.ts';
import {walkText} from './report/walk-text.ts';
import {answersOf, beginOrGoOn} from './runbook-begin.ts';
import type {RunbookFacts} from './runbook-commands.ts';
import {failWith, runbookSayer} from './runbook-list.ts';
import {chooseScope} from './runbook-scope.ts';
import {runbooksHere} from './runbooks-here.ts';
import {valuesOf} from './runbooks/evidence.ts';
import {requestOf} from './runbooks/request.ts';
import type {Node, Wizard} from './runbooks/runbook.ts';
import {sayText} from './runbooks/say.ts';
import {isOver, nodeOf, waitsForPerson, type Walk} from './runbooks/walk.ts';
import {lookAround} from './work/look.ts';
import {makePlan} from './work/make-plan.ts';
import {problemOfError} from './work/perform.ts';
import {createStartJob} from './work/start-job.ts';
import {ownLaunch} from './work/start.ts';
import {createWalker, type Walker} from './work/walker.ts';
import {walkOf, type Taken} from './work/walks.ts';
import {nameOfOperator, whoAmI} from './work/who.ts';
import {sayProblem} from './words/say-problem.ts';

/** Exit statuses: 0 solved or healthy, 1 a fix or an answer of a person is needed, 2 somebody has to act, 3 not found. */
const statuses = {solved: 0, healthy: 0, escalate: 2, 'not-found': 3} as const;
const needsPerson = 1;

/** What stopped a walk without a screen before its end. */
type Stop = {readonly why: string; readonly plan?: Plan};

/** A walk that this command has. */
type Own = Extract<Taken, {readonly release: unknown}>;

type Ready = {
	readonly facts: RunbookFacts;
	readonly wizard: Wizard;
	readonly walker: Walker;
	readonly eyes: Eyes;
	readonly by: string;
};

async function answer(ready: Ready, node: Node & {kind: 'ask'}): Promise<Stop | undefined> {
	const {walker, facts} = ready;
	const {at, seen} = walker.walk();
	const {language} = facts.settings;
	const given = answersOf(facts).get(at);
	const choice = Number(given) - 1;
	if (given !== undefined && node.choices[choice]) {
		await walker.move({type: 'answered', node: at, choice});
		return undefined;
	}

	const valueOf = valuesOf(seen);
	const choices = node.choices.map(
		({label}, index) => `${index + 1}: ${sayText(label, valueOf, language)}`,
	);
	return {
		why: runbookSayer(facts)('walk.needs-answer', {
			question: sayText(node.question, valueOf, language),
			choices: choices.join(', '),
			node: at,
		}),
	};
}

/** Plans what the node would do; with --yes a safe one is carried out, everything else stops the walk and is shown. */
async function act(ready: Ready, node: Node & {kind: 'do'}): Promise<Stop | undefined> {
	const {walker, facts, eyes} = ready;
	const {io, settings, flags} = facts;
	const say = runbookSayer(facts);
	const {at, scope, seen} = walker.walk();
	const made = requestOf(node, {scope, here: eyes.here(), valueOf: valuesOf(seen)});
	if (!made.ok) return {why: say('walk.cannot', {parts: made.missing.join(', ')})};
	const state = await openState(io, settings);
	let plan: Plan;
	try {
		const look = await lookAround(io, settings, state);
		plan = await makePlan({look, operations}, made.operation, made.request);
	} catch (error) {
		const problem = problemOfError(error, made.operation);
		await walker.move({type: 'acted', node: at, end: 'failed', problem});
		return undefined;
	}

	if (flags['yes'] !== true || plan.risk !== 'safe') {
		const commands = plan.steps.flatMap(step => step.commands.map(one => showCommand(one)));
		const would = commands.map(command => say('walk.would-do', {command})).join('\n');
		return {why: `${would}\n${say('walk.needs-yes', {risk: plan.risk})}`, plan};
	}

	const start = createStartJob({
		io,
		settings,
		state,
		operations,
		launch: ownLaunch(workerOptions(flags)),
		operator: await whoAmI(),
	});
	const {operation, request} = made;
	const end = await start({kind: 'job', operation, request}, new AbortController().signal);
	await walker.move({
		type: 'acted',
		node: at,
		end: endOfRun(end),
		...(end.id !== undefined && {run: end.id}),
		...(end.problem && {problem: end.problem}),
	});
	return undefined;
}

/** Goes on until the end, or until a person is needed. */
async function walkOn(ready: Ready): Promise<Stop | undefined> {
	const {walker, wizard} = ready;
	await walker.go();
	while (!isOver(walker.walk())) {
		const walk = walker.walk();
		const node = nodeOf(wizard, walk.at);
		const stop = await personAt(ready, node, walk);
		if (stop) return stop;
		if (walker.isLost()) return {why: runbookSayer(ready.facts)('walk.taken')};
	}

	return undefined;
}

async function personAt(ready: Ready, node: Node, {at}: Walk): Promise<Stop | undefined> {
	switch (node.kind) {
		case 'ask':
			return answer(ready, node);
		case 'do':
			return act(ready, node);
		case 'note':
			await ready.walker.move({type: 'noted', node: at});
			return undefined;
		case 'look':
		case 'decide':
		case 'rank':
		case 'wait':
		case 'end':
			throw new Error(`the walk stopped at ${at}, which needs nobody`);
	}
}

function statusOf({outcome}: Walk, stop: Stop | undefined): number {
	if (stop) return needsPerson;
	return outcome === undefined ? needsPerson : statuses[outcome];
}

async function report(ready: Ready, stop: Stop | undefined): Promise<number> {
	const {facts, wizard, walker} = ready;
	const {language} = facts.settings;
	const walk = walker.walk();
	const status = statusOf(walk, stop);
	if (facts.flags['json'] === true) {
		const {id, scope, at, outcome, trail} = walk;
		await printJson({
			version: '1.0',
			id,
			runbook: wizard.id,
			scope,
			at,
			...(outcome !== undefined && {outcome}),
			...(stop && {stopped: stop.why}),
			...(waitsForPerson(walk) && {waitsFor: 'person'}),
			exitStatus: status,
			steps: trail.map(({event}) => event),
		});
	} else {
		await print(walkText(wizard, walk, language));
		if (stop) await print(`${stop.why}\n`);
		if (waitsForPerson(walk)) {
			await print(`${runbookSayer(facts)('walk.kept', {id: walk.id})}\n`);
		}
	}

	return status;
}

async function walkThrough(
	{facts, wizard, eyes, by}: Omit<Ready, 'walker'>,
	{kept, release}: Own,
): Promise<number> {
	const known = walkOf(kept, {[wizard.id]: wizard});
	if (!known) throw new Error('a walk that was just begun is known');
	const walker = createWalker({
		wizard,
		walk: known.walk,
		folder: kept.folder,
		look: eyes.look,
		clock: facts.io.clock,
		takesBest: true,
		onChange: () => undefined,
	});
	try {
		const ready = {facts, wizard, walker, eyes, by};
		const stop = await walkOn(ready);
		if (stop) await walker.move({type: 'paused', by, reason: 'person'});
		return await report(ready, stop);
	} finally {
		walker.stop();
		// Also where something went wrong: nobody walks it any more.
		if (walker.walk().status === 'walking') {
			await walker.move({type: 'paused', by}).catch(() => undefined);
		}

		await release();
	}
}

/** `runbook run ID`: walks a wizard without a screen. Only looks, unless `--yes` lets it carry out safe fixes. */
export async function runWizard([id = '']: readonly string[], facts: RunbookFacts) {
	const {io, settings} = facts;
	const say = runbookSayer(facts);
	const {runbooks} = await runbooksHere();
	const wizard = Object.hasOwn(runbooks, id) ? runbooks[id] : undefined;
	if (wizard?.kind !== 'wizard') return failWith(say('unknown-runbook', {id: clean(id, 60)}));
	return withEyes({io, settings, folders: foldersOf(io, settings)}, async eyes => {
		const scope = chooseScope(wizard, eyes.here(), facts);
		if (typeof scope === 'string') return failWith(scope);
		const by = nameOfOperator(await whoAmI());
		const state = await openState(io, settings).catch((error: unknown) => error);
		if (state instanceof Error || typeof state !== 'object' || state === null) {
			const {summary} = sayProblem(settings.language, problemOfError(state, 'walk'));
			return failWith(summary, exitStatuses.refused);
		}

		const nowMs = io.clock.now();
		const taken = await beginOrGoOn(facts, {wizard, scope, by, nowMs});
		if ('heldBy' in taken) {
			const {by: who} = taken.heldBy;
			return failWith(say('walk.held', {by: who, id: taken.kept.id}), exitStatuses.busy);
		}

		return walkThrough({facts, wizard, eyes, by}, taken);
	});
}
