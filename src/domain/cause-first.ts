import {exceptionOf} from './signature.ts';

const request = /^([A-Z]+) (\S+) → (\d{3})$/;
const systemCause = /\(\d{1,3}: ([^()]{3,80})\)/;
const upstream = /\bupstream: "(?:[a-z]+:\/\/)?([^"]+)"/;
const leadingTime = /^[[(]?\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d:\d\d\S*\s+(?=\S)/;
/** Package of an exception, `psycopg2.` of `psycopg2.OperationalError: …`. */
const exceptionPackage = /^(?:Caused by: )?(?:[\w$]+\.)+(?=[A-Z][\w$]*(?::|$))/;
/** A sentence, and behind its last colon why. */
const withCause = /^(.{12,})(?:: |：)([^:：]{3,60})$/;
/** What failed, and behind the word for it all the rest. */
const withRest =
	/^(.{4,}?(?:failed|failure|error|失败|错误|异常|出错)[^:：]{0,20})(?:: |：)(.{8,})$/i;
const sentence = /\s|\p{Script=Han}/u;
const failed =
	/fail|error|unable|could not|cannot|can't|refused|失败|错误|无法|异常|出错|不能|连不上/i;
const article = /^(?:the|an?) (?=\S)/i;

/** Why something failed, where the text says it behind its last colon, else behind the word that it failed. */
function causeOf(text: string): string | undefined {
	for (const pattern of [withCause, withRest]) {
		const [, what = '', cause] = pattern.exec(text) ?? [];
		if (cause !== undefined && sentence.test(what) && failed.test(what)) return cause;
	}

	return undefined;
}

/** The message of a request with its status first: `502 /orders GET`; any other message as it is. */
export function statusFirst(message: string): string {
	const [, method = '', route = '', status] = request.exec(message) ?? [];
	return status === undefined ? message : `${status} ${route} ${method}`;
}

/**
 * A message with what names the fault first, for a place in which its end is cut: of a request the status and the
 * path, of an nginx error the system's cause and the upstream, of a trace its exception, of what failed the cause that
 * stands behind a colon. Everything else stays as it is, but for a time or an article in front of it.
 */
export function causeFirst(message: string, details: readonly string[] = []): string {
	if (request.test(message)) return statusFirst(message);
	const named = systemCause.exec(message)?.[1];
	if (named !== undefined) {
		const server = upstream.exec(message)?.[1];
		return `${named}: ${server === undefined ? '' : `${server} `}${message}`;
	}

	const exception = exceptionOf(details)?.trim();
	const own = exception === undefined || message.includes(exception) ? message : exception;
	const text = own.replace(leadingTime, '').replace(exceptionPackage, '').replace(article, '');
	const cause = causeOf(text);
	return cause === undefined ? text : `${cause}: ${text}`;
}
