import {readFile} from 'node:fs/promises';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {lacksPostgres} from '../support/postgres-binaries.ts';
import {startPostgres, type PostgresServer} from '../support/postgres-server.ts';
import {makePlace, type Outcome, type Place} from '../support/program.ts';
import {requireComponent, titleWith} from '../support/require-component.ts';

/** The commands of a document, in order. */
function commandsOf(text: string): readonly string[] {
	return [...text.matchAll(/^```sh\n([^]*?)^```/gm)].flatMap(match =>
		(match[1] ?? '').trim().split('\n'),
	);
}

const document = await readFile(new URL('../../docs/restore.md', import.meta.url), 'utf8');
const [english = '', chinese = ''] = document.split('\n## 中文\n');
const commands = commandsOf(english);
const postgres = await requireComponent('PostgreSQL', () => lacksPostgres());

test('both languages have the same commands', () => {
	expect(commands.length).toBeGreaterThan(9);
	expect(commandsOf(chinese)).toEqual(commands);
});

describe.skipIf(postgres.missing !== undefined)(titleWith(postgres, 'docs/restore.md'), () => {
	let server: PostgresServer;
	let place: Place;
	/** What the operator would fill in by now. */
	const values: Record<string, string> = {TABLE: 'public.orders'};

	beforeAll(async () => {
		server = await startPostgres();
		place = await makePlace();
		await server.psql('CREATE DATABASE shop');
		await server.psql(
			'CREATE TABLE orders AS SELECT i, md5(i::text) AS t FROM generate_series(1, 500) i',
			'shop',
		);
		const {host, port, user} = server.target();
		await place.write(
			'opsconsole.yaml',
			[
				'environment: {kind: production, name: prod-eu-1}',
				'docker: {enabled: false}',
				'discovery: {enabled: false}',
				`postgres: [{id: main, host: ${host}, port: ${port}, user: ${user}, database: shop}]`,
			].join('\n'),
		);
		expect((await run('opsconsole backup database --yes')).status).toBe(0);
		await server.psql('DROP TABLE orders', 'shop');
	}, 60_000);
	afterAll(async () => {
		await place.remove();
		await server.remove();
	});

	/** Runs a line as it stands, with the words in capitals filled in. */
	async function run(line: string): Promise<Outcome> {
		const filled = line.replace(/'?\b[A-Z]{3,}\b'?/g, word => {
			const value = values[word.replaceAll("'", '')];
			if (value === undefined) throw new Error(`nothing before "${line}" shows ${word}`);
			return value;
		});
		const [program, ...words] = filled.split(' ');
		expect(program).toBe('opsconsole');
		const outcome = await place.run(words, {OPSCONSOLE_STATE: `${place.folder}/state`});
		const said = outcome.stdout + outcome.stderr;
		const text = /--confirm '([^']+)'/.exec(outcome.stdout)?.[1];
		if (text !== undefined) values['TEXT'] = text;
		const job = /^job (\S+-([0-9a-f]{8}));/m.exec(said);
		if (job?.[1] !== undefined && words[0] === 'restore') {
			values['JOB'] = job[1];
			values['KEPT'] = `shop__o_${job[2] ?? ''}`;
		}

		return outcome;
	}

	const orders = () =>
		server
			.psql("SELECT to_regclass('public.orders') IS NOT NULL", 'shop')
			.then(said => said.trim());

	test('every command does what the document says, in its order', {timeout: 120_000}, async () => {
		for (const line of commands) {
			const {status, stdout, stderr} = await run(line);
			expect([line, status, stderr], stdout).toEqual([line, 0, expect.any(String)]);
			if (line.includes('--dry-run')) expect(stdout).toContain('Nothing was done: --dry-run.');
			if (line.includes('--confirm')) expect(stdout).toContain('done and verified');
			if (line.startsWith('opsconsole restore database')) {
				expect(await orders()).toBe(line.includes('--dry-run') ? 'f' : 't');
			}

			if (line.startsWith('opsconsole restore swap-back') && !line.includes('--dry-run')) {
				expect(await orders()).toBe('f');
			}

			if (line === 'opsconsole recover') expect(stdout).toBe('Nothing is unfinished.\n');
			if (line === 'opsconsole audit log') expect(stdout).toContain('restore-database');
		}

		const schema = "SELECT nspname FROM pg_namespace WHERE nspname LIKE 'restored\\_%'";
		const restored = (await server.psql(schema, 'shop')).trim();
		expect(await server.psql(`SELECT count(*) FROM "${restored}".orders`, 'shop')).toContain('500');
	});
});
