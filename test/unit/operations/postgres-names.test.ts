import {describe, expect, it} from 'vitest';
import {parseAcl} from '../../../src/operations/postgres/acl.ts';
import {leftoverNames} from '../../../src/operations/postgres/indexes-care.ts';
import {
	conninfo,
	passwordFileField,
	quoteName,
	quoteText,
} from '../../../src/operations/postgres/quote.ts';
import {
	copyProperties,
	createDatabase,
	dropDatabase,
	endBeforeDrop,
	splitNames,
	swapNames,
} from '../../../src/operations/postgres/restore-sql.ts';
import {
	cutBytes,
	isKeptName,
	keptComment,
	parseKeptComment,
	sideNames,
	sideSchema,
} from '../../../src/operations/postgres/side-names.ts';
import {neededBytes, parseDf, watchdogBytes} from '../../../src/operations/postgres/space.ts';

const id = '20261121T101500Z-3f9c2a1b';
const gibibyte = 1024 ** 3;
const bytesOf = (text: string) => new TextEncoder().encode(text).length;

describe('names beside a database', () => {
	it.each(['shop', 'x'.repeat(63), 'ü'.repeat(31), '🙂'.repeat(15), '__o_12345678'])(
		'fit into 63 bytes and stay whole characters: %s',
		database => {
			const {fresh, kept} = sideNames(database, id);
			expect(fresh.endsWith('__n_3f9c2a1b') && kept.endsWith('__o_3f9c2a1b')).toBe(true);
			expect(Math.max(bytesOf(fresh), bytesOf(kept))).toBeLessThanOrEqual(63);
			expect((fresh + kept).includes('\uFFFD')).toBe(false);
			expect([isKeptName(kept), isKeptName(fresh)]).toEqual([true, false]);
		},
	);

	it('cuts between characters', () => {
		expect([cutBytes('aüb', 2), cutBytes('aüb', 3), cutBytes('🙂', 3)]).toEqual(['a', 'aü', '']);
		expect(sideSchema(id)).toBe('restored_3f9c2a1b');
		expect(leftoverNames('i')[1]).toBe('i_ccnew1');
		expect(leftoverNames('ü'.repeat(31)).every(name => bytesOf(name) <= 63)).toBe(true);
	});

	it('remembers what a kept database was, and believes no other comment', () => {
		const comment = keptComment({of: 'shop', id, comment: "it's {x}"}, 0);
		expect(parseKeptComment(comment)).toEqual({
			of: 'shop',
			id,
			comment: "it's {x}",
			keptAt: '2026-11-21T10:15:00.000Z',
			until: '2026-11-24T10:15:00.000Z',
		});
		for (const other of ['', 'hello', 'opsconsole kept ', 'opsconsole kept {"of":"x"}']) {
			expect(parseKeptComment(other)).toBeUndefined();
		}
	});
});

describe('quoting', () => {
	it('ends no name and no text from inside', () => {
		expect(quoteName('a"; DROP DATABASE x; --')).toBe('"a""; DROP DATABASE x; --"');
		expect(quoteText("it's")).toBe("'it''s'");
		expect(quoteText("\\'; --")).toBe("E'\\\\''; --'");
		expect(conninfo({dbname: "host=evil dbname='x\\'"})).toBe(
			"dbname='host=evil dbname=\\'x\\\\\\''",
		);
		expect([passwordFileField('a:b\\'), passwordFileField('*')]).toEqual(['a\\:b\\\\', '\\*']);
	});

	it('writes the provider of the locale only where it is not the usual one', () => {
		const plain = {encoding: 'UTF8', collate: 'C', ctype: 'C'};
		expect(createDatabase('n', plain)).toBe(
			`CREATE DATABASE "n" TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'`,
		);
		expect(createDatabase('n', {...plain, localeProvider: 'i', icuLocale: 'de'})).toContain(
			"LOCALE_PROVIDER icu ICU_LOCALE 'de'",
		);
	});

	it('swaps in one transaction', () => {
		expect(swapNames([{from: 'a', to: 'b'}], ['X'])).toEqual([
			'BEGIN',
			"SET LOCAL lock_timeout = '5s'",
			'ALTER DATABASE "a" RENAME TO "b"',
			'X',
			'COMMIT',
		]);
	});
});

describe('properties', () => {
	it('reads rights as PostgreSQL prints them', () => {
		expect(parseAcl(['=Tc/owner', '"odd ""name="=c*/owner', 'app=C/owner', 'nonsense'])).toEqual([
			{grantee: '', privilege: 'TEMPORARY', isGrantable: false},
			{grantee: '', privilege: 'CONNECT', isGrantable: false},
			{grantee: 'odd "name=', privilege: 'CONNECT', isGrantable: true},
			{grantee: 'app', privilege: 'CREATE', isGrantable: false},
		]);
	});

	it('writes them whole, with lists of names name by name', () => {
		const statements = copyProperties('n', {
			owner: 'o',
			grants: [{grantee: 'app', privilege: 'CONNECT', isGrantable: true}],
			connectionLimit: 5,
			settings: [
				{role: '', setting: 'search_path="$user", public'},
				{role: 'r', setting: 'app.mode=a=b'},
			],
		});
		expect(statements).toEqual([
			'ALTER DATABASE "n" OWNER TO "o"',
			'REVOKE ALL ON DATABASE "n" FROM PUBLIC, "o"',
			'GRANT CONNECT ON DATABASE "n" TO "app" WITH GRANT OPTION',
			'ALTER DATABASE "n" CONNECTION LIMIT 5',
			`ALTER DATABASE "n" SET "search_path" TO '$user', 'public'`,
			`ALTER ROLE "r" IN DATABASE "n" SET "app"."mode" TO 'a=b'`,
			'COMMENT ON DATABASE "n" IS NULL',
		]);
		expect(splitNames('"a, ""b""", c')).toEqual(['a, "b"', 'c']);
	});
});

describe('space', () => {
	it('asks for the copy, its WAL and a reserve, and stops a load at half of the reserve', () => {
		const needed = neededBytes({
			databaseBytes: gibibyte,
			maxWalBytes: gibibyte / 2,
			totalBytes: 10 * gibibyte,
		});
		expect(needed).toBe(Math.ceil(1.15 * gibibyte + gibibyte / 2 + 2 * gibibyte));
		expect(watchdogBytes(100 * gibibyte)).toBe(2.5 * gibibyte);
	});

	it('reads df', () => {
		const text =
			'Filesystem     1024-blocks    Used Available Capacity Mounted on\n/dev/my disk 1000 200 800 20% /data\n';
		expect(parseDf(text)).toEqual({totalBytes: 1_024_000, freeBytes: 819_200});
		expect(parseDf('df: no such file')).toBeUndefined();
	});
});

it('only a database that a restore made is removed', () => {
	expect(() => dropDatabase('shop', 150_000)).toThrow('only a database that a restore made');
	expect(dropDatabase('shop__n_3f9c2a1b', 150_000)).toContain('"shop__n_3f9c2a1b" WITH (FORCE)');
	// PostgreSQL 12.22: 'database "shop__n_d6b37683" is being accessed by other users', by our own session.
	expect(endBeforeDrop('shop__n_3f9c2a1b', 120_022)).toEqual([
		expect.stringMatching(/pg_terminate_backend.* datname IN \('shop__n_3f9c2a1b'\)/),
	]);
	expect(dropDatabase('shop__n_3f9c2a1b', 120_022)).toBe(
		'DROP DATABASE IF EXISTS "shop__n_3f9c2a1b"',
	);
	expect(endBeforeDrop('shop__n_3f9c2a1b', 130_000)).toEqual([]);
});
