import {execFileSync} from 'node:child_process';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {expect, test} from 'vitest';
import {defaultRules} from '../../../config/defaults.ts';
import {createMachine, errorsOf, settingsOf} from './support.ts';

test('without any file the defaults hold and the environment is unknown', async () => {
	const machine = await createMachine();
	const settings = settingsOf(await machine.load());
	expect(settings).toMatchObject({
		environment: {kind: 'unknown', name: ''},
		language: 'en',
		refreshMs: 2000,
		isReadOnly: false,
		docker: {isEnabled: true},
		discovery: {isEnabled: true},
		services: [],
		files: [],
		problems: [],
	});
	expect(settings.rules).toEqual(defaultRules);
});

test('without any file neither the parser nor the schema is loaded', () => {
	const load = fileURLToPath(new URL('../../../config/load.ts', import.meta.url));
	const script = `
		import {registerHooks} from 'node:module';
		const seen = [];
		registerHooks({resolve(name, context, next) { seen.push(name); return next(name, context); }});
		const {loadSettings} = await import(${JSON.stringify(load)});
		await loadSettings({flags: {}, environment: {HOME: '/nonexistent'}, profilesFolder: '/nonexistent'});
		console.log(seen.filter(name => name === 'yaml' || name === 'valibot').length);
	`;
	const output = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
		cwd: '/',
		encoding: 'utf8',
	});
	expect(output.trim()).toBe('0');
});

// Each row adds a layer; from there on its title wins.
const layers = [
	{name: 'profile', file: undefined},
	{name: '/etc', file: 'etc/opsconsole/opsconsole.yaml'},
	{name: 'user', file: 'home/.config/opsconsole/opsconsole.yaml'},
	{name: 'current folder', file: 'here/opsconsole.yaml'},
] as const;

test.each(layers.map((layer, index) => [layer.name, index] as const))(
	'the %s layer wins over those below',
	async (_, top) => {
		const machine = await createMachine();
		for (const layer of layers.slice(1, top + 1)) {
			await machine.write(layer.file ?? '', `title: ${layer.name}\n`);
		}

		const settings = settingsOf(await machine.load({flags: {system: 'fund-calc'}}));
		expect(settings.title).toBe(top === 0 ? 'Fund Calc' : layers[top]?.name);
		expect(settings.files).toHaveLength(top + 1);
	},
);

test('variables win over files, flags over variables, secret files over both', async () => {
	const machine = await createMachine();
	await machine.write(
		'here/opsconsole.yaml',
		'language: zh\nrefresh: 5s\nredis: [{id: main-cache, host: a, password: one}]\n',
	);
	const password = async (environment: Readonly<Record<string, string>>) =>
		settingsOf(await machine.load({environment})).redis[0]?.password?.reveal();
	const environment = {
		OPSCONSOLE_LANG: 'en',
		OPSCONSOLE_REFRESH: '3s',
		OPSCONSOLE_READ_ONLY: 'yes',
	};
	expect(settingsOf(await machine.load())).toMatchObject({language: 'zh', refreshMs: 5000});
	expect(settingsOf(await machine.load({environment}))).toMatchObject({
		language: 'en',
		refreshMs: 3000,
		isReadOnly: true,
	});
	expect(settingsOf(await machine.load({environment, flags: {refresh: '2s'}})).refreshMs).toBe(
		2000,
	);
	const file = await machine.write('secret', 'three\n');
	expect(await password({})).toBe('one');
	expect(await password({OPSCONSOLE_REDIS_MAIN_CACHE_PASSWORD: 'two'})).toBe('two');
	expect(
		await password({
			OPSCONSOLE_REDIS_MAIN_CACHE_PASSWORD: 'two',
			OPSCONSOLE_REDIS_MAIN_CACHE_PASSWORD_FILE: file,
		}),
	).toBe('three');
});

test('with --config or OPSCONSOLE_CONFIG only that file is read', async () => {
	const machine = await createMachine();
	await machine.write('here/opsconsole.yaml', 'title: usual\nread_only: true\n');
	const other = await machine.write('other.yaml', 'language: zh\n');
	for (const options of [
		{flags: {config: other}},
		{environment: {OPSCONSOLE_CONFIG: '../other.yaml'}},
	]) {
		const settings = settingsOf(await machine.load(options));
		expect(settings).toMatchObject({language: 'zh', isReadOnly: false, files: [other]});
		expect(settings.title).toBeUndefined();
	}

	const absent = await machine.load({flags: {config: '/nonexistent/a.yaml'}});
	expect(errorsOf(absent)).toEqual([
		'/nonexistent/a.yaml: expected a readable file /nonexistent/a.yaml (ENOENT)',
	]);
});

test('XDG_CONFIG_HOME names the folder of the user file', async () => {
	const machine = await createMachine();
	const file = await machine.write('xdg/opsconsole/opsconsole.yaml', 'title: x\n');
	const settings = settingsOf(
		await machine.load({environment: {XDG_CONFIG_HOME: join(machine.folder, 'xdg')}}),
	);
	expect(settings.files).toEqual([file]);
});

test('entries are merged by id, replaced ways go, enabled: false takes them out', async () => {
	const machine = await createMachine();
	await machine.write(
		'here/opsconsole.yaml',
		[
			'services: [{name: loki, enabled: false}, {name: worker}]',
			'postgres: [{id: db, host: 10.0.0.5, user: monitor}]',
			'endpoints: [{id: app, path: /ready}]',
			'backups: [{id: database, folder: /srv/backups}]',
		].join('\n'),
	);
	const settings = settingsOf(await machine.load({flags: {system: 'football-prediction'}}));
	expect(settings.services.map(({name}) => name)).toEqual([
		'nginx',
		'app',
		'db',
		'redis',
		'prometheus',
		'grafana',
		'worker',
	]);
	expect(settings.postgres).toMatchObject([
		{id: 'db', host: '10.0.0.5', user: 'monitor', database: 'football_prediction'},
	]);
	expect(settings.hints?.postgres).toEqual([]);
	expect(settings.hints?.endpoints.find(({id}) => id === 'app')).toMatchObject({
		service: 'app',
		port: 8000,
		path: '/ready',
	});
	expect(settings.backups[0]).toMatchObject({
		folder: '/srv/backups',
		pattern: 'db_backup_*.sql.gz',
		provenance: 'H1-09',
	});
});

test('thresholds are merged by metric and subject, key by key, with the last provenance', async () => {
	const machine = await createMachine();
	const file = await machine.write(
		'here/opsconsole.yaml',
		[
			'thresholds:',
			'  host.cpu: {crit: 85}',
			'  host.disk: [{subject: /backup, warn: 50%}]',
			'  redis.memory-used: {warn: 512MiB, crit: 1GB}',
			'  postgres.longest-query: {warn: 30s, crit: 1h}',
			'  endpoint.certificate-days: {warn: 2w}',
			'  redis.ping: off',
			'  host.swap: {crit: off}',
		].join('\n'),
	);
	const {rules} = settingsOf(await machine.load({flags: {system: 'football-prediction'}}));
	const rule = (id: string) => rules.find(candidate => candidate.id === id);
	expect(rule('host.cpu')).toMatchObject({
		warn: 80,
		crit: 85,
		forMs: 600_000,
		provenance: `${file}:2`,
	});
	expect(rule('host.disk')).toMatchObject({warn: 90, crit: 95, provenance: 'H1-03'});
	expect(rule('host.disk:/backup')).toMatchObject({
		subject: '/backup',
		warn: 50,
		provenance: `${file}:3`,
	});
	expect(rule('redis.memory-used')).toMatchObject({warn: 512 * 1024 ** 2, crit: 1e9});
	expect(rule('postgres.longest-query')).toMatchObject({warn: 30, crit: 3600});
	expect(rule('endpoint.certificate-days')).toMatchObject({warn: 14, crit: 7, direction: 'below'});
	expect(rule('redis.ping')).toBeUndefined();
	expect(rule('host.swap')).toMatchObject({warn: 50});
	expect(rule('host.swap')).not.toHaveProperty('crit');
});

test('wrong variables and flags are named, all at once', async () => {
	const machine = await createMachine();
	const loaded = await machine.load({
		flags: {system: 'fund-cal', environment: 'prod'},
		environment: {OPSCONSOLE_LANG: 'fr', OPSCONSOLE_REFRESH: '9h'},
	});
	expect(errorsOf(loaded)).toEqual([
		'OPSCONSOLE_LANG: expected one of en, zh; got "fr"',
		'OPSCONSOLE_REFRESH: expected a duration between 200ms and 1m; got "9h"',
		'--system: expected one of football-prediction, learning-platform, stock-analysis, app-example, fund-calc; got "fund-cal"; did you mean fund-calc?',
		'--environment: expected one of production, staging, test, development, unknown; got "prod"',
	]);
});

test('a variable with a slip of the finger is a problem', async () => {
	const machine = await createMachine();
	const {problems} = settingsOf(
		await machine.load({
			environment: {OPSCONSOLE_ENVIROMENT: 'test', OPSCONSOLE_REDIS_A_PASSWORD: 'x'},
		}),
	);
	expect(problems).toEqual([
		{
			code: 'config-stray-variable',
			params: {name: 'OPSCONSOLE_ENVIROMENT', nearest: 'OPSCONSOLE_ENVIRONMENT'},
			retry: 'rarely',
		},
	]);
});

test('the Docker variables count as for the docker command', async () => {
	const machine = await createMachine();
	const both = {DOCKER_HOST: 'tcp://127.0.0.1:1', DOCKER_CONTEXT: 'remote'};
	expect(settingsOf(await machine.load({environment: both})).docker).toEqual({
		isEnabled: true,
		host: both.DOCKER_HOST,
	});
	expect(
		settingsOf(await machine.load({environment: {DOCKER_CONTEXT: 'remote'}})).docker.context,
	).toBe('remote');
});

test.each([
	[{LANG: 'zh_CN.UTF-8'}, 'zh'],
	[{LC_ALL: 'C', LANG: 'zh_CN.UTF-8'}, 'en'],
	[{LANG: 'de_DE'}, 'en'],
])('the language of %o is %s', async (environment, language) => {
	const machine = await createMachine();
	expect(settingsOf(await machine.load({environment})).language).toBe(language);
});

test('sets of files', async () => {
	const machine = await createMachine();
	const text = 'file_sets:\n  - {id: web, folder: /srv/web/, paths: [.env*], max_bytes: 10MB}\n';
	await machine.write('here/opsconsole.yaml', text);
	expect(settingsOf(await machine.load()).fileSets).toEqual([
		{id: 'web', folder: '/srv/web', paths: ['.env*'], maxBytes: 10_000_000},
	]);
});
