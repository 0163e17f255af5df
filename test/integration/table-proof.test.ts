import type {Client} from 'pg';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {
	namedTableProofSql,
	parseProof,
	proofSettingsSql,
	tableProofSql,
	type ProofKind,
} from '../../src/domain/table-proof.ts';
import {lacksPostgres} from '../support/postgres-binaries.ts';
import {startPostgres, type PostgresServer} from '../support/postgres-server.ts';

describe.skipIf(await lacksPostgres())('the proof of a table', () => {
	let server: PostgresServer;
	let session: Client;
	beforeAll(async () => {
		server = await startPostgres();
		session = await server.session();
		await session.query('BEGIN');
		await session.query(proofSettingsSql);
	});
	afterAll(async () => {
		await session.end();
		await server.remove();
	});

	async function prove(name: string, kind: ProofKind = 'column-hashes') {
		const {rows} = await session.query<{proof: string}>(namedTableProofSql(kind), ['public', name]);
		return parseProof(rows[0]?.proof);
	}

	async function hashOf(columns: string, values: string): Promise<string | undefined> {
		await session.query('DROP TABLE IF EXISTS public.one');
		await session.query(`CREATE TABLE public.one (${columns})`);
		await session.query(`INSERT INTO public.one VALUES ${values}`);
		return (await prove('one')).hash;
	}

	it('says the same by name and by OID, and adds up the rows in any order', async () => {
		await session.query(
			`CREATE TABLE public."T %s ""x""" (a int, "b'c" text, "%I" text[]);
			INSERT INTO public."T %s ""x""" VALUES (1, 'x', '{a,NULL}'), (2, NULL, '{}'), (3, '', NULL)`,
		);
		const byName = await prove('T %s "x"');
		const {rows} = await session.query<{proof: string}>(tableProofSql('column-hashes'), [
			(await session.query<{oid: number}>(`SELECT 'public."T %s ""x"""'::regclass::oid AS oid`))
				.rows[0]?.oid,
		]);
		expect(parseProof(rows[0]?.proof)).toEqual(byName);
		expect(byName.rows).toBe(3);
		await session.query(
			`CREATE TABLE public.turned AS SELECT * FROM public."T %s ""x""" ORDER BY a DESC`,
		);
		expect(await prove('turned')).toEqual(byName);
		await session.query(`UPDATE public.turned SET a = 4 WHERE a = 3`);
		const changed = await prove('turned');
		expect([changed.rows, changed.hash === byName.hash]).toEqual([3, false]);
	});

	it('gives the sum that adding up numeric hashes gave, for backups of before', async () => {
		const {rows} = await session.query<{old: string}>(
			`SELECT sum(hashtextextended((t.*)::text, 0)::numeric)::text AS old FROM public.turned t`,
		);
		expect((await prove('turned', 'hashes')).hash).toBe(rows[0]?.old);
		expect((await prove('turned', 'counts')).hash).toBeUndefined();
	});

	it.each([
		['a NULL from an empty text', 'a text, b text', `(NULL, '')`, `('', NULL)`],
		['a comma between from one inside', 'a text, b text', `('x,', 'y')`, `('x', ',y')`],
		['a text that looks like a length', 'a text, b text', `('1:a', '')`, `('', '1:a')`],
		['a number in another column', 'a int, b int', '(1, NULL)', '(NULL, 1)'],
		['a number from its neighbour', 'a int, b int', '(12, 3)', '(1, 23)'],
		['trailing blanks', 'a varchar(4), b varchar(4)', `('x ', 'y')`, `('x', ' y')`],
		['the scale of a number', 'a numeric', '(1.0)', '(1.00)'],
		['a NULL array from an empty one', 'a int[]', '(NULL)', `('{}')`],
		['a row of NULLs from a NULL', 'a point, b int4range', `(NULL, 'empty')`, `(NULL, NULL)`],
		['a bit in bytes', 'a bytea', `('\\x00ff')`, `('\\x00fe')`],
	])('tells %s', async (_what, columns, one, other) => {
		expect(await hashOf(columns, one)).not.toBe(await hashOf(columns, other));
	});

	it('tells the NULL of a composite from one whose parts are NULL', async () => {
		await session.query('CREATE TYPE public.pair AS (a int, b int)');
		const nothing = await hashOf('p public.pair', '(NULL)');
		expect(await hashOf('p public.pair', '(ROW(NULL, NULL))')).not.toBe(nothing);
	});

	it('runs no cast of a foreign type', async () => {
		await session.query(
			`CREATE TYPE public.mood AS ENUM ('a,b', 'c');
			CREATE FUNCTION public.bad(public.mood) RETURNS text LANGUAGE plpgsql AS $$ BEGIN RAISE 'ran'; END $$;
			CREATE CAST (public.mood AS text) WITH FUNCTION public.bad(public.mood) AS ASSIGNMENT`,
		);
		expect(await hashOf('m public.mood', `('a,b')`)).not.toBe(
			await hashOf('m public.mood', `('c')`),
		);
	});

	it('takes tables without columns, with hundreds of them, and with dropped ones', async () => {
		await session.query('CREATE TABLE public.bare (); INSERT INTO public.bare DEFAULT VALUES');
		expect((await prove('bare')).rows).toBe(1);
		const columns = Array.from({length: 700}, (_, index) => `c${index} int`).join(', ');
		await session.query(`CREATE TABLE public.wide (${columns})`);
		await session.query('INSERT INTO public.wide (c0, c699) VALUES (1, 2)');
		const before = await prove('wide');
		await session.query('UPDATE public.wide SET c699 = 3');
		expect((await prove('wide')).hash).not.toBe(before.hash);
		await session.query(`CREATE TABLE public.less (x int, a int);
			ALTER TABLE public.less DROP COLUMN x; INSERT INTO public.less VALUES (7)`);
		expect((await prove('less')).hash).toBe(await hashOf('a int', '(7)'));
	});
});
