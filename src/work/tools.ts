import type {JournalEntry} from '../domain/journal.ts';
import type {Command, JsonValue, Plan, Step} from '../domain/plan.ts';
import type {Act} from '../io/act.ts';
import type {Fill, JobEnd, Look, StreamOptions, Tools} from '../operations/operation.ts';
import type {Place} from './failpoint.ts';
import {allowedCommands, checkedCommand} from './guard.ts';
import type {Sessions} from './sessions.ts';

/** Starts an operation as a job of its own and resolves with its end. */
export type StartJob = (command: Command & {kind: 'job'}, signal: AbortSignal) => Promise<JobEnd>;

/** What the tools of one step are made of. */
export type ToolFacts = {
	readonly plan: Plan;
	readonly step: Step;
	/** Undoing: only the commands of `undo` are allowed. Looking: none. */
	readonly doing: 'run' | 'undo' | 'look';
	readonly look: Look;
	readonly act: Act;
	readonly sessions: Sessions;
	/** Kept values of all steps; `keep` adds to it. */
	readonly kept: Record<string, JsonValue>;
	/** Writes into the journal; it is on the disk when this resolves. */
	record(entry: JournalEntry): Promise<void>;
	/** Starts another operation as a job of its own; absent where a run cannot (a test in one process). */
	readonly startJob?: StartJob | undefined;
	/** Tells a failpoint where the step is, see `Failpoint`. */
	reached(place: Place, count: number): Promise<void>;
};

/** What the step may do now. */
function plannedOf({step, doing}: ToolFacts): readonly Command[] {
	if (doing === 'look') return [];
	return doing === 'run' ? step.commands : (step.undo ?? []);
}

function streamOf(look: Look, options: StreamOptions = {}) {
	return {
		signal: look.signal,
		...(options.onOutput && {
			onOutput: (chunk: Uint8Array) => options.onOutput?.(chunk),
		}),
		...(options.input !== undefined && {input: options.input}),
	};
}

/**
 * What a step has in its hands: each writing function refuses what is not planned, tells the failpoints before and
 * after its effect, and stops with the step's signal.
 */
export function createTools(facts: ToolFacts): Tools {
	const {plan, step, look, act, sessions, kept} = facts;
	const record: ToolFacts['record'] = entry => facts.record(entry);
	const allowed = allowedCommands(plannedOf(facts));
	let effects = 0;

	/** Checks a command, then carries it out between two failpoints. */
	async function effect<C extends Command, T>(
		command: C,
		values: Fill | undefined,
		carryOut: (checked: C) => Promise<T>,
	): Promise<T> {
		const checked = checkedCommand(command, allowed, {step: step.id, values: values ?? {}});
		look.signal.throwIfAborted();
		const count = ++effects;
		await facts.reached('pre', count);
		const result = await carryOut(checked);
		await facts.reached('mid', count);
		return result;
	}

	return {
		plan,
		request: plan.request,
		step,
		look,
		kept,
		async keep(name, value) {
			await record({st: 'keep', step: step.id, d: {name, value}});
			kept[name] = value;
		},
		progress(progress) {
			void record({st: 'progress', step: step.id, d: progress}).catch(() => undefined);
		},
		note(phrase) {
			void record({st: 'note', step: step.id, d: phrase}).catch(() => undefined);
		},
		warn(phrase) {
			void record({st: 'warn', step: step.id, d: phrase}).catch(() => undefined);
		},
		sql: (command, values) =>
			effect(command, values, async checked => {
				const session = await sessions.postgres(checked);
				return session.query(checked.text, checked.values ?? [], look.signal);
			}),
		redis: (command, values) =>
			effect(command, values, async checked => {
				const session = await sessions.redis(checked, kept);
				return session.call(checked.argv, look.signal);
			}),
		engine: (command, values) =>
			effect(command, values, ({method, path, body}) =>
				act.docker.request(method, path, {
					signal: look.signal,
					...(body !== undefined && {body}),
				}),
			),
		sidecar: (command, options) =>
			effect(command, options?.fill, ({sidecar}) =>
				act.docker.sidecar({...sidecar, operation: plan.id}, streamOf(look, options)),
			),
		exec: (command, options) =>
			effect(command, options?.fill, ({containerId, argv, user}) =>
				act.docker.exec(
					{containerId, argv, ...(user !== undefined && {user})},
					streamOf(look, options),
				),
			),
		program: (command, options) =>
			effect(command, options?.fill, ({argv, folder, environment}) =>
				act.program(
					{
						argv,
						...(folder !== undefined && {folder}),
						...(environment !== undefined && {environment}),
					},
					streamOf(look, options),
				),
			),
		file: (command, values) =>
			effect(command, values, async ({action, path, to = '', attributes}) => {
				switch (action) {
					case 'make':
						return act.files.makeFolder(path, false, attributes);
					case 'publish':
						return act.files.publish(path, to);
					case 'move':
						return act.files.move(path, to);
					case 'replace':
						return act.files.replace(path, to);
					case 'remove':
						return act.files.remove(path);
					case 'write':
						throw new Error('a new file is written with `write`');
				}
			}),
		write: (command, values) =>
			effect(command, values, async ({path, attributes}) =>
				sessions.writer(await act.files.create(path, attributes)),
			),
		http: (command, {url, body}) =>
			effect(command, undefined, checked => {
				if (new URL(url).host !== new URL(checked.url).host) {
					throw new Error('the address is not the planned one');
				}

				return act.post(url, body, look.signal);
			}),
		job: command =>
			effect(command, undefined, checked => {
				if (facts.startJob === undefined) throw new Error('no job can be started here');
				return facts.startJob(checked, look.signal);
			}),
	};
}
