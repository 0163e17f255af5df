import {describe, expect, test} from 'vitest';
import {
	composeChanges,
	composeHashes,
	composeServices,
	networksOf,
	unsetVariables,
} from '../../../src/domain/compose-config.ts';
import {candidatePaths, composeArgv, composePlace} from '../../../src/domain/compose-place.ts';

// As Compose 1.29.2 and 2.26.1 label their containers.
const first = {
	'com.docker.compose.config-hash': 'de78138b444c',
	'com.docker.compose.container-number': '2',
	'com.docker.compose.oneoff': 'False',
	'com.docker.compose.project': 'shop',
	'com.docker.compose.project.config_files': 'compose.yaml,more.yaml',
	'com.docker.compose.project.working_dir': '/opt/shop',
	'com.docker.compose.service': 'web',
	'com.docker.compose.version': '1.29.2',
};
const second = {
	...first,
	'com.docker.compose.project.config_files': '/opt/shop/compose.yaml',
	'com.docker.compose.project.environment_file': '/opt/shop/prod.env',
	'com.docker.compose.version': '2.26.1',
	'com.docker.compose.depends_on': 'cache:service_started:false,db:service_healthy:false',
};

test('labels of both generations are understood', () => {
	expect(composePlace(first)).toEqual({
		project: 'shop',
		service: 'web',
		number: 2,
		generation: 1,
		folder: '/opt/shop',
		files: ['compose.yaml', 'more.yaml'],
		environmentFiles: [],
		hash: 'de78138b444c',
		dependsOn: [],
		isOneOff: false,
	});
	expect(composePlace(second)).toMatchObject({
		generation: 2,
		files: ['/opt/shop/compose.yaml'],
		environmentFiles: ['/opt/shop/prod.env'],
		dependsOn: [
			{service: 'cache', condition: 'service_started'},
			{service: 'db', condition: 'service_healthy'},
		],
	});
	expect(composePlace({})).toBeUndefined();
});

test('a relative file is looked for in the folder of the project and nowhere else', () => {
	expect(candidatePaths('/opt/shop', '/etc/a.yaml')).toEqual(['/etc/a.yaml']);
	expect(candidatePaths('/opt/shop', 'a.yaml')).toEqual(['/opt/shop/a.yaml']);
	expect(candidatePaths('/opt/shop', 'shop/a.yaml')).toEqual([
		'/opt/shop/shop/a.yaml',
		'/opt/shop/a.yaml',
	]);
	expect(candidatePaths('', 'a.yaml')).toEqual([]);
	expect(candidatePaths('/opt/shop', '-')).toEqual([]);
});

test('a command names project, folder and every file', () => {
	const project = {
		project: 'shop',
		folder: '/opt/shop',
		files: ['/opt/shop/a.yaml', '/opt/shop/b.yaml'],
		environmentFiles: ['/opt/shop/e'],
	};
	expect(composeArgv({generation: 2, argv: ['docker', 'compose']}, project, ['config'])).toEqual(
		(
			'docker compose --project-name shop --project-directory /opt/shop ' +
			'--file /opt/shop/a.yaml --file /opt/shop/b.yaml --env-file /opt/shop/e config'
		).split(' '),
	);
});

test('hashes and unset variables are read from what either generation prints', () => {
	const hash = 'a'.repeat(64);
	expect(composeHashes(`db ${hash}\nweb ${hash}\nwarning\n`)).toEqual(
		new Map([
			['db', hash],
			['web', hash],
		]),
	);
	const old = 'The A_VALUE variable is not set. Defaulting to a blank string.';
	const now = String.raw`time="x" level=warning msg="The \"B_VALUE\" variable is not set. Defaulting to a blank string."`;
	expect(unsetVariables(`${old}\n${now}\n${old}`)).toEqual(['A_VALUE', 'B_VALUE']);
	expect(unsetVariables('the attribute `version` is obsolete')).toEqual([]);
});

test.each([
	['8080:80', [8080]],
	['127.0.0.1:8080:80/tcp', [8080]],
	['[::1]:8080:80', [8080]],
	['127.0.0.1::80/tcp', []],
	['80', []],
	['8000-8010:80', []],
	[{published: '8080', target: 80}, [8080]],
	[{published: 8080, target: 80}, [8080]],
	[{published: '8000-8010', target: 80}, []],
	[{target: 80}, []],
])('port %j is fixed to %j', (port, fixedPorts) => {
	const services = composeServices({services: {web: {ports: [port]}}});
	expect(services.get('web')?.fixedPorts).toEqual(fixedPorts);
});

describe('what `up` would change', () => {
	const services = composeServices({
		services: {
			web: {
				image: 'shop:1',
				command: ['run', '$$HOME'],
				environment: {KEPT: 'same', CHANGED: 'new', PRICE: '$$5', FROM_SHELL: null, NUMBER: 7},
				depends_on: {db: {condition: 'service_healthy'}},
			},
			db: {depends_on: ['a'], environment: ['X=1=2', 'Y']},
		},
	});
	const web = services.get('web');
	const inspection = {
		Image: 'sha256:1',
		Config: {
			Cmd: ['run', '$HOME'],
			Env: ['KEPT=same', 'CHANGED=old', 'PRICE=$5', 'NUMBER=7', 'GONE=1', 'PATH=/bin'],
		},
	};
	const image = {Config: {Env: ['PATH=/bin']}};

	test('both ways of writing are read', () => {
		expect(web?.dependsOn).toEqual(['db']);
		expect(services.get('db')).toMatchObject({
			dependsOn: ['a'],
			environment: new Map([
				['X', '1=2'],
				['Y', null],
			]),
		});
	});

	test('is told by names, never by values', () => {
		if (web === undefined) throw new Error('no service');
		const facts = {inspection, image, newImageId: 'sha256:2', isSameHash: false};
		const changes = composeChanges(web, facts);
		expect(changes).toEqual([
			{what: 'image', detail: 'shop:1'},
			{what: 'environment', detail: 'CHANGED'},
			{what: 'environment', detail: 'GONE'},
		]);
		expect(composeChanges(web, {...facts, newImageId: 'sha256:1', isSameHash: true})).toEqual([]);
	});

	test('is called other where nothing of it can be named', () => {
		if (web === undefined) throw new Error('no service');
		const Config = {
			Cmd: ['run', '$HOME'],
			Env: ['KEPT=same', 'CHANGED=new', 'PRICE=$5', 'NUMBER=7'],
		};
		const facts = {inspection: {Image: 'x', Config}, image, isSameHash: false};
		expect(composeChanges(web, facts)).toEqual([{what: 'other', detail: ''}]);
		const other = {...Config, Cmd: ['else']};
		expect(composeChanges(web, {...facts, inspection: {Config: other}})).toEqual([
			{what: 'command', detail: ''},
		]);
	});
});

test('the networks that a container is to be in; none of its own in that of the host', () => {
	const inspection = (mode: string, networks: object) => ({
		HostConfig: {NetworkMode: mode},
		NetworkSettings: {Networks: networks},
	});
	expect(networksOf(inspection('shop_default', {shop_default: {NetworkID: 'abc'}}))).toEqual([
		{name: 'shop_default', id: 'abc'},
	]);
	expect(networksOf(inspection('shop_default', {}))).toEqual([]);
	expect(networksOf(inspection('host', {host: {}}))).toBeUndefined();
	expect(networksOf(inspection('container:abc', {}))).toBeUndefined();
});
