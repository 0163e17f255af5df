import type {SourceId, SourceValues} from '../domain/source-values.ts';
import type {Io} from '../io/io.ts';

/** Read again and again at an interval. Read-only by contract: a source never changes the server. */
export type PolledSource<Id extends SourceId, Target> = {
	readonly id: Id;
	readonly kind: 'polled';
	readonly everyMs: number;
	readonly timeoutMs: number;
	/** Makes a reader for one target; it may keep the sample before, for rates. Rejects with a ProblemError. */
	open(io: Io, target: Target): {read(signal: AbortSignal): Promise<SourceValues[Id]>};
};

/** Follows a stream and emits the whole value whenever it changed. */
export type StreamedSource<Id extends SourceId, Target> = {
	readonly id: Id;
	readonly kind: 'streamed';
	/** Runs until the signal ends it, or rejects with a ProblemError when the stream is lost; the engine calls again with backoff. */
	follow(
		io: Io,
		target: Target,
		emit: (value: SourceValues[Id]) => void,
		signal: AbortSignal,
	): Promise<void>;
};

/** Read once, when somebody looks. */
export type OnDemandSource<Id extends SourceId, Target> = {
	readonly id: Id;
	readonly kind: 'on-demand';
	readonly timeoutMs: number;
	read(io: Io, target: Target, signal: AbortSignal): Promise<SourceValues[Id]>;
};

/** A list that changes while a source looks at it, for example the containers that run now. */
export type LiveList<T> = {
	current(): readonly T[];
	/** Calls back after each change until the signal ends. */
	onChange(listener: () => void, signal: AbortSignal): void;
};
