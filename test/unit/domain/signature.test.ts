import {describe, expect, test} from 'vitest';

import {cleanLine} from '../../../src/domain/clean.ts';
import {foldRoute} from '../../../src/domain/log-access.ts';
import {parseLine} from '../../../src/domain/log-parse.ts';
import {exceptionOf, foldMessage, idOf, signatureOf} from '../../../src/domain/signature.ts';
import {samples, type Sample} from './log-samples.ts';

const arrival = {atMs: Date.UTC(2026, 10, 21, 12), isExact: true};

function understand(line: string): {severity: string; signature: string} {
	const parsed = parseLine(cleanLine(line), 'auto', arrival);
	const {request} = parsed;
	const severity = parsed.severity ?? 'info';
	return {
		severity: severity === 'debug' ? 'info' : severity,
		signature:
			request === undefined
				? signatureOf(parsed.message)
				: `${request.method} ${foldRoute(request.route)} ${request.status}`,
	};
}

/** Lines whose severity is wrong, or that are not together with their kin, or together with others. */
function wrongOnes(): readonly string[] {
	const first = new Map<string, string>();
	const owner = new Map<string, string>();
	const wrong: string[] = [];
	for (const [line, severity, error] of samples) {
		const got = understand(line);
		const isNews = error !== 'quiet';
		const key = `${got.severity} ${got.signature}`;
		if (isNews && !first.has(error)) first.set(error, key);
		if (isNews && !owner.has(key)) owner.set(key, error);
		const isRight =
			got.severity === severity &&
			(!isNews || (first.get(error) === key && owner.get(key) === error));
		if (!isRight) wrong.push(`${error}: ${line} => ${key}`);
	}

	return wrong;
}

describe('labelled lines', () => {
	test('are at least 150 and at least 95 % are understood and grouped right', () => {
		expect(samples.length).toBeGreaterThanOrEqual(150);
		const wrong = wrongOnes();
		expect(wrong.length / samples.length, wrong.join('\n')).toBeLessThanOrEqual(0.05);
	});

	test.each<Sample>(samples.filter(([, , error]) => error === 'quiet'))('%s is no error', line => {
		expect(understand(line).severity).toBe('info');
	});
});

describe('fold', () => {
	test.each([
		['connection to 10.0.0.4:5432 refused', 'connection to <addr> refused'],
		['took 12.5ms', 'took <duration>'],
		['status 502 for /a/b', 'status 502 for <path>'],
		['HTTP/1.1 404', 'HTTP/1.1 404'],
		["can't open 'x' as it isn't there", "can't open <value> as it isn't there"],
		['用户12345登录失败', '用户<n>登录失败'],
		['job-17 of pool_3', 'job-<n> of pool_<n>'],
	])('%s', (message, folded) => {
		expect(foldMessage(message)).toBe(folded);
	});

	test('is stable: folding a folded text changes nothing that matters', () => {
		for (const [line] of samples) {
			const once = foldMessage(line);
			expect(foldMessage(once)).toBe(foldMessage(foldMessage(once)));
		}
	});

	test('takes hostile text in a short time', () => {
		for (const part of ['"', "'", '/', 'a=', '1:', '\\"', '(', '<', '1.', 'a1']) {
			expect(foldMessage(part.repeat(10_000)).length).toBeLessThan(2000);
		}
	});
});

test('the exception of a trace: the last in Python, the first elsewhere', () => {
	expect(
		exceptionOf(['Traceback (most recent call last):', 'KeyError: 1', '', 'ValueError: 2']),
	).toBe('ValueError: 2');
	expect(
		exceptionOf(['java.lang.X1Exception: a', '\tat b', 'Caused by: java.io.IOException: c']),
	).toBe('java.lang.X1Exception: a');
});

test('ids are short, stable and differ', () => {
	expect(idOf('a')).toBe(idOf('a'));
	expect(idOf('a')).not.toBe(idOf('b'));
	expect(idOf('a')).toMatch(/^[0-9a-f]{16}$/);
});
