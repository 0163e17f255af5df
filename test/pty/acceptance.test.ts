import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {Client} from 'pg';
import {afterAll, afterEach, beforeAll, describe, expect, test} from 'vitest';
import {operationLabel} from '../../src/domain/container-facts.ts';
import {listJobs} from '../../src/work/jobs.ts';
import {docker, linesOf} from '../lab/docker.ts';
import {type Lab, startLab} from '../support/lab.ts';
import {prepareEngine} from '../support/prepare-engine.ts';
import {type Place, makePlace} from '../support/program.ts';
import {requireComponent, titleWith} from '../support/require-component.ts';
import {openTerminal, type Terminal} from '../support/terminal.ts';
import {waitFor} from '../support/wait.ts';
import {startWriters} from '../support/writers.ts';
import {pressUntil, typeSlowly} from './operate.ts';
import {launcher} from './own-console.ts';

const engine = await requireComponent('a Docker engine', prepareEngine);
const flock = await requireComponent('flock', () => existsSync('/usr/bin/flock'));
const missing = [engine, flock].find(one => one.missing !== undefined);

let lab: Lab;
let place: Place;
let open: readonly Terminal[] = [];
const state = () => join(place.folder, 'ops-state');
const parameters = () => ['--project', lab.project, '--environment', 'test'];

/** A console on the lab, as an operator has it who has just logged in. */
function logIn(): Terminal {
	const terminal = openTerminal({
		command: launcher,
		args: parameters(),
		cwd: place.folder,
		columns: 120,
		rows: 40,
		env: {HOME: place.folder, OPSCONSOLE_STATE: state(), OPSCONSOLE_LANG: undefined},
	});
	open = [...open, terminal];
	return terminal;
}

const headless = (...words: readonly string[]) =>
	place.run([...words, ...parameters()], {OPSCONSOLE_STATE: state()});

/** Opens the menu of the PostgreSQL panel and takes an action by its title. */
async function choose(terminal: Terminal, title: string): Promise<void> {
	await terminal.waitForText(/3 PostgreSQL 15/);
	terminal.press('3');
	await pressUntil(terminal, 'a', title);
	await pressUntil(terminal, 'down', `▶ ${title}`);
	terminal.press('enter');
}

const urlOf = (database: string) => lab.urls.postgres.replace(/[^/]+$/, database);

async function ask(sql: string, database = lab.postgres.database): Promise<readonly string[]> {
	const client = new Client(urlOf(database));
	await client.connect();
	try {
		const {rows} = await client.query<unknown[]>({text: sql, rowMode: 'array'});
		return rows.map(row => row.join(' '));
	} finally {
		await client.end();
	}
}

const tables = ['teams', 'users', 'matches', 'predictions'];

/** Count and hash of every table; of the one that the writers write to, only what was there before them. */
async function contents(): Promise<readonly string[]> {
	const proof = (table: string, where: string) =>
		`SELECT '${table}', count(*), coalesce(sum(hashtextextended(t::text, 0)::numeric), 0) FROM ${table} t ${where}`;
	const all = tables.map(table => proof(table, ''));
	const audit = proof('audit_log', "WHERE what NOT LIKE 'writer %'");
	return ask(`${[...all, audit].join(' UNION ALL ')} ORDER BY 1`);
}

const written = async () =>
	new Set(await ask("SELECT what FROM audit_log WHERE what LIKE 'writer %'"));

/** What a run may leave nowhere: databases, containers, sessions, files. */
async function leftOvers(): Promise<readonly string[]> {
	const databases = await ask("SELECT datname FROM pg_database WHERE datname LIKE '%\\_\\_n\\_%'");
	const sessions = await ask(
		"SELECT application_name FROM pg_stat_activity WHERE application_name LIKE 'opsc:%'",
	);
	const runs = readdirSync(join(state(), 'ops'));
	const labels = linesOf(
		await docker(['ps', '--all', '--format', `{{.Label "${operationLabel}"}}`]),
	);
	const files = ['scratch', 'backups'].flatMap(name =>
		readdirSync(join(state(), name), {recursive: true, encoding: 'utf8'}),
	);
	const halves = files.filter(name => /\.part|pgpass/.test(name));
	return [...databases, ...sessions, ...labels.filter(id => runs.includes(id)), ...halves];
}

beforeAll(async () => {
	if (missing) return;
	// Without its worker nothing but the test writes, so that contents can be compared.
	lab = await startLab({services: ['nginx', 'app', 'db', 'redis']});
	place = await makePlace();
});
afterEach(async () => {
	for (const terminal of open) await terminal.close();
	open = [];
});
afterAll(async () => {
	if (missing) return;
	await lab.down();
	await place.remove();
});

describe.skipIf(missing !== undefined)(titleWith(missing ?? engine, 'the lab'), () => {
	test('is backed up, loses a table, and is restored while 20 clients write and the terminal dies', async () => {
		const {database} = lab.postgres;
		const before = await contents();
		const first = logIn();
		await choose(first, 'Back up the database');
		await first.waitForText('[> Run <]');
		await pressUntil(first, 'enter', /\+ done/);
		first.press('esc');

		await ask('DROP TABLE predictions CASCADE');
		const writers = await startWriters(lab.urls.postgres, 20);
		// While this is held the restore waits in its second step: the middle of it, however fast the machine is.
		const hold = new Client(urlOf('postgres'));
		await hold.connect();
		await hold.query('BEGIN; LOCK TABLE pg_catalog.pg_database IN SHARE MODE');
		await choose(first, 'Restore the database');
		await first.waitForText('Which backup');
		await pressUntil(first, 'enter', `Type test/${database} to confirm`);
		await typeSlowly(first, `test/${database}`);
		await pressUntil(first, 'enter', /step 2\/12/);
		first.kill('SIGKILL');
		first.hangUp();
		await first.exit;

		const second = logIn();
		await second.waitForText('Operations that are not over');
		second.press('enter');
		await second.waitForText(/> +2 create the new database/);
		await hold.query('ROLLBACK');
		await hold.end();
		await second.waitForText(/\+ done/, {deadlineMs: 60_000});
		await second.waitForText(/Way back: .*swap-back/s);
		const acknowledged = await writers.stop();

		expect(await contents()).toEqual(before);
		const now = await written();
		// The way back that was told puts the old database back, with all that was written before the swap.
		const kept = await ask("SELECT datname FROM pg_database WHERE datname LIKE '%\\_\\_o\\_%'");
		expect(kept).toHaveLength(1);
		const back = ['restore', 'swap-back', kept[0] ?? '', '--confirm', `test/${database}`];
		expect(await headless(...back)).toMatchObject({status: 0});
		const old = await written();
		expect(acknowledged.filter(one => old.has(one) === now.has(one))).toEqual([]);
		expect(Math.min(old.size, now.size)).toBeGreaterThan(0);
		expect(await leftOvers()).toEqual([]);

		expect(await headless('audit', 'verify')).toMatchObject({status: 0});
		const log = await headless('audit', 'log', '--lang', 'en');
		expect(log.stdout).toMatch(
			new RegExp(
				`Restore a database \\(restore-database\\) \\| test/${database} \\| done and verified`,
			),
		);
		expect((await headless('audit', 'log', '--lang', 'zh')).stdout).toMatch(
			/恢复数据库 \(restore-database\) \| .* \| 已完成并验证/,
		);
	});

	test('loses the worker of a backup, and r on the screen brings everything back', async () => {
		// Does not compress, so that there is time to die in.
		await ask(
			`CREATE TABLE ballast AS SELECT string_agg(sha512((n * 1000 + m)::text::bytea)::text, '') AS text
			FROM generate_series(1, 1000) n, generate_series(1, 400) m GROUP BY n`,
		);
		const terminal = logIn();
		await choose(terminal, 'Back up the database');
		await terminal.waitForText('[> Run <]');
		await pressUntil(terminal, 'enter', /starting|step \d\/4/);
		const dumps =
			"SELECT 1 FROM pg_stat_activity WHERE application_name = 'pg_dump' OR query LIKE 'COPY %'";
		await waitFor(async () => ((await ask(dumps)).length > 0 ? true : undefined), {
			what: 'the dump',
		});
		const [job] = await listJobs(join(state(), 'ops'));
		const journal = readFileSync(join(job?.folder ?? '', 'journal.jsonl'), 'utf8');
		process.kill(Number(/"pid":(\d+)/.exec(journal)?.[1]), 'SIGKILL');
		await pressUntil(terminal, 'o', /INTERRUPTED/);
		terminal.press('r');
		await terminal.waitForText('Bring this operation to an end?');
		terminal.press('tab');
		await terminal.waitForText('[> Recover <]');
		terminal.press('enter');
		await terminal.waitForText(/(failed|cancelled), taken back/);
		expect(await leftOvers()).toEqual([]);
		expect((await headless('jobs')).stdout).toMatch(/taken back/);
		expect(await headless('audit', 'verify')).toMatchObject({status: 0});
	});
});
