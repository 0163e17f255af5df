import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {prepareEngine, startLab, type Lab} from '../support/lab.ts';
import {startHandbookStack, type HandbookStack} from '../support/handbook-stack.ts';
import {makePlace, type Place} from '../support/program.ts';
import {requireComponent, titleWith} from '../support/require-component.ts';
import {isComplete, statusDocumentOf, type StatusDocument} from '../support/status-document.ts';
import {waitFor} from '../support/wait.ts';

// The shipped profiles of the three Compose systems, each against a stack with the services of its handbook.

const engine = await requireComponent('a Docker engine', prepareEngine);

describe.skipIf(engine.missing !== undefined)(titleWith(engine, 'shipped profiles'), () => {
	let place: Place;
	let h1: Lab;
	let h2: HandbookStack;
	let h5: HandbookStack;

	beforeAll(async () => {
		[place, h1, h2, h5] = await Promise.all([
			makePlace(),
			startLab(),
			startHandbookStack(['backend', 'frontend', 'redis', 'postgres', 'nginx'], 3000),
			startHandbookStack(['backend', 'frontend', 'redis'], 80),
		]);
	});
	afterAll(async () => {
		await Promise.all([h1.down(), h2.down(), h5.down(), place.remove()]);
	});

	async function status(system: string, project?: string): Promise<StatusDocument> {
		const only = project === undefined ? [] : ['-p', project];
		return waitFor(
			async () => {
				const {document} = await place.status(['--system', system, ...only]);
				const checked = statusDocumentOf(document);
				return isComplete(checked) ? checked : undefined;
			},
			{deadlineMs: 40_000, what: 'a complete reading'},
		);
	}

	const ups = (document: StatusDocument) =>
		document.endpoints.map(({id, isUp}) => `${id} ${isUp === true ? 'up' : 'down'}`).sort();

	it('H1 football-prediction', async () => {
		const document = await status('football-prediction', h1.project);
		expect(document).toMatchObject({system: 'football-prediction', title: 'Football Prediction'});
		expect(ups(document)).toEqual(['app up', 'site up']);
		expect(document.postgres).toHaveLength(1);
		expect(document.postgres[0]).toMatchObject({
			id: 'db',
			reading: 'fresh',
			database: 'football_prediction',
		});
		expect(document.redis[0]).toMatchObject({reading: 'fresh'});
		// Prometheus, Grafana and Loki do not run; the handbook calls their absence not critical.
		expect(document.alerts.filter(alert => alert.metric === 'container.down')).toEqual([]);
		expect(document.backups.map(set => set.id)).toEqual(['database', 'configuration']);
		const causes = document.problems.map(({target, code}) => `${target} ${code}`);
		expect(causes).toContain('database backups-folder-missing');
	});

	it('H2 learning-platform', async () => {
		const document = await waitFor(
			async () => {
				const now = await status('learning-platform', h2.project);
				return now.postgres[0]?.reading === 'fresh' ? now : undefined;
			},
			{deadlineMs: 40_000, what: 'its database'},
		);
		expect(document.postgres[0]).toMatchObject({database: 'learning_platform', role: 'primary'});
		expect(ups(document)).toEqual(expect.arrayContaining(['backend up', 'frontend up']));
		expect(document.redis[0]).toMatchObject({reading: 'fresh', memory: {maxBytes: 64 * 2 ** 20}});
		expect(document.alerts.filter(alert => alert.metric === 'container.down')).toEqual([]);
	});

	it('H5 fund-calc has no PostgreSQL, and its JSON lines are understood', async () => {
		const document = await waitFor(
			async () => {
				const now = await status('fund-calc', h5.project);
				return now.errors.groups.length > 0 ? now : undefined;
			},
			{deadlineMs: 30_000, what: 'the logged error'},
		);
		expect(document.postgres).toEqual([]);
		expect(document.problems.filter(({source}) => source.startsWith('postgres'))).toEqual([]);
		expect(ups(document)).toEqual(['backend up', 'frontend up', 'metrics up']);
		const facts = document.endpoints.flatMap(({facts = []}) => facts);
		expect(facts).toEqual(
			expect.arrayContaining([
				{name: 'version', value: '2.3.1'},
				{name: 'redis', value: 'connected'},
				{name: 'active_sessions', value: '3'},
			]),
		);
		const [group] = document.errors.groups.filter(({services}) => services.includes('backend'));
		expect(group?.example).toContain('cannot price fund 7');
		const plain = await place.run(['status', '--system', 'fund-calc', '-p', h5.project]);
		expect(plain.stdout).not.toContain('postgres');
		// The application wrote its own password into its log.
		for (const secret of h5.secrets) {
			expect(JSON.stringify(document)).not.toContain(secret);
			expect(plain.stdout).not.toContain(secret);
		}
	});

	it.each(['stock-analysis', 'app-example'])(
		'%s loads, and tells what is not here',
		async system => {
			const document = await status(system, 'opsct-none');
			expect(document.system).toBe(system);
			expect(document.postgres).toHaveLength(1);
			expect(document.level).toBe('crit');
			for (const problem of document.problems) {
				expect(problem.summary).not.toMatch(/\{\w+\}|undefined/);
				expect(problem.hint).not.toBe('');
			}
		},
	);
});
