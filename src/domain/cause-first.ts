import {exceptionOf} from './signature.ts';

const request = /^([A-Z]+) (\S+) → (\d{3})$/;
const systemCause = /\(\d{1,3}: ([^()]{3,80})\)/;
const upstream = /\bupstream: "(?:[a-z]+:\/\/)?([^"]+)"/;
const leadingTime = /^[[(]?\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d:\d\d\S*\s+(?=\S)/;
/** Package of an exception, `psycopg2.` of `psycopg2.OperationalError: …`. */
const exceptionPackage = /^(?:Caused by: )?(?:[\w$]+\.)+(?=[A-Z][\w$]*(?::|$))/;
/** A sentence, and behind its last colon why. */
const withCause = /^(.{12,})(?:: |：)([^:：]{3,60})$/;
const sentence = /\s|\p{Script=Han}/u;
const failed =
	/fail|error|unable|could not|cannot|can't|refused|失败|错误|无法|异常|出错|不能|连不上/i;

/** Why something failed, where the text says it behind its last colon. */
function causeOf(text: string): string | undefined {
	const [, what = '', cause] = withCause.exec(text) ?? [];
	return sentence.test(what) && failed.test(what) ? cause : undefined;
}

/**
 * A message with what names the fault first, for a place in which its end is cut: of a request the status and the
 * path, of an nginx error the system's cause and the upstream, of a trace its exception, of what failed the cause that
 * stands behind its last colon. Everything else stays as it is, but for a time in front of it.
 */
export function causeFirst(message: string, details: readonly string[] = []): string {
	const [, method = '', route = '', status] = request.exec(message) ?? [];
	if (status !== undefined) return `${status} ${route} ${method}`;
	const named = systemCause.exec(message)?.[1];
	if (named !== undefined) {
		const server = upstream.exec(message)?.[1];
		return `${named}: ${server === undefined ? '' : `${server} `}${message}`;
	}

	const exception = exceptionOf(details)?.trim();
	const own = exception === undefined || message.includes(exception) ? message : exception;
	const text = own.replace(leadingTime, '').replace(exceptionPackage, '');
	const cause = causeOf(text);
	return cause === undefined ? text : `${cause}: ${text}`;
}
