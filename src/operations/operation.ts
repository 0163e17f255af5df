import type {Identity, JsonValue, Plan, PlanDraft, Command, Step} from '../domain/plan.ts';
import type {End} from '../domain/journal.ts';
import type {Problem} from '../domain/problem.ts';
import type {Settings} from '../domain/settings.ts';
import type {Targets} from '../domain/targets.ts';
import type {Container} from '../domain/containers.ts';
import type {Io} from '../io/io.ts';
import type {
	ProgramResult,
	Rows,
	RedisReply,
	SidecarResult,
	EngineAnswer,
	FileWriter,
} from '../io/act.ts';
import type {Phrase} from '../words/phrases/phrase.ts';

/** What an operation may look at: everything, and change nothing. */
export type Look = {
	readonly io: Io;
	readonly settings: Settings;
	readonly targets: Targets;
	readonly containers: readonly Container[];
	/** Where opsconsole keeps backups, journals and scratch files; all exist, mode 0700. */
	readonly folders: {readonly backups: string; readonly scratch: string; readonly trash: string};
	readonly signal: AbortSignal;
};

/** Progress of the running step. */
export type Progress = {
	readonly done: number;
	readonly total?: number;
	readonly unit: 'bytes' | 'rows' | 'keys' | 'files' | 'containers' | 'tables';
};

/**
 * What a step has in its hands. Each of the writing functions refuses a command that is not in the step's `commands`
 * (or, while undoing, in `undo`), so that nothing can happen that the card did not show. Deadlines and cancelling come
 * by `look.signal`.
 */
export type Tools<Request extends JsonValue = JsonValue> = {
	readonly plan: Plan;
	readonly request: Request;
	readonly step: Step;
	readonly look: Look;
	/** What earlier steps kept, also after a crash. */
	readonly kept: Readonly<Record<string, JsonValue>>;
	/** Writes a fact into the journal; it is on the disk when this resolves. */
	keep(name: string, value: JsonValue): Promise<void>;
	progress(progress: Progress): void;
	/** A line of the job's log, for the operator. */
	note(phrase: Phrase): void;
	/** Ends the run as `done with warnings` if nothing worse happens. */
	warn(phrase: Phrase): void;
	sql(command: Command & {kind: 'sql'}, fill?: Fill): Promise<Rows>;
	redis(command: Command & {kind: 'redis'}, fill?: Fill): Promise<RedisReply>;
	engine(command: Command & {kind: 'engine'}, fill?: Fill): Promise<EngineAnswer>;
	/** Runs the container to its end (or to running, where it is a background one). */
	sidecar(command: Command & {kind: 'sidecar'}, options?: SidecarOptions): Promise<SidecarResult>;
	exec(command: Command & {kind: 'exec'}, options?: StreamOptions): Promise<ProgramResult>;
	program(command: Command & {kind: 'program'}, options?: StreamOptions): Promise<ProgramResult>;
	/** `make`, `publish`, `move`, `replace`, `remove`. */
	file(command: Command & {kind: 'file'}, fill?: Fill): Promise<void>;
	/** Opens the new file of a `write` command. */
	write(command: Command & {kind: 'file'; action: 'write'}, fill?: Fill): Promise<FileWriter>;
	http(command: Command & {kind: 'http'}, send: {url: string; body: string}): Promise<number>;
	/** Starts a job and waits for its end; how it ended, or why it was refused, is the answer. Cancelling cancels it too. */
	job(command: Command & {kind: 'job'}): Promise<JobEnd>;
};

/** How a job of its own ended. `id`: absent where it was refused before it began. */
export type JobEnd = Pick<End, 'outcome' | 'exitStatus' | 'problem'> & {
	readonly id?: string;
	readonly result?: JsonValue;
};

/** Values for the `{name}` places of a command. */
export type Fill = Readonly<Record<string, string | number>>;

/** Where the output of a program goes beside the last 64 KiB that the result keeps. */
export type StreamOptions = {
	readonly fill?: Fill;
	onOutput?(chunk: Uint8Array): void | Promise<void>;
	/** Given to the program's standard input, which is closed otherwise. */
	readonly input?: AsyncIterable<Uint8Array>;
};

export type SidecarOptions = {
	readonly fill?: Fill;
	onOutput?(chunk: Uint8Array): void | Promise<void>;
	/** Given to the program's standard input, which is closed otherwise. */
	readonly input?: AsyncIterable<Uint8Array>;
};

/** The code behind one step id. Every function may be killed at any moment and must then be safe to call again. */
export type StepCode<Request extends JsonValue = JsonValue> = {
	/** Does the step and looks whether it worked; rejects with a ProblemError that says what did not. */
	run(tools: Tools<Request>): Promise<void>;
	/** Takes back what `run` did or began; must also be right where nothing was begun or it was already undone. */
	undo?(tools: Tools<Request>): Promise<void>;
	/** Looks whether the step's result already holds, so that going forward after a crash leaves it out. */
	holds?(tools: Tools<Request>): Promise<boolean>;
};

/** A change to the server: it describes a plan and gives the code of its steps; only the road runs them (src/work). */
export type Operation<Request extends JsonValue = JsonValue> = {
	readonly id: string;
	readonly title: Phrase;
	/** Checks a request that came from outside (command line, plan file); rejects with a ProblemError. */
	parse(request: unknown): Request;
	/** Looks and describes, changes nothing. Rejects with a ProblemError where it is refused: cause and next step. */
	plan(look: Look, request: Request, id: string): Promise<PlanDraft>;
	/** By step id; every step of the plan has one. */
	readonly steps: Readonly<Record<string, StepCode<Request>>>;
	/**
	 * After a crash: whether the commit point was passed, by looking at the world, not at the journal. Absent: the
	 * journal's record of the commit step decides, and an operation without such a step is undone.
	 */
	isCommitted?(tools: Tools<Request>): Promise<boolean>;
};

/** Why an action is not possible now, or that it is. For the menu; cheap, from what the screen already knows. */
export type Availability =
	{readonly isPossible: true} | {readonly isPossible: false; readonly why: Problem};

export type {Identity};
