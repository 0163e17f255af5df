import {readFile, stat, symlink, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {renderInitFile, writeInitFile} from '../../../config/init.ts';
import type {Container} from '../../../src/domain/containers.ts';
import {secret} from '../../../src/domain/secret.ts';
import {noTargets, type ContainerRef, type Targets} from '../../../src/domain/targets.ts';
import {createMachine, settingsOf} from './support.ts';

const facts = {hostname: 'web-1', day: '2026-11-21'};

function refTo(service: string): ContainerRef {
	return {
		containerId: `id-${service}`,
		containerName: `shop-${service}-1`,
		project: 'shop',
		service,
	};
}

function container(service: string, ports: Container['ports'] = []): Container {
	return {
		id: `id-${service}`,
		key: `shop/${service}/1`,
		name: `shop-${service}-1`,
		project: 'shop',
		service,
		number: 1,
		image: 'image',
		imageId: 'sha256:0',
		command: '',
		state: 'running',
		health: 'none',
		restartCount: 0,
		recentRestarts: 0,
		isCrashLooping: false,
		oomKilled: false,
		createdAtMs: 0,
		ports,
		addresses: [],
		isInspected: true,
	};
}

const containers = [
	container('app', [{containerPort: 8000, hostPort: 18_000, protocol: 'tcp'}]),
	container('db'),
	container('redis'),
];

const targets: Targets = {
	postgres: [
		{
			id: 'db',
			origin: 'container',
			container: refTo('db'),
			host: '172.18.0.3',
			port: 5432,
			database: 'shop',
			user: 'shop',
			password: secret('canary-1'),
			tls: 'off',
		},
		{
			id: 'host 5432',
			origin: 'host',
			host: '/var/run/postgresql',
			port: 5432,
			database: 'postgres',
			user: 'postgres',
			password: secret('canary-2'),
			tls: 'off',
		},
	],
	redis: [
		{
			id: 'redis',
			origin: 'container',
			container: refTo('redis'),
			host: '172.18.0.4',
			port: 6379,
			password: secret('canary-3'),
			tls: 'off',
		},
	],
	endpoints: [
		{id: 'app', origin: 'container', container: refTo('app'), url: 'http://127.0.0.1:18000/health'},
		{id: 'app', origin: 'host', url: 'http://me:canary-4@localhost:9000/?token=canary-5'},
	],
	logs: [
		{
			id: 'access',
			service: 'nginx',
			format: 'nginx',
			from: {kind: 'file', path: '/var/log/nginx/access.log'},
		},
		{
			id: 'db',
			service: 'db',
			format: 'postgres',
			from: {kind: 'container', container: refTo('db')},
		},
	],
	backups: [
		{
			id: 'database',
			kind: 'database',
			folder: '/var/backups/shop',
			pattern: '*.sql.gz',
			maxAgeMs: 93_600_000,
			schedule: '0 2 * * *',
			keepDays: 7,
			provenance: 'found',
		},
	],
	missing: [
		{
			area: 'redis',
			name: 'cache\nevil: 1',
			problem: {code: 'unexpected', params: {}, retry: 'soon'},
		},
	],
};

test('what is written validates and says the same again', async () => {
	const machine = await createMachine();
	await machine.write('here/opsconsole.yaml', renderInitFile(targets, containers, facts));
	const loaded = await machine.load({
		environment: {
			OPSCONSOLE_POSTGRES_HOST_5432_PASSWORD_FILE: await machine.write('password', 'x'),
		},
	});
	const settings = settingsOf(loaded);
	expect(settings.problems).toEqual([]);
	expect(settings.environment).toEqual({kind: 'unknown', name: 'web-1'});
	expect(settings.docker.projects).toEqual(['shop']);
	expect(settings.services.map(({name, port}) => [name, port])).toEqual([
		['app', 8000],
		['db', undefined],
		['redis', undefined],
	]);
	expect(settings.hints).toMatchObject({
		postgres: [{id: 'db', service: 'db', project: 'shop', database: 'shop', user: 'shop'}],
		redis: [{id: 'redis', service: 'redis', project: 'shop'}],
		endpoints: [{id: 'app', service: 'app', scheme: 'http', port: 8000, path: '/health'}],
		logs: [{id: 'db', service: 'db', format: 'postgres'}],
	});
	expect(settings.postgres).toMatchObject([{id: 'host-5432', host: '/var/run/postgresql'}]);
	expect(settings.endpoints).toMatchObject([{id: 'app-2', url: 'http://localhost:9000/'}]);
	expect(settings.backups).toMatchObject([
		{folder: '/var/backups/shop', maxAgeMs: 93_600_000, keepDays: 7},
	]);
});

test('no secret is written, and no name breaks out of its line', () => {
	const text = renderInitFile(targets, containers, facts);
	expect(text).not.toMatch(/canary|^evil/m);
	expect(text).toContain('# password_file: /etc/opsconsole/host-5432.password');
});

test('a bare host gives a file that validates', async () => {
	const machine = await createMachine();
	await machine.write('here/opsconsole.yaml', renderInitFile(noTargets, [], facts));
	expect(settingsOf(await machine.load()).problems).toEqual([]);
});

test.each(['a: b', '${HOME}', '- x', "it's", '#c', 'null', '日本\u001b[31m', '{}', '"', '\\'])(
	'the hostname %j does no harm',
	async hostname => {
		const machine = await createMachine();
		await machine.write(
			'here/opsconsole.yaml',
			renderInitFile(noTargets, [], {...facts, hostname}),
		);
		const {environment} = settingsOf(await machine.load());
		expect(environment.name).toBe(hostname.replace('\u001b', '\\x1b'));
	},
);

test('the file is made with mode 0600, an existing one is refused unless told', async () => {
	const {folder} = await createMachine();
	const path = join(folder, 'new/opsconsole.yaml');
	await writeInitFile(path, 'one\n');
	expect((await stat(path)).mode & 0o777).toBe(0o600);
	await expect(writeInitFile(path, 'two\n')).rejects.toMatchObject({code: 'EEXIST'});
	expect(await readFile(path, 'utf8')).toBe('one\n');
	await writeInitFile(path, 'two\n', true);
	expect(await readFile(path, 'utf8')).toBe('two\n');
});

test('a link in its place is never written through', async () => {
	const {folder} = await createMachine();
	const victim = join(folder, 'victim');
	const path = join(folder, 'opsconsole.yaml');
	await writeFile(victim, 'kept\n');
	await symlink(victim, path);
	await expect(writeInitFile(path, 'new\n')).rejects.toMatchObject({code: 'EEXIST'});
	await writeInitFile(path, 'new\n', true);
	expect(await readFile(victim, 'utf8')).toBe('kept\n');
	expect(await readFile(path, 'utf8')).toBe('new\n');
});
