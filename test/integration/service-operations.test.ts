import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import type {Plan} from '../../src/domain/plan.ts';
import {createAct} from '../../src/io/create-act.ts';
import {createIo} from '../../src/io/create-io.ts';
import {createRecreateService} from '../../src/operations/services/recreate-service.ts';
import {createRestartAll} from '../../src/operations/services/restart-all.ts';
import {createRestartService} from '../../src/operations/services/restart-service.ts';
import {createScaleService} from '../../src/operations/services/scale-service.ts';
import {createStartService} from '../../src/operations/services/start-service.ts';
import {createStopService} from '../../src/operations/services/stop-service.ts';
import {docker} from '../lab/docker.ts';
import {quickPace} from '../support/pace.ts';
import {performNow, planNow, recoverNow, removeFolders} from '../support/perform.ts';
import {requireComponent, titleWith} from '../support/require-component.ts';
import {projectContainers} from '../support/project-containers.ts';
import {
	composeGenerations,
	startSmallProject,
	type SmallProject,
} from '../support/small-project.ts';

const compose = await requireComponent('Docker Compose', async () => {
	const found = await composeGenerations();
	return found.length > 0 ? undefined : 'neither docker compose nor docker-compose is here';
});
const generations = compose.missing === undefined ? await composeGenerations() : [];
const act = createAct();
// Shared, so that the Compose program is looked for once.
const io = createIo();

const services = (value: string) => `db:
  image: $IMAGE
  command: [sleep, '1000']
  init: true
  labels: $LABELS
app:
  image: $IMAGE
  command: [httpd, -f, -p, '8000', -h, /]
  init: true
  labels: $LABELS
  depends_on: [db]
  environment: {FIGURE: '${value}', KEPT: same}
  ports: ['127.0.0.1::8000']
  restart: always
web:
  image: $IMAGE
  command: [sleep, '1000']
  init: true
  labels: $LABELS
  depends_on: [app]
fixed:
  image: $IMAGE
  command: [sleep, '1000']
  init: true
  labels: $LABELS
  container_name: opsct-fixed-${String(process.pid)}-GENERATION`;

afterAll(removeFolders);

function warningsOf(plan: Plan): readonly string[] {
	return plan.warnings.map(({code}) => code);
}

describe.each(generations)(titleWith(compose, 'services of Compose v%i'), generation => {
	const text = (value: string) => services(value).replace('GENERATION', String(generation));
	let project: SmallProject;
	beforeAll(async () => {
		project = await startSmallProject(generation, text('one'));
	});
	afterAll(() => project.down());

	const options = async () => ({
		act,
		io,
		targets: {},
		containers: await projectContainers([project.name]),
	});
	const request = (...names: readonly string[]) => ({services: names, project: project.name});

	// What has nothing to do with the generation is tried with one of them.
	const isLast = generation === generations.at(-1);
	test.runIf(isLast)('a service is stopped, with its port free, and started again', async () => {
		const stopped = await performNow(createStopService(quickPace), request('app'), await options());
		expect(stopped.end).toEqual({outcome: 'done', exitStatus: 0});
		expect(stopped.plan).toMatchObject({
			risk: 'disruptive',
			identity: {project: project.name, folder: project.folder},
			locks: [
				{resource: `stack:${project.name}`, mode: 'shared'},
				{resource: `service:${project.name}/app`, mode: 'exclusive'},
			],
		});
		expect(warningsOf(stopped.plan)).toEqual([
			'service-dependants',
			'service-stays-stopped-always',
		]);
		expect(await project.ask('app', '{{.State.Status}} {{.State.ExitCode}}')).toBe('exited 143');

		await expect(
			planNow(createStopService(quickPace), request('app'), await options()),
		).rejects.toMatchObject({problem: {code: 'service-none-running'}});
		const started = await performNow(
			createStartService(quickPace),
			request('app'),
			await options(),
		);
		expect(started.end).toEqual({outcome: 'done', exitStatus: 0});
		expect(await project.ask('app', '{{.State.Status}}')).toBe('running');
		await expect(
			planNow(createStartService(quickPace), request('app'), await options()),
		).rejects.toMatchObject({problem: {code: 'service-runs-already'}});
	});

	test.runIf(isLast)('a paused service goes on, or is paused again before its proof', async () => {
		const start = createStartService(quickPace);
		const state = async (service: string) => project.ask(service, '{{.State.Status}}');
		const startedAt = await project.ask('app', '{{.State.StartedAt}}');
		const pause = async (...names: readonly string[]) => {
			for (const name of names) await docker(['pause', await project.id(name)]);
		};
		await pause('app');
		// The worker dies when the engine is through: the recovery proves it.
		const died = await performNow(start, request('app'), {
			...(await options()),
			failAt: 'unpause-1:mid1',
		});
		const act = died.plan.steps.find(({id}) => id === 'unpause-1');
		const says = act?.commands.map(command => command.kind === 'engine' && command.say);
		expect(says).toEqual([expect.stringMatching(/^docker unpause .*app/)]);
		expect(died.plan).toMatchObject({risk: 'safe', undo: {code: 'service-undo-unpause'}});
		const taken = await recoverNow(start, died, await options());
		expect(taken.end).toEqual({outcome: 'done', exitStatus: 0});
		expect(await project.ask('app', '{{.State.Status}} {{.State.StartedAt}}')).toBe(
			`running ${startedAt}`,
		);

		await pause('db', 'app');
		const second = await performNow(start, request('db', 'app'), {
			...(await options()),
			failAt: 'unpause-2:effect',
		});
		expect(await state('app')).toBe('running');
		expect((await recoverNow(start, second, await options())).outcome).toBe('undone');
		// The first was proven and stays; the second was not.
		expect(await Promise.all([state('db'), state('app')])).toEqual(['running', 'paused']);
		const done = await performNow(start, request('app'), await options());
		expect(done.end).toEqual({outcome: 'done', exitStatus: 0});
		expect(await state('app')).toBe('running');
	});

	test('everything is restarted in the order of its dependencies', async () => {
		const done = await performNow(
			createRestartAll(quickPace),
			{project: project.name},
			await options(),
		);
		expect(done.end).toEqual({outcome: 'done', exitStatus: 0});
		const format = '{{.State.StartedAt}}';
		const times = [
			await project.ask('db', format),
			await project.ask('app', format),
			await project.ask('web', format),
		];
		expect(times).toEqual(times.toSorted());
		expect(warningsOf(done.plan)).toEqual([]);
	});

	test('a changed file is found, named without its values, and brought by recreating', async () => {
		const recreate = createRecreateService(quickPace);
		await expect(planNow(recreate, request('app', 'db'), await options())).rejects.toMatchObject({
			problem: {code: 'service-unchanged'},
		});
		await project.write(text('secret-two'));
		const restart = await planNow(createRestartService(quickPace), request('app'), await options());
		expect(warningsOf(restart.plan)).toContain('service-config-changed');
		const database = await project.id('db');
		const before = await project.id('app');
		// The worker dies when Compose is through: the recovery proves it and makes nothing anew.
		const done = await performNow(recreate, request('app', 'db'), {
			...(await options()),
			failAt: 'act-1:mid1',
		});
		const between = await project.id('app');
		const taken = await recoverNow(recreate, done, await options());
		expect(taken.end).toEqual({outcome: 'done', exitStatus: 0});
		expect(await project.id('app')).toBe(between);
		expect(done.plan.warnings).toContainEqual({
			code: 'service-change-variable',
			params: {name: `${project.name}/app`, variable: 'FIGURE'},
		});
		expect(JSON.stringify(done.plan)).not.toContain('secret-two');
		expect(await project.id('db')).toBe(database);
		expect(await project.id('app')).not.toBe(before);
		expect(await project.ask('app', '{{json .Config.Env}}')).toContain('FIGURE=secret-two');
	});

	test('a container that is in no network is made anew, although its file is the same', async () => {
		const network = `${project.name}_default`;
		const id = await project.id('db');
		await docker(['network', 'disconnect', network, id]);
		try {
			const recreate = createRecreateService(quickPace);
			const {plan} = await planNow(recreate, request('app', 'db'), await options());
			const names = {name: `${project.name}/db`};
			expect(plan.warnings).toContainEqual({code: 'service-change-detached', params: names});
			const acts = plan.steps.filter(({id: step}) => step.startsWith('act-'));
			expect(JSON.stringify(acts)).toContain('"--force-recreate"');
			expect(acts).toHaveLength(1);
		} finally {
			await docker(['network', 'connect', '--alias', 'db', network, id]);
		}
	});

	test('a service without a container is made anew from its file', async () => {
		const before = await project.ask('web', '{{.Id}}');
		await docker(['rm', '--force', before]);
		const done = await performNow(createStartService(quickPace), request('web'), await options());
		expect(done.end).toEqual({outcome: 'done', exitStatus: 0});
		expect(done.plan).toMatchObject({
			risk: 'safe',
			identity: {project: project.name, containers: []},
			locks: [
				{resource: `stack:${project.name}`, mode: 'shared'},
				{resource: `service:${project.name}/web`, mode: 'exclusive'},
			],
		});
		expect(warningsOf(done.plan)).toEqual(['service-create-data']);
		expect(await project.ask('web', '{{.State.Status}}')).toBe('running');
		expect(await project.ask('web', '{{.Id}}')).not.toBe(before);
		await expect(
			planNow(createStartService(quickPace), request('webb'), await options()),
		).rejects.toMatchObject({problem: {code: 'service-unknown'}});
	});

	test('a service gets more containers and fewer, where its file allows that', async () => {
		const scale = createScaleService(quickPace);
		const up = await performNow(
			scale,
			{service: 'web', count: 2, project: project.name},
			await options(),
		);
		expect(up.end).toEqual({outcome: 'done', exitStatus: 0});
		expect(await project.ask('web', '{{.State.Status}}', 2)).toBe('running');
		const again = await performNow(
			createRestartService(quickPace),
			request('web'),
			await options(),
		);
		expect(again.plan.steps.filter(({id}) => id.startsWith('act-'))).toHaveLength(2);
		expect(again.outcome).toBe('done');
		// One container of several is named: both are recreated, none is lost.
		await project.write(text('two').replaceAll('1000', '1001'));
		const second = await project.id('web', 2);
		const recreated = await performNow(
			createRecreateService(quickPace),
			{services: [second]},
			await options(),
		);
		expect(recreated.end).toEqual({outcome: 'done', exitStatus: 0});
		expect(await project.ask('web', '{{join .Config.Cmd " "}}', 2)).toBe('sleep 1001');
		const down = await performNow(
			scale,
			{service: 'web', count: 1, project: project.name},
			await options(),
		);
		expect(down.end).toEqual({outcome: 'done', exitStatus: 0});
		expect(down.plan.deletes).toHaveLength(1);
		await expect(project.id('web', 2)).rejects.toThrow('no container');
		await expect(
			planNow(scale, {service: 'fixed', count: 2, project: project.name}, await options()),
		).rejects.toMatchObject({problem: {code: 'service-scale-name'}});
	});

	test('a variable that nobody sets refuses what would use it', async () => {
		await project.write(`${text('two')}-\${NOBODY_SETS_THIS}`);
		await expect(
			planNow(createRecreateService(quickPace), request('app'), await options()),
		).rejects.toMatchObject({
			problem: {code: 'service-variable-unset', params: {variables: 'NOBODY_SETS_THIS'}},
		});
	});

	test.runIf(isLast)('a container that was replaced meanwhile is not touched', async () => {
		const before = await options();
		await docker(['rm', '--force', await project.id('fixed')]);
		await expect(
			planNow(createRestartService(quickPace), request('fixed'), before),
		).rejects.toMatchObject({problem: {code: 'service-gone'}});
	});
});
