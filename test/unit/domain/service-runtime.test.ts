import {expect, test} from 'vitest';
import {expectedRuntime, isOperated, runtimeCommand} from '../../../src/domain/service-runtime.ts';
import {
	attachCommand,
	shellCommand,
	shellProbe,
	shells,
} from '../../../src/domain/service-shell.ts';

const expected = (runtime: 'compose' | 'systemd' | 'kubernetes' | 'process') => ({
	name: `my-${runtime}`,
	isCritical: true,
	runtime,
	provenance: 'H3-01',
});
const services = [
	expected('compose'),
	expected('systemd'),
	expected('kubernetes'),
	expected('process'),
];

test('other runtimes are described, not operated', () => {
	const systemd = expectedRuntime(services, 'my-systemd');
	const kubernetes = expectedRuntime(services, 'my-kubernetes');
	if (!systemd || !kubernetes) throw new Error('no runtime');
	expect([systemd, kubernetes].map(isOperated)).toEqual([false, false]);
	expect(runtimeCommand(systemd, 'restart')).toEqual(['systemctl', 'restart', 'my-systemd']);
	expect(runtimeCommand(systemd, 'scale')).toEqual([]);
	expect(
		runtimeCommand({...kubernetes, namespace: 'prod'} as typeof kubernetes, 'restart'),
	).toEqual(['kubectl', '-n', 'prod', 'rollout', 'restart', 'deployment/my-kubernetes']);
	expect(runtimeCommand(kubernetes, 'stop')).toContain('--replicas=0');
	expect(runtimeCommand(kubernetes, 'kill')).toEqual([]);
	expect(expectedRuntime(services, 'my-compose')).toBeUndefined();
	expect(expectedRuntime(services, 'nobody')).toBeUndefined();
});

test('containers are operated', () => {
	const compose = {kind: 'compose', project: 'shop', service: 'app'} as const;
	expect(isOperated(compose)).toBe(true);
	expect(runtimeCommand(compose, 'recreate').join(' ')).toBe(
		'docker compose -p shop up -d --no-deps app',
	);
	expect(runtimeCommand({kind: 'docker', container: 'x'}, 'scale')).toEqual([]);
});

test('a shell and the main process are reached by the id of the very container', () => {
	const id = 'f'.repeat(64);
	expect(shells.map(shell => shellProbe({id}, shell).join(' '))).toEqual([
		`docker exec ${id} /bin/bash -c exit 0`,
		`docker exec ${id} /bin/sh -c exit 0`,
	]);
	expect(shellCommand({id}, {shell: '/bin/bash', user: 'postgres'}).join(' ')).toBe(
		`docker exec --interactive --tty --detach-keys ctrl-p,ctrl-q --user postgres ${id} /bin/bash`,
	);
	expect(shellCommand({id}).at(-1)).toBe('/bin/sh');
	const attach = 'docker attach --detach-keys ctrl-p,ctrl-q --sig-proxy=false';
	expect(attachCommand({id, isTerminal: true}).join(' ')).toBe(`${attach} ${id}`);
	expect(attachCommand({id, isTerminal: false}).join(' ')).toBe(
		`docker logs --follow --tail 20 ${id}`,
	);
});
