import {describe, expect, it} from 'vitest';
import {scanPlainDump} from '../../../src/operations/postgres/plain-dump.ts';

const dump = `--
-- PostgreSQL database dump
--

\\restrict Abc123

-- Dumped from database version 15.18

SET standard_conforming_strings = on;

CREATE FUNCTION public.f() RETURNS text LANGUAGE sql AS $x$
SELECT '\\! not a command' -- $$
\\copy neither
$x$;
COMMENT ON TABLE public.t IS 'it''s
\\ no command either
-- PostgreSQL database dump complete
';
CREATE TABLE public."a\\b" (id integer DEFAULT 1 /* \\! in a /* nested */ comment */);

COPY public.t (id, name) FROM stdin;
1	a\\tb
2	\\N
-- PostgreSQL database dump complete
\\.

SELECT E'it\\'s', pg_catalog.setval('public.s', 1, true);

--
-- PostgreSQL database dump complete
--

\\unrestrict Abc123

`;

function scan(text: string, pieceBytes = 1 << 20) {
	const bytes = new TextEncoder().encode(text);
	const scanner = scanPlainDump();
	for (let at = 0; at < bytes.length; at += pieceBytes) {
		const fault = scanner.take(bytes.subarray(at, at + pieceBytes));
		if (fault) return fault;
	}
	return scanner.finish();
}

describe('a plain dump', () => {
	it.each([1, 7, 4096])('is taken whole, in pieces of %i bytes', size => {
		expect(scan(dump, size)).toBeUndefined();
		expect(scan(dump.replaceAll('\n', '\r\n'), size)).toBeUndefined();
	});

	it('is refused where it is cut anywhere before its last comment', () => {
		const end = dump.lastIndexOf('-- PostgreSQL database dump complete') + 36;
		for (let length = 1; length < end; length++) {
			expect(scan(dump.slice(0, length)), `${length}`).toBeDefined();
		}
	});

	it.each([
		['\\! touch /tmp/x'],
		['SELECT 1; \\! touch /tmp/x'],
		['  \\copy t from stdin'],
		['\\connect other'],
		["SELECT 'a'\\gexec"],
		["SELECT E'a\\''; \\! id"],
		['/* a */ \\i /etc/passwd'],
		['\\restrict x; id'],
	])('is refused for %j', line => {
		expect(scan(dump.replace('SET standard', `${line}\nSET standard`))).toMatchObject({
			code: 'import-commands',
			line: 9,
		});
	});

	it('is refused where it runs a program on the server or something follows its end', () => {
		const program = "copy t FROM  PROGRAM 'id';";
		expect(scan(dump.replace('SET standard', `${program}\nSET standard`))?.code).toBe(
			'import-program',
		);
		expect(scan(`${dump}DROP TABLE t;\n`)?.code).toBe('import-truncated');
	});

	it.each(['', 'hello\n', 'PK\u0003\u0004', '\n'.repeat(100)])('is no dump: %j', text => {
		expect(scan(text)?.code).toBe('import-unknown');
	});
});
