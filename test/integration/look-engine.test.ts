import {describe, expect, onTestFinished, test} from 'vitest';
import type {Container} from '../../src/domain/containers.ts';
import {isLogLimited, ownerOfPath} from '../../src/looks/host/path-owner.ts';
import {ownerOfProcess} from '../../src/looks/host/process-place.ts';
import {startSettings} from '../../src/domain/redis-start.ts';
import {objectOf, textOf} from '../../src/domain/unknown.ts';
import {readStart} from '../../src/looks/redis/start-now.ts';
import {docker} from '../lab/docker.ts';
import {ensureBusybox} from '../lab/images.ts';
import {label, runId} from '../lab/run-id.ts';
import {dockerIo} from '../support/io.ts';
import {liveFacts, readLook} from '../support/live-look.ts';
import {prepareEngine} from '../support/prepare-engine.ts';
import {requireComponent, titleWith} from '../support/require-component.ts';
import {container} from '../support/state.ts';
import {waitFor} from '../support/wait.ts';

const component = await requireComponent('docker', prepareEngine);

describe.skipIf(component.missing !== undefined)(titleWith(component, 'looks at an engine'), () => {
	const io = dockerIo();

	/** A container of busybox; removed with the test. */
	async function start(options: readonly string[], ...command: readonly string[]) {
		const image = await ensureBusybox();
		const id = await docker([
			...['run', '--detach', '--label', `${label}=${runId()}`, '--network', 'none'],
			...options,
			image,
			...command,
		]);
		onTestFinished(async () => {
			await docker(['rm', '--force', '--volumes', id]);
		});
		const inspection = objectOf(
			await io.docker.get(`/containers/${id}/json`, AbortSignal.timeout(10_000)),
		);
		const name = textOf(inspection['Name']).slice(1);
		const known: Container = {...container('app'), id, name};
		return {id, inspection, known, facts: liveFacts({io, containers: [known]})};
	}

	test('says that it answers, or why not', async () => {
		const there = await readLook('docker.engine', liveFacts({io}));
		expect(there.values).toMatchObject({answers: true, failure: 'none'});
		expect(there.values.version).toBeDefined();
		expect(there.values.containers).toBeGreaterThanOrEqual(0);
		const nowhere = dockerIo('unix:///nonexistent/docker.sock');
		const gone = await readLook('docker.engine', liveFacts({io: nowhere}));
		expect(gone.values).toMatchObject({answers: false, failure: 'not-running'});
		expect(gone.lines).toHaveLength(1);
	});

	test('names the container of a process, a layer and a log', async () => {
		const {id, inspection, known, facts} = await start(
			['--log-opt', 'max-size=1m'],
			...['sleep', '86400'],
		);
		const {Pid: pid} = objectOf(inspection['State']);
		expect(await ownerOfProcess(Number(pid), facts)).toEqual({
			container: known.name,
			unit: undefined,
			isStack: true,
		});
		const log = textOf(inspection['LogPath']);
		expect(await ownerOfPath(log, facts)).toBe(known.name);
		expect(await isLogLimited(log, facts)).toBe(true);
		const layer = textOf(objectOf(objectOf(inspection['GraphDriver'])['Data'])['UpperDir']);
		if (layer.includes('/overlay2/')) {
			expect(await ownerOfPath(`${layer}/var/cache`, facts)).toBe(known.name);
		}

		expect(await ownerOfPath(`/var/lib/docker/volumes/shop_data/_data`, facts)).toBe('shop_data');
		expect(await ownerOfPath('/home/ops', facts)).toBeUndefined();
		const gone = {...facts, containers: []};
		expect(await ownerOfPath(log, gone)).toBe(id.slice(0, 12));
	});

	test('tells what a limit of memory has killed', async () => {
		const {known, facts} = await start(
			['--memory', '8m', '--memory-swap', '8m'],
			...['tail', '/dev/zero'],
		);
		await waitFor(async () => {
			const state = await docker(['inspect', '--format', '{{.State.Status}}', known.id]);
			return state.trim() === 'exited' || undefined;
		});
		const {values, lines} = await readLook('host.kernel', facts);
		expect(values['oom-kills-since-boot']).toBeGreaterThan(0);
		// Not every host shows its messages to tests.
		if (values['is-readable'] !== true) return;
		expect(values).toMatchObject({'oom-is-limit': true});
		expect(values['oom-kills']).toBeGreaterThan(0);
		expect(lines.join('\n')).toContain('Memory cgroup out of memory');
		const own = await readLook('service.kernel', {...facts, scope: {container: known.key}});
		expect(own.values).toMatchObject({'oom-victim': 'tail', 'oom-is-limit': true});
	});

	test('reads the start settings of a server from its container', async () => {
		const {known, facts} = await start(['--entrypoint', 'sh'], '-c', 'sleep 86400');
		const target = {
			id: 'redis',
			origin: 'container',
			container: {containerId: known.id, containerName: known.name},
			host: '172.18.0.2',
			port: 6379,
			tls: 'off',
		} as const;
		expect(await readStart(facts, target, '')).toBeUndefined();
		expect(startSettings(['redis-server', '--maxmemory', '1gb'], undefined)).toEqual(
			new Map([['maxmemory', '1gb']]),
		);
	});
});
