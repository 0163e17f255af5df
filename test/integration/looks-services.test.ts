import {writeFile} from 'node:fs/promises';
import {createServer, type AddressInfo} from 'node:net';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, onTestFinished, test} from 'vitest';
import {createIo} from '../../src/io/create-io.ts';
import {lookReaders} from '../../src/looks/index.ts';
import type {LookId} from '../../src/runbooks/looks/index.ts';
import type {Seen} from '../../src/runbooks/look.ts';
import {containerUsageSource} from '../../src/sources/container-usage.ts';
import {docker, run} from '../lab/docker.ts';
import {label, runId} from '../lab/run-id.ts';
import {lookFacts, type LookParts} from '../support/look-facts.ts';
import {projectContainers} from '../support/project-containers.ts';
import {requireComponent, titleWith} from '../support/require-component.ts';
import {
	composeGenerations,
	startSmallProject,
	type SmallProject,
} from '../support/small-project.ts';
import {waitFor} from '../support/wait.ts';

const compose = await requireComponent('Docker Compose', async () => {
	const found = await composeGenerations();
	return found.length > 0 ? undefined : 'neither docker compose nor docker-compose is here';
});
const io = createIo();

// The passwords are canaries: no look may show them. The log of `sick` is that of a program that starts too early.
const services = (figure: string) => `db:
  image: $IMAGE
  command: [httpd, -f, -p, '5432', -h, /]
  expose: ['5432']
  labels: $LABELS
  restart: always
  environment: {POSTGRES_USER: app, POSTGRES_PASSWORD: canary-right, POSTGRES_DB: shop}
app:
  image: $IMAGE
  command: [httpd, -f, -p, '8000', -h, /]
  labels: $LABELS
  depends_on: [db]
  environment: {DATABASE_URL: 'postgres://app:canary-right@db:5432/shop', FIGURE: '${figure}'}
  ports: ['127.0.0.1::8000']
  mem_limit: 64m
  cpus: 1.5
sick:
  image: $IMAGE
  command:
    - sh
    - -c
    - |
      echo 'OperationalError: connection to server at "db", port 5433 failed: Connection refused' >&2
      echo '10.0.0.9 - - [21/Nov/2026:10:00:00 +0000] "GET /api/7 HTTP/1.1" 502 5'
      exit 3
  labels: $LABELS
  restart: on-failure
  environment:
    DATABASE_URL: postgres://app:canary-wrong@db:5433/shop
    REDIS_HOST: cache
    EMPTY: ''
    KEY: changeme
local:
  image: $IMAGE
  command: [httpd, -f, -p, '127.0.0.1:8000', -h, /]
  labels: $LABELS
  environment: {DB_HOST: localhost}
  ports: ['127.0.0.1::8000']`;

describe.skipIf(compose.missing !== undefined)(
	titleWith(compose, 'looks at the services of a project'),
	() => {
		let project: SmallProject;
		const seenTexts: string[] = [];
		beforeAll(async () => {
			const generation = (await composeGenerations()).at(-1) ?? 2;
			project = await startSmallProject(generation, services('one'));
			await run('git', ['-C', project.folder, 'init', '-q']);
			await run('git', [
				...['-C', project.folder, '-c', 'user.name=t', '-c', 'user.email=t@example.org'],
				...['commit', '-q', '--allow-empty', '-m', 'Serve faster'],
			]);
		});
		afterAll(() => project.down());

		async function look(id: LookId, service?: string, parts: Partial<LookParts> = {}) {
			const containers = await projectContainers([project.name]);
			const facts = lookFacts({
				io,
				containers,
				...parts,
				scope: {
					project: project.name,
					...(service !== undefined && {container: `${project.name}/${service}/1`}),
					...parts.scope,
				},
			});
			const read: (given: typeof facts) => Promise<Seen> = lookReaders[id];
			const seen = await read(facts);
			seenTexts.push(JSON.stringify(seen));
			return seen;
		}

		test('a service that works has nothing to complain about', async () => {
			const containers = await projectContainers([project.name]);
			const list = {current: () => containers, onChange: () => undefined};
			const usage = await containerUsageSource.open(io, list).read(AbortSignal.timeout(30_000));
			expect((await look('service.state', 'app')).values).toMatchObject({
				'is-there': true,
				'is-running': true,
				state: 'running',
				health: 'none',
				'restart-count': 0,
				'is-crash-looping': false,
				'restart-policy': 'no',
				'is-stopped-on-purpose': false,
				'dependencies-down': 0,
			});
			const used = await look('service.usage', 'app', {readings: {'docker.usage': usage}});
			expect(used.values).toMatchObject({
				'has-cpu-limit': true,
				'has-memory-limit': true,
				'memory-limit': 64 * 2 ** 20,
				'oom-kills': 0,
				throttled: 0,
			});
			expect(used.values['memory-percent']).toBeGreaterThan(0);
			expect((await look('service.exits', 'app')).values).toMatchObject({
				kind: 'none',
				exits: 0,
				'is-start-error': false,
			});
			expect((await look('service.log', 'app')).values).toMatchObject({kind: 'none', errors: 0});
			expect((await look('service.environment', 'app')).values).toMatchObject({
				empty: 0,
				placeholders: 0,
				malformed: 0,
				'points-to-itself': 0,
				'database-host': 'db',
				'database-port': 5432,
				'is-database-password-equal': true,
			});
			expect((await look('service.dependencies', 'app')).values).toMatchObject({
				count: 1,
				unresolved: 0,
				'not-running': 0,
				separated: 0,
				unreachable: 0,
			});
			expect((await look('service.ports', 'app')).values).toMatchObject({
				published: 1,
				'is-taken': false,
				'is-listening': true,
				'is-local-only': false,
				answers: true,
			});
			expect((await look('service.image', 'app')).values).toMatchObject({
				'is-missing': false,
				'is-outdated': false,
				'is-wrong-platform': false,
			});
			expect((await look('network.container', 'app')).values).toMatchObject({
				mode: 'networks',
				'is-attached': true,
				'lost-networks': 0,
				'is-internal': false,
			});
		});

		test('a crash loop with a bad environment is seen from every side', async () => {
			await waitFor(async () =>
				Number(await project.ask('sick', '{{.RestartCount}}')) >= 3 ? true : undefined,
			);
			const state = await look('service.state', 'sick');
			expect(state.values).toMatchObject({'is-there': true, 'is-crash-looping': true});
			const exits = await look('service.exits', 'sick');
			expect(exits.values).toMatchObject({kind: 'failed', 'last-exit-code': 3});
			expect(exits.values['exits']).toBeGreaterThanOrEqual(3);
			expect((await look('service.log', 'sick')).values).toMatchObject({
				kind: 'connection-refused',
				target: 'db:5433',
				'target-kind': 'postgres',
			});
			expect((await look('service.environment', 'sick')).values).toMatchObject({
				'first-empty': 'EMPTY',
				'first-placeholder': 'KEY',
				'database-port': 5433,
				'redis-host': 'cache',
				'is-database-password-equal': false,
			});
			expect((await look('service.dependencies', 'sick')).values).toMatchObject({
				count: 2,
				'first-unresolved': 'cache',
			});
			expect((await look('stack.requests')).values).toMatchObject({
				'top-path': 'GET /api/<n>',
				'top-service': 'sick',
			});
		});

		test('a program that listens for itself alone does not answer', async () => {
			const {values} = await look('service.ports', 'local');
			expect(values).toMatchObject({
				'is-listening': true,
				'is-local-only': true,
				answers: false,
			});
			expect((await look('service.environment', 'local')).values).toMatchObject({
				'points-to-itself': 1,
				'first-pointing-to-itself': 'DB_HOST',
			});
		});

		/** A container of the project that is made and cannot be started. */
		async function failing(
			name: string,
			options: readonly string[],
			command: readonly string[] = ['true'],
		): Promise<void> {
			const image = await project.ask('app', '{{.Config.Image}}');
			const labels = {
				[label]: runId(),
				'com.docker.compose.project': project.name,
				'com.docker.compose.service': name,
				'com.docker.compose.container-number': '1',
			};
			const id = await docker([
				'create',
				...Object.entries(labels).flatMap(pair => ['--label', pair.join('=')]),
				...options,
				image,
				...command,
			]);
			onTestFinished(async () => {
				await docker(['rm', '--force', id]);
			});
			await docker(['start', id]).catch(() => undefined);
		}

		test('a port that a container or a process has is named with its owner', async () => {
			const port = await project.ask(
				'app',
				'{{(index (index .NetworkSettings.Ports "8000/tcp") 0).HostPort}}',
			);
			await failing('second', ['--publish', `127.0.0.1:${port}:80`]);
			expect((await look('service.exits', 'second')).values).toMatchObject({
				kind: 'port-taken',
				'is-start-error': true,
			});
			expect((await look('service.ports', 'second')).values).toMatchObject({
				'is-taken': true,
				'taken-port': Number(port),
				'taken-by': 'app',
				'taken-by-kind': 'container',
			});
			const server = createServer().listen(0, '127.0.0.1');
			onTestFinished(() => {
				server.close();
			});
			await new Promise(resolve => server.once('listening', resolve));
			const own = (server.address() as AddressInfo).port;
			await failing('third', ['--publish', `127.0.0.1:${own}:80`]);
			const {values} = await look('service.ports', 'third');
			expect(values).toMatchObject({'taken-port': own, 'taken-by-kind': 'process'});
			expect(values['taken-by']).toContain(String(process.pid));
			await failing('fourth', [], ['no-such-command']);
			expect((await look('service.exits', 'fourth')).values).toMatchObject({
				kind: 'command-missing',
			});
		});

		test('a container out of memory says so', async () => {
			// The shell outlives what it started, so that the engine hears of it for certain.
			await failing(
				'greedy',
				['--memory', '8m', '--memory-swap', '8m', '--entrypoint', 'sh'],
				['-c', 'tail /dev/zero; sleep 1; exit 137'],
			);
			await waitFor(async () =>
				(await project.ask('greedy', '{{.State.Status}}')) === 'exited' ? true : undefined,
			);
			expect((await look('service.state', 'greedy')).values).toMatchObject({
				state: 'exited',
				'oom-killed': true,
				'is-stopped-on-purpose': false,
			});
			expect((await look('service.exits', 'greedy')).values).toMatchObject({
				kind: 'oom',
				'last-was-oom': true,
			});
			expect((await look('service.usage', 'greedy')).values).toMatchObject({
				'has-memory-limit': true,
				cpu: undefined,
			});
		});

		test('a service that left the network and one that was stopped are what others miss', async () => {
			const [network = ''] = (
				await project.ask(
					'app',
					'{{range $name, $_ := .NetworkSettings.Networks}}{{$name}} {{end}}',
				)
			).split(' ');
			await docker(['network', 'disconnect', network, await project.id('app')]);
			expect((await look('network.container', 'app')).values).toMatchObject({'is-attached': false});
			await docker(['network', 'connect', network, await project.id('app')]);
			await docker(['network', 'disconnect', network, await project.id('db')]);
			expect((await look('service.dependencies', 'app')).values).toMatchObject({
				'first-separated': 'db',
			});
			await docker(['network', 'connect', '--alias', 'db', network, await project.id('db')]);

			await docker(['stop', '--time', '0', await project.id('db')]);
			expect((await look('service.state', 'db')).values).toMatchObject({
				'is-running': false,
				'is-stopped-on-purpose': true,
			});
			expect((await look('service.state', 'app')).values).toMatchObject({
				'dependencies-down': 1,
				'first-dependency-down': 'db',
			});
			expect((await look('service.dependencies', 'app')).values).toMatchObject({
				'first-not-running': 'db',
			});
			await docker(['start', await project.id('db')]);
		});

		test('a changed file, then a broken one, is told from what runs', async () => {
			expect((await look('compose.config')).values).toMatchObject({
				'is-valid': true,
				kind: 'none',
				unset: 0,
				services: 4,
			});
			expect((await look('service.drift', 'app')).values).toMatchObject({
				'is-in-file': true,
				'is-changed': false,
				'is-image-missing': false,
			});
			await project.write(
				services('${UNSET_FIGURE}').replace('image: $IMAGE', 'image: shop/none:1'),
			);
			expect((await look('service.drift', 'app')).values).toMatchObject({
				'is-changed': true,
				'first-variable': 'FIGURE',
				'first-unset': 'UNSET_FIGURE',
				'is-image-missing': false,
			});
			expect((await look('service.drift', 'db')).values).toMatchObject({
				image: 'shop/none:1',
				'is-image-missing': true,
			});
			const changes = await look('stack.changes');
			expect(changes.values).toMatchObject({'is-unapplied': true});
			expect(changes.values['last-commit']).toContain('Serve faster');
			await writeFile(join(project.folder, 'compose.yaml'), 'services:\n  app:\n   - x: [\n');
			const {values} = await look('compose.config');
			expect(values).toMatchObject({'is-file-there': true, 'is-valid': false, kind: 'syntax'});
			expect(values['error-line']).toBeGreaterThan(0);
			await project.write(services('one'));
		});

		test('a container that is gone is a finding, and no password was ever shown', async () => {
			await docker(['rm', '--force', await project.id('local')]);
			expect((await look('service.state', 'local')).values).toMatchObject({
				name: 'local',
				'is-there': false,
				state: 'gone',
			});
			const ids = [
				'usage',
				'exits',
				'log',
				'environment',
				'dependencies',
				'ports',
				'image',
			] as const;
			for (const id of ids) {
				const {lines = []} = await look(`service.${id}`, 'local');
				expect(lines.join()).toMatch(/no such container|does not run/);
			}

			expect((await look('service.drift', 'local')).values).toMatchObject({
				'is-in-file': true,
				'is-changed': undefined,
			});
			expect(seenTexts.join('\n')).not.toContain('canary');
		});
	},
);
