import {afterAll, afterEach, beforeAll, describe, expect, test} from 'vitest';

import {containerDetailSource} from '../../src/sources/container-detail.ts';
import {containerUsageSource} from '../../src/sources/container-usage.ts';
import {docker} from '../lab/docker.ts';
import {followContainers, type Following} from '../support/follow.ts';
import {dockerIo} from '../support/io.ts';
import {titleWith} from '../support/require-component.ts';
import {createSandbox, requireEngine, type Sandbox} from '../support/sandbox.ts';
import {waitFor} from '../support/wait.ts';

const engine = await requireEngine();
const never = new AbortController().signal;

describe.skipIf(engine.missing !== undefined)(
	titleWith(engine, 'containers of a real engine'),
	() => {
		let sandbox: Sandbox;
		let following: Following | undefined;
		beforeAll(async () => {
			sandbox = await createSandbox();
		});
		afterEach(() => following?.stop());
		afterAll(() => sandbox.remove());

		const start = (name: string, options: readonly string[], script: string) =>
			sandbox.start(name, options, ['sh', '-c', script]);
		const name = (short: string) => sandbox.nameOf(short);

		test('what the source says is what docker ps and docker inspect say', async () => {
			const id = await start(
				'plain',
				['--restart', 'on-failure:3', '-e', 'DB_PASSWORD=canary'],
				'sleep 600',
			);
			following = followContainers(dockerIo());
			const found = await following.until(
				name('plain'),
				c => c?.isInspected === true,
				'the details',
			);
			const format =
				'{{.Id}} {{.State.Pid}} {{.RestartCount}} {{.HostConfig.RestartPolicy.Name}} {{.State.Status}} {{.Image}}';
			const told = await docker(['inspect', '--format', format, id]);
			expect(
				[
					found?.id,
					found?.pid,
					found?.restartCount,
					found?.restartPolicy,
					found?.state,
					found?.imageId,
				].join(' '),
			).toBe(told);
			expect(following.values[0]?.containers.find(c => c.id === id)?.isInspected).toBe(false);
			const listed = await docker([
				'ps',
				'-a',
				'--filter',
				`label=${sandbox.label}`,
				'--format',
				'{{.ID}}',
			]);
			expect(listed.split('\n')).toContain(id.slice(0, 12));
			const detail = await containerDetailSource.read(dockerIo(), {containerId: id}, never);
			expect(detail.environment).toContainEqual({
				name: 'DB_PASSWORD',
				value: '•••',
				isMasked: true,
			});
			expect(JSON.stringify(detail)).not.toContain('canary');
		});

		test('A15: replaced, renamed, paused and removed containers are followed by what stays the same', async () => {
			const labels = (number: number) => [
				...[
					'--label',
					'com.docker.compose.project=p1',
					'--label',
					'com.docker.compose.service=web',
				],
				...['--label', `com.docker.compose.container-number=${number}`],
			];
			following = followContainers(dockerIo());
			const first = await start('web1', labels(1), 'sleep 600');
			const before = await following.until(
				name('web1'),
				c => c?.state === 'running' && c.isInspected,
				'the first',
			);
			await docker(['rm', '-f', first]);
			await following.until(name('web1'), c => c === undefined, 'its removal');
			const second = await start('web1', labels(1), 'sleep 600');
			const after = await following.until(
				name('web1'),
				c => c?.isInspected === true,
				'its replacement',
			);
			expect([before?.id, after?.id]).toEqual([first, second]);
			expect([before?.key, after?.key]).toEqual(['p1/web/1', 'p1/web/1']);
			for (const number of [2, 3, 4, 5]) {
				await start(`web${number}`, labels(number), 'sleep 600');
			}

			await following.until(name('web5'), c => c?.key === 'p1/web/5', 'the scaled service');
			await docker(['pause', second]);
			await following.until(name('web1'), c => c?.state === 'paused', 'the pause');
			await docker(['unpause', second]);
			await following.until(name('web1'), c => c?.state === 'running', 'the end of the pause');
			await docker(['rename', second, name('renamed')]);
			await following.until(name('renamed'), c => c?.key === 'p1/web/1', 'the new name');
			await docker(['rm', '-f', ...[2, 3, 4, 5].map(number => name(`web${number}`))]);
			await following.until(name('web5'), c => c === undefined, 'the service scaled down');
			const {values} = following;
			const ofProject = () => values.at(-1)?.containers.filter(c => c.project === 'p1').length;
			await waitFor(() => (ofProject() === 1 ? true : undefined), {
				what: 'only one of the service',
			});
		});

		test('A16: a container that ends again and again is a crash loop, one that was stopped is not', async () => {
			following = followContainers(dockerIo());
			await start('loop', ['--restart', 'always'], 'exit 3');
			const looping = await following.until(
				name('loop'),
				c => c?.isCrashLooping === true && c.recentRestarts >= 3,
				'the crash loop',
			);
			expect(looping?.exitCode).toBe(3);
			await following.until(
				name('loop'),
				c => c?.isInspected === true && c.restartCount >= 3,
				'the count of the engine',
			);
			await start(
				'calm',
				['--restart', 'always'],
				'trap "exit 0" TERM; while :; do sleep 0.1; done',
			);
			await following.until(name('calm'), c => c?.isInspected === true, 'the calm one');
			for (let round = 0; round < 3; round++) {
				await docker(['restart', '-t', '5', name('calm')]);
			}

			await docker(['stop', name('calm')]);
			const calm = await following.until(name('calm'), c => c?.state === 'exited', 'the stop');
			expect(calm).toMatchObject({isCrashLooping: false, recentRestarts: 0, exitCode: 0});
		});

		test('a crash loop that began before we looked is seen at once', async () => {
			await start('old', ['--restart', 'always'], 'exit 7');
			await waitFor(async () => {
				const count = await docker(['inspect', '--format', '{{.RestartCount}}', name('old')]);
				return Number(count) >= 4 ? true : undefined;
			});
			following = followContainers(dockerIo());
			await following.until(
				name('old'),
				c => c?.isCrashLooping === true && c.restartCount >= 4,
				'the loop',
			);
		});

		test('health goes from starting to unhealthy with the output of its check', async () => {
			following = followContainers(dockerIo());
			const check = [
				'--health-cmd',
				'echo broken pipe; exit 1',
				'--health-interval',
				'1s',
				'--health-retries',
				'1',
			];
			await start('sick', check, 'sleep 600');
			const sick = await following.until(
				name('sick'),
				c => c?.health === 'unhealthy' && c.healthOutput !== undefined,
				'the bad health',
			);
			expect(sick?.healthOutput).toBe('broken pipe');
		});

		test('an exit after the kernel killed it says so', async () => {
			following = followContainers(dockerIo());
			await start(
				'hungry',
				['-m', '16m', '--memory-swap', '16m'],
				'dd if=/dev/zero of=/dev/null bs=256M',
			);
			// The engine sometimes hears of the end before it hears of the kill, and then never says it: once more.
			const tell = () =>
				docker([
					'inspect',
					'--format',
					'{{.State.Status}} {{.State.OOMKilled}} {{.State.ExitCode}}',
					name('hungry'),
				]);
			const told = await waitFor(
				async () => {
					const now = await tell();
					if (now.startsWith('exited false')) await docker(['start', name('hungry')]);
					return now.startsWith('exited true') ? now : undefined;
				},
				{deadlineMs: 60_000, everyMs: 100, what: 'a kill that the engine knows of'},
			);
			const dead = await following.until(
				name('hungry'),
				c => c?.state === 'exited' && c.oomKilled,
				'its end',
			);
			expect(`exited ${String(dead?.oomKilled)} ${String(dead?.exitCode)}`).toBe(told);
		});

		test.each(['cgroup', 'stats'] as const)('usage by %s agrees with docker stats', async via => {
			const script = 'dd if=/dev/zero of=/tmp/x bs=1M count=8; while :; do :; done';
			const id = await start(`busy-${via}`, ['-m', '64m', '--cpus', '0.5'], script);
			const real = dockerIo();
			// Without the files of control groups, as from another machine, the engine's own streams are read.
			const hidden = {...real, files: {...real.files, probe: () => undefined}};
			following = followContainers(real);
			const seen = following;
			await following.until(name(`busy-${via}`), c => c?.isInspected === true, 'the busy one');
			const list = () => (seen.values.at(-1)?.containers ?? []).filter(c => c.id === id);
			const usage = containerUsageSource.open(via === 'stats' ? hidden : real, {
				current: list,
				onChange: () => undefined,
			});
			await waitFor(async () => (await usage.read(never)).byId[id]?.cpuPercent, {
				everyMs: 100,
				what: 'the first measurement',
			});
			// Both measure the same two seconds, more or less.
			const format = '{{.CPUPerc}} {{.MemUsage}} {{.PIDs}}';
			const told = await docker(['stats', '--no-stream', '--format', format, id]);
			const value = await usage.read(never);
			const measured = value.byId[id];
			const [cpu = '', memory = ''] = told.split(' ');
			const unit = memory.endsWith('KiB') ? 1024 : 1024 * 1024;
			expect(value.via).toBe(via);
			expect(Math.abs((measured?.cpuPercent ?? 0) - Number.parseFloat(cpu))).toBeLessThan(25);
			expect(
				Math.abs((measured?.memoryUsedBytes ?? 0) - Number.parseFloat(memory) * unit),
			).toBeLessThan(2 ** 20);
			expect(measured?.memoryLimitBytes).toBe(64 * 2 ** 20);
			expect(measured?.pids).toBe(1);
		});
	},
);
