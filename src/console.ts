import {constants, hostname} from 'node:os';
import process from 'node:process';
import {setTimeout as sleep} from 'node:timers/promises';
import {crashStatus, describeCrash, watchCrashes} from './crash.ts';
import {clean} from './domain/clean.ts';
import type {Settings} from './domain/settings.ts';
import {startEngine} from './engine/engine.ts';
import type {Io} from './io/io.ts';
import type {Operation} from './operations/operation.ts';
import type {CommandFlags} from './work/command-table.ts';
import type {ChangeEffect, ScreenChanges} from './screen-changes.ts';
import {foldersOf} from './own-state.ts';
import type {ScreenIncidents} from './screen-incidents.ts';
import type {ScreenRunbooks} from './screen-runbooks.ts';
import {runningJobs} from './store/jobs.ts';
import type {Effect} from './store/events.ts';
import {lookOf} from './store/select-look.ts';
import {initialState, type State} from './store/state.ts';
import {createAppStore} from './store/store.ts';
import type {Ui} from './ui.tsx';
import {readWindowSize} from './window-size.ts';
import {sayPhrase} from './words/phrases/phrase.ts';
import {say} from './words/screen.ts';

/** How long the drawing code waits until the container list was asked for, and then the first frame for the list, in ms. */
const askingMs = 30;
const firstFrameWaitMs = 60;

/** How long leaving may take, in ms: for the terminal to take the last bytes, and for connections to be closed. */
const leaveMs = 500;

const signals = ['SIGTERM', 'SIGHUP', 'SIGINT', 'SIGQUIT'] as const;

/** Why the console ends. */
type Ending = {readonly status: number; readonly crash?: unknown};

/** Opens the console on this terminal and resolves with the exit status when it is left. */
export async function openConsole(facts: {
	readonly io: Io;
	readonly settings: Settings;
	readonly isAscii: boolean;
	/** Options of the command line, for the workers of operations. */
	readonly flags?: CommandFlags;
	/** Operations beside those of the program, for tests. */
	readonly more?: Readonly<Record<string, Operation>>;
}): Promise<number> {
	const {io, settings, isAscii, flags = {}, more = {}} = facts;
	let ui: Ui | undefined;
	const ending = watchEnd(() => ui?.isHandedOver() === true);
	const changes = Promise.withResolvers<ScreenChanges>();
	const change = (effect: ChangeEffect) => {
		void changes.promise.then(ready => ready.carryOut(effect));
	};
	const first = Promise.withResolvers<undefined>();
	let guiding: Promise<ScreenRunbooks> | undefined;
	/** Wizards and checklists are loaded when somebody asks for one. */
	let remembering: Promise<ScreenIncidents> | undefined;
	/** Incidents are remembered from when the first frame is there. */
	const incidents = async () => {
		remembering ??= import('./screen-incidents.ts').then(({createScreenIncidents}) =>
			createScreenIncidents({
				io,
				settings,
				state: () => store.state(),
				send: event => store.send(event),
			}),
		);
		return remembering;
	};
	const guides = async () => {
		guiding ??= import('./screen-runbooks.ts').then(({createScreenRunbooks}) =>
			createScreenRunbooks({
				io,
				settings,
				state: () => store.state(),
				onChange: listener => store.api.subscribe(listener),
				refresh: () => engine.refresh(),
				send: event => store.send(event),
			}),
		);
		return guiding;
	};
	const onEffect = (effect: Effect) => {
		switch (effect.type) {
			case 'leave':
				ending.end({status: 0});
				return;
			case 'redraw':
				if (!failOnPurpose(ui)) void ui?.redraw();
				return;
			case 'suspend':
				void ui?.pauseToShell();
				return;
			case 'refresh':
				engine.refresh();
				return;
			case 'tick':
				setTimeout(() => store.send({type: 'ticked', atMs: performance.now()}), effect.afterMs);
				return;
			case 'plan':
			case 'stop-planning':
			case 'start':
			case 'cancel-job':
			case 'recover-job':
			case 'read-job-plan':
			case 'read-backups':
			case 'open-terminal':
				change(effect);
				return;
			case 'read-incidents':
			case 'open-incident':
			case 'incident-append':
			case 'close-incident':
			case 'report-incident':
				void incidents().then(ready => ready.carryOut(effect));
				return;
			case 'diagnose':
			case 'read-runbooks':
			case 'open-walk':
			case 'resume-walk':
			case 'walk-move':
			case 'walk-go':
			case 'walk-remark':
			case 'walk-hand-over':
			case 'close-walk':
			case 'run-check':
			case 'answer-check':
			case 'sign-check':
				void guides().then(ready => ready.carryOut(effect));
		}
	};
	const store = createAppStore(
		initialState({
			settings,
			hostname: clean(hostname(), 64),
			nowMs: io.clock.now(),
			...readWindowSize(),
			isAscii,
		}),
		onEffect,
	);
	// Reading starts before the drawing code is loaded, so that the first frame already has the containers.
	const engine = startEngine({
		io,
		settings,
		send(event) {
			store.send(event);
			const hasList =
				event.type === 'readings-arrived' &&
				event.changes.some(({source}) => source === 'docker.containers');
			if (hasList) first.resolve(undefined);
		},
	});
	/** What plans, starts and follows operations is loaded when the first frame is there. */
	async function startChanges(): Promise<void> {
		const [{createScreenChanges}, {operations}, {ownLaunch}, {workerOptions}] = await Promise.all([
			import('./screen-changes.ts'),
			import('./operations/index.ts'),
			import('./work/start.ts'),
			import('./program.ts'),
		]);
		if (ending.isReached()) return;
		changes.resolve(
			createScreenChanges({
				io,
				settings,
				operations: {...operations, ...more},
				launch: ownLaunch(workerOptions(flags)),
				send: event => store.send(event),
				handOver: async use => ui?.handOver(use),
				language: () => store.api.getState().ui.language,
			}),
		);
	}

	/** Walks that wait are told of at the start, as operations are; wizards are loaded only where there may be one. */
	async function tellOfWalks(): Promise<void> {
		const [{mayHaveWaiting}, {foldersOf}] = await Promise.all([
			import('./work/walks.ts'),
			import('./program.ts'),
		]);
		if (!(await mayHaveWaiting(foldersOf(io, settings).root)) || ending.isReached()) return;
		(await guides()).carryOut({type: 'read-runbooks'});
	}

	store.api.subscribe(state => {
		engine.looker.at(lookOf(state));
	});
	// Loading the drawing code keeps the thread busy; the engine works on the list meanwhile, if it was asked before.
	const waitForList = async (ms: number) => {
		if (settings.docker.isEnabled) await Promise.race([first.promise, sleep(ms), ending.reached]);
	};
	await waitForList(askingMs);
	const {startUi} = await import('./ui.tsx');
	await waitForList(firstFrameWaitMs);
	if (!ending.isReached()) {
		ui = startUi(store);
		ui.ended.catch((crash: unknown) => {
			ending.end({status: crashStatus, crash});
		});
		void startChanges().then(async () => tellOfWalks().catch(() => undefined));
		void hasIncidents(io, settings).then(has => (has ? incidents() : undefined));
	}

	const {status, crash} = await ending.reached;
	// Whatever hangs from here on (a terminal that takes nothing, a server that does not answer) ends with the process.
	setTimeout(() => process.exit(status), 3 * leaveMs);
	const stopped = engine.stop();
	void changes.promise.then(ready => ready.stop());
	void remembering?.then(ready => ready.stop());
	const paused = guiding?.then(async ready => ready.stop());
	ui?.leave();
	await Promise.race([ui?.ended.catch(() => undefined), sleep(leaveMs)]);
	const said = new Promise<void>(done => {
		const left = status === 0 ? goingOn(store.state()) : '';
		const text = crash === undefined ? left : describeCrash(crash);
		process.stderr.write(text, () => done());
	});
	await Promise.race([Promise.all([stopped, said, paused]), sleep(leaveMs)]);
	return status;
}

/** Whether an incident was ever remembered here: only then is the code for it loaded at the start. */
async function hasIncidents(io: Io, settings: Settings): Promise<boolean> {
	const {root} = foldersOf(io, settings);
	const names = await io.files.names(`${root}/incidents`, 1).catch(() => []);
	return names.length > 0;
}

/** A line for each operation that goes on without the console, for whoever left it. */
function goingOn(state: State): string {
	const {language} = state.ui;
	return runningJobs(state)
		.map(({id, title}) =>
			say(language, 'leaving.line', {id, title: sayPhrase(language, title)}).concat('\n'),
		)
		.join('');
}

/**
 * Everything that ends the console from outside of its keys; the first cause counts, a second one ends at once. What the
 * terminal sends while another program has it is for that program.
 */
function watchEnd(isHandedOver: () => boolean) {
	const reached = Promise.withResolvers<Ending>();
	let isReached = false;
	const end = (cause: Ending) => {
		if (isReached) return;
		isReached = true;
		reached.resolve(cause);
	};
	for (const signal of signals) {
		const status = 128 + constants.signals[signal];
		process.on(signal, () => {
			if (isHandedOver() && (signal === 'SIGINT' || signal === 'SIGQUIT')) return;
			if (isReached) process.exit(status);
			end({status});
		});
	}

	// The terminal is gone: nobody sees anything any more, with or without the signal.
	const onGone = () => {
		end({status: 128 + constants.signals.SIGHUP});
	};
	process.stdin.on('error', onGone).on('end', onGone).on('close', onGone);
	process.stdout.on('error', onGone);
	process.stderr.on('error', onGone);
	watchCrashes(crash => {
		end({status: crashStatus, crash});
	});
	return {end, reached: reached.promise, isReached: () => isReached};
}

/** For tests of how the console dies: ctrl-l fails as `OPSCONSOLE_FAILPOINT` says. True when it does. */
function failOnPurpose(ui: Ui | undefined): boolean {
	const failure = () => new Error('failpoint password=hunter2\nsecond line');
	switch (process.env['OPSCONSOLE_FAILPOINT']) {
		case 'exception':
			setTimeout(() => {
				throw failure();
			});
			return true;
		case 'rejection':
			void Promise.reject(failure());
			return true;
		case 'view':
			ui?.fail(failure());
			return true;
		case undefined:
		default:
			return false;
	}
}
