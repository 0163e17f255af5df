import {describe, expect, it} from 'vitest';
import {statementOf} from '../../../src/sources/postgres/json.ts';

describe('statementOf', () => {
	it('puts a statement on one line and shows control characters', () => {
		expect(statementOf('  SELECT 1,\n\t\u001b[31m2 ')).toBe('SELECT 1, \\x1b[31m2');
	});

	it.each([
		["ALTER ROLE app PASSWORD 'top''secret' LOGIN", "ALTER ROLE app PASSWORD '•••' LOGIN"],
		["create user app encrypted password E'topsecret'", "create user app encrypted password '•••'"],
		["ALTER ROLE app PASSWORD 'topsecr", "ALTER ROLE app PASSWORD '•••'"],
		['ALTER ROLE app PASSWORD $a$topsecret$a$ LOGIN', "ALTER ROLE app PASSWORD '•••' LOGIN"],
		["OPTIONS (user 'u', password 'topsecret')", "OPTIONS (user 'u', password '•••')"],
		["UPDATE users SET password = 'topsecret'", "UPDATE users SET password = '•••'"],
	])('hides the password of %s', (statement, shown) => {
		expect(statementOf(statement)).toBe(shown);
	});

	it('keeps at most 1,000 characters', () => {
		expect(statementOf('x'.repeat(5000)).length).toBeLessThanOrEqual(1001);
	});
});
