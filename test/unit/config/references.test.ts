import {expect, test} from 'vitest';
import {createMachine, errorsOf, settingsOf} from './support.ts';

test('variables, defaults, files and escapes are replaced', async () => {
	const machine = await createMachine();
	await machine.write('here/name.txt', 'from file\n');
	await machine.write('here/password', 'canary\n');
	await machine.write(
		'here/opsconsole.yaml',
		[
			'title: "${A} ${B:-b} ${file:name.txt} $${A}"',
			'read_only: ${YES}',
			'postgres:',
			'  - {id: a, host: "${HOST_A}", port: "${PORT}", password: "${file:password}"}',
			'  - {id: b, host: b, password: "${DIGITS}"}',
			'  - {id: c, host: c, password_file: password}',
		].join('\n'),
	);
	const environment = {A: 'a', YES: 'true', HOST_A: 'db1', PORT: '5433', DIGITS: '12345'};
	const settings = settingsOf(await machine.load({environment}));
	expect(settings.title).toBe('a b from file ${A}');
	expect(settings.isReadOnly).toBe(true);
	expect(settings.postgres).toMatchObject([{host: 'db1', port: 5433}, {id: 'b'}, {id: 'c'}]);
	expect(settings.postgres.map(({password}) => password?.reveal())).toEqual([
		'canary',
		'12345',
		'canary',
	]);
	expect(JSON.stringify(settings)).not.toMatch(/canary|12345/);
});

test('every missing or empty reference is named with its place', async () => {
	const machine = await createMachine();
	await machine.write('here/empty', '\n');
	await machine.write(
		'here/opsconsole.yaml',
		[
			'title: ${MISSING}',
			'redis:',
			'  - {id: a, host: a, password: "${file:nowhere}"}',
			'  - {id: b, host: b, password: "${EMPTY}"}',
			'  - {id: c, host: c, password_file: empty}',
			'links: [{title: a, url: "${not a name}"}, {title: b, url: "http://x/${"}]',
		].join('\n'),
	);
	const lines = errorsOf(await machine.load({environment: {EMPTY: ''}}));
	expect(lines.map(line => line.replaceAll(machine.folder, ''))).toEqual([
		'1:8: title: expected the environment variable MISSING to be set',
		'3:32: redis[0].password: expected a readable file /here/nowhere (ENOENT)',
		'4:32: redis[1].password: expected the environment variable EMPTY to be set',
		'6:25: links[0].url: expected a reference ${NAME}, ${NAME:-default} or ${file:/path}; $${ for the text ${ itself',
		'6:59: links[1].url: expected a reference ${NAME}, ${NAME:-default} or ${file:/path}; $${ for the text ${ itself',
		'5:5: password_file: expected a file /here/empty that is not empty',
	]);
});

test('the value of a reference is never printed', async () => {
	const machine = await createMachine();
	await machine.write(
		'here/opsconsole.yaml',
		'refresh: ${CANARY}\nlinks: [{title: a, url: "${CANARY}"}]\nenvironment: ${CANARY}\n',
	);
	const lines = errorsOf(await machine.load({environment: {CANARY: 'hush-hush'}}));
	expect(lines).toHaveLength(3);
	expect(lines.join()).not.toContain('hush');
	expect(lines[0]).toContain('got "${CANARY}"');
});

test('names of every object are no variables', async () => {
	const machine = await createMachine();
	await machine.write('here/opsconsole.yaml', 'title: "${toString}${__proto__}"\n');
	expect(errorsOf(await machine.load())).toHaveLength(2);
});

test.each([0o644, 0o640, 0o604, 0o602])(
	'a secret file of mode %o is named and makes the console read-only',
	async mode => {
		const machine = await createMachine();
		const file = await machine.write('here/password', 'canary', mode);
		for (const text of ['password_file: password', 'password: "${file:password}"']) {
			await machine.write('here/opsconsole.yaml', `redis: [{id: a, host: a, ${text}}]\n`);
			const settings = settingsOf(await machine.load());
			expect(settings.isReadOnly).toBe(true);
			expect(settings.redis[0]?.password?.reveal()).toBe('canary');
			const params = {file, mode: `0${mode.toString(8)}`};
			expect(settings.problems).toEqual([
				{code: 'config-secret-readable', params, retry: 'rarely'},
			]);
		}
	},
);

test('a password written into a file that others can read is named', async () => {
	const machine = await createMachine();
	const file = await machine.write(
		'here/opsconsole.yaml',
		'redis: [{id: a, host: a, password: canary}]\n',
		0o644,
	);
	const {problems} = settingsOf(await machine.load());
	expect(problems).toMatchObject([
		{code: 'config-secret-in-file', params: {place: `${file}:1:26 (redis[0].password)`}},
	]);
	expect(JSON.stringify(problems)).not.toContain('canary');
});

test('a reference to a pipe or a folder is refused, not waited for', async () => {
	const machine = await createMachine();
	await machine.write('here/opsconsole.yaml', 'title: "${file:/dev/null}${file:/tmp}"\n');
	const lines = errorsOf(await machine.load());
	expect(lines).toEqual([
		'1:8: title: expected a readable file /dev/null (ENOTREG)',
		'1:8: title: expected a readable file /tmp (ENOTREG)',
	]);
});
