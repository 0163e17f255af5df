import {mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, expect, test} from 'vitest';

import {noTargets} from '../../src/domain/targets.ts';
import {formatDoctor, runDoctor} from '../../src/engine/doctor.ts';
import {createClock} from '../../src/io/clock.ts';
import {createDocker} from '../../src/io/docker.ts';
import type {Io} from '../../src/io/io.ts';
import {localIo} from '../support/io.ts';
import {settingsOf} from '../support/settings.ts';

const signal = new AbortController().signal;
let folder = '';
beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'opsconsole-doctor-'));
	await writeFile(join(folder, 'app.log'), 'line\n');
	await writeFile(join(folder, 'opsconsole.yaml'), '', {mode: 0o600});
});
afterAll(() => rm(folder, {recursive: true}));

/** This machine with the engine at an address. */
function ioAt(environment: Io['environment']): Io {
	return localIo({environment, docker: createDocker({environment, clock: createClock()})});
}

/** Targets and settings in the test's folder. */
async function check(io: Io) {
	return await runDoctor(
		io,
		settingsOf({files: [join(folder, 'opsconsole.yaml')]}),
		{
			...noTargets,
			logs: [
				{
					id: 'app',
					service: 'app',
					format: 'auto',
					from: {kind: 'file', path: join(folder, 'app.log')},
				},
			],
			backups: [
				{
					id: 'database',
					kind: 'database',
					folder: join(folder, 'none'),
					pattern: '*',
					maxAgeMs: 1,
					provenance: 'H1-01',
				},
			],
		},
		signal,
	);
}

test('this machine: files, configuration and what is missing', async () => {
	const checks = await check(ioAt({...process.env, DOCKER_HOST: `unix://${folder}/none.sock`}));
	const outcomes = Object.fromEntries(checks.map(({id, outcome}) => [id, outcome]));
	expect(outcomes).toMatchObject({
		docker: 'missing',
		'log:app': 'ok',
		'backups:database': 'missing',
		[`config:${folder}/opsconsole.yaml`]: 'ok',
		node: 'ok',
	});
	expect(checks.find(({id}) => id === 'docker')?.command).toBe('sudo systemctl start docker');
	for (const language of ['en', 'zh'] as const) {
		const text = formatDoctor(checks, language);
		expect(text).toContain('$ sudo systemctl start docker');
		expect(text).not.toMatch(/\{\w+\}|undefined|NaN/);
	}
});

test('the engine of this machine', async context => {
	const io = ioAt(process.env);
	const reachable = await io.docker.version(signal).then(
		() => true,
		() => false,
	);
	if (!reachable && process.env['CI'] !== 'true') context.skip('no Docker engine here');
	const docker = (await check(io)).find(({id}) => id === 'docker');
	const {version} = await io.docker.version(signal);
	expect(docker).toMatchObject({outcome: 'ok'});
	expect(docker?.found.en).toContain(version);
});
