import {readTime, type Arrival} from './log-time.ts';
import type {ParsedLine} from './log-parse.ts';

const method = '(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS|CONNECT|TRACE|PROPFIND)';
const requestLine = new RegExp(
	String.raw`"${method} ([^ "]{1,2000})(?: HTTP/\d(?:\.\d)?)?" (?:- )?([1-5]\d\d)\b`,
);
const bracketTime = /\[(\d{1,2}\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d(?: [+-]\d{4})?)\]/;

/** Makes the event of one HTTP request: an error where the server failed (5xx), else no news. */
export function requestEvent(
	request: {readonly method: string; readonly target: string; readonly status: number},
	atMs: number | undefined,
): ParsedLine {
	const route = request.target.replace(/^https?:\/\/[^/]+/, '').replace(/[?#].*$/, '') || '/';
	return {
		severity: request.status >= 500 ? 'error' : 'info',
		...(atMs === undefined ? {} : {atMs}),
		message: `${request.method} ${route} → ${request.status}`,
		request: {method: request.method, route, status: request.status},
	};
}

/** A line of an access log as nginx, Apache, gunicorn and uvicorn write it; undefined for anything else. */
export function parseAccess(line: string, arrival: Arrival): ParsedLine | undefined {
	if (!line.includes('"')) return undefined;
	const match = requestLine.exec(line);
	// An nginx error line quotes its request too, but never with a status behind it.
	if (match === null) return undefined;
	const stamp = bracketTime.exec(line)?.[1];
	const time = readTime(stamp ?? line, arrival);
	return requestEvent(
		{method: match[1] ?? '', target: match[2] ?? '', status: Number(match[3])},
		time?.atMs,
	);
}

const idPart =
	/^(?:\d+|[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{12,}|(?=[^/]*\d)[\w-]{16,}|[^/]*\d{3,}[^/]*|[^/]*@[^/]*)$/i;

/** A path with its ids folded: `/api/users/17/orders` becomes `/api/users/<n>/orders`; `v1` stays. */
export function foldRoute(route: string): string {
	return route
		.slice(0, 300)
		.split('/')
		.map(part => (idPart.test(part) ? '<n>' : part))
		.join('/');
}
