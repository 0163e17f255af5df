import {createErrorBook, type ErrorBook} from '../../domain/error-book.ts';
import {createLogJoin, type LogJoin} from '../../domain/log-join.ts';
import type {Arrival} from '../../domain/log-time.ts';
import type {LogEvent} from '../../domain/errors.ts';
import {maskText} from '../../domain/mask.ts';
import type {LogTarget} from '../../domain/targets.ts';
import type {Clock} from '../../io/io.ts';

/** Takes the lines of one stream of one log. */
export type LineSink = {
	push(line: string, arrival: Arrival): void;
	/** Counts lines that are not looked into. */
	skip(lines: number): void;
	/** No more lines will come: what is open is complete. */
	end(): void;
};

/** Where the lines of all logs come together. */
export type Intake = {
	readonly book: ErrorBook;
	/** Opens the sink of one stream; call `end` when it is over. */
	open(target: LogTarget): LineSink;
	/** Completes events whose quiet time is over; true if a new group appeared. */
	flush(): void;
	/** Whether a warning, an error or a trace waits for its end. */
	hasTrouble(): boolean;
};

/** Programs log their own passwords; only what is kept is worth the look. */
function masked(event: LogEvent): LogEvent {
	if (event.severity === 'debug' || event.severity === 'info') return event;
	return {...event, message: maskText(event.message), details: event.details.map(maskText)};
}

/**
 * Makes an intake; `onNewGroup` is called when an error appears that was not there before, `onTrouble` when one may do so
 * at the next `flush`, and when one that is known came again.
 */
export function createIntake(clock: Clock, onNewGroup: () => void, onTrouble: () => void): Intake {
	const book = createErrorBook();
	const joins = new Set<LogJoin>();

	function record(event: LogEvent | undefined): void {
		if (event !== undefined && book.add(masked(event), clock.now())) onNewGroup();
	}

	return {
		book,
		open(target) {
			const join = createLogJoin({
				target: target.id,
				service: target.service,
				format: target.format,
			});
			joins.add(join);
			return {
				push(line, arrival) {
					book.countLines(1, 0);
					const changes = book.changes();
					record(join.push(line, arrival, clock.monotonic()));
					if (join.hasTrouble() || book.changes() !== changes) onTrouble();
				},
				skip(lines) {
					book.countLines(lines, lines);
				},
				end() {
					record(join.flush(clock.monotonic(), true));
					joins.delete(join);
				},
			};
		},
		flush() {
			for (const join of joins) record(join.flush(clock.monotonic()));
		},
		hasTrouble() {
			for (const join of joins) if (join.hasTrouble()) return true;
			return false;
		},
	};
}
