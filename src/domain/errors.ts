import type {Problem} from './problem.ts';

export type Severity = 'warning' | 'error' | 'fatal';

/** One log event: a line with its continuation lines (a trace is one event). */
export type LogEvent = {
	/** Log target it came from. */
	readonly target: string;
	/** Compose project of its container; services of other projects may have the same name. */
	readonly project?: string;
	readonly service: string;
	readonly atMs: number;
	readonly severity: 'debug' | 'info' | Severity;
	/** First line or message, cleaned. */
	readonly message: string;
	/** Continuation lines, cleaned, at most 50. */
	readonly details: readonly string[];
	/** Present for a line of an access log. */
	readonly request?: LogRequest;
};

/** What an access log says about one HTTP request. */
export type LogRequest = {
	readonly method: string;
	/** Path without its query. */
	readonly route: string;
	readonly status: number;
};

/** Errors of one project that are the same but for numbers, ids, addresses, paths and quoted values. */
export type ErrorGroup = {
	/** Stable id of the signature in its project. */
	readonly id: string;
	/** The folded text, for example `connection to <addr> refused`. */
	readonly signature: string;
	/** The newest message as it was. */
	readonly example: string;
	readonly details: readonly string[];
	readonly severity: Severity;
	readonly count: number;
	/** Events in the last minute. */
	readonly perMinute: number;
	readonly firstAtMs: number;
	readonly lastAtMs: number;
	/** Compose project whose services these are; absent for logs of the host and of other containers. */
	readonly project?: string;
	readonly services: readonly string[];
	/** Counts per minute of the last 30 minutes, oldest first. */
	readonly history: readonly number[];
};

/** Errors and requests of the last five minutes. */
export type LogRates = {
	/** Errors and fatals (not warnings) per minute; requests with a 5xx status are not in it. */
	readonly errorsPerMinute: number;
	/** Share of HTTP requests in access logs with a 5xx status; absent without access logs. */
	readonly serverErrorPercent?: number;
	readonly requestsPerSecond?: number;
};

export type ErrorsValue = LogRates & {
	/** Newest trouble first: fatal and error groups before warnings, then by last time. At most 500. */
	readonly groups: readonly ErrorGroup[];
	/** The same of each Compose project, and (without a project) of all other logs; absent where no event told of a project. */
	readonly projects?: readonly (LogRates & {readonly project?: string})[];
	readonly linesRead: number;
	/** Lines of `linesRead` that a storm did not leave time to look into. */
	readonly linesSkipped: number;
	/** Groups that were dropped because of the memory limit. */
	readonly groupsDropped: number;
	/** State of each followed log. */
	readonly followed: readonly {
		readonly target: string;
		readonly project?: string;
		readonly service: string;
		readonly isFollowing: boolean;
		/** Cause in English; `cause` is the same for every language. */
		readonly problem?: string;
		readonly cause?: Problem;
	}[];
};
