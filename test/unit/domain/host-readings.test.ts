import {describe, expect, it} from 'vitest';
import {parseUpdates} from '../../../src/domain/apt-updates.ts';
import {clockOffset, parseChrony, parseTimedatectl} from '../../../src/domain/clock-state.ts';
import {throughMounts} from '../../../src/domain/container-path.ts';
import {engineWaste} from '../../../src/domain/engine-disk.ts';
import {failedLogins} from '../../../src/domain/failed-logins.ts';
import {openPorts} from '../../../src/domain/listening.ts';
import {placeOfGroup} from '../../../src/domain/process-group.ts';
import {differingSettings, wantedSettings} from '../../../src/domain/wanted-settings.ts';

const id = '0123456789abcdef'.repeat(4);

describe('control groups', () => {
	it.each([
		[`12:memory:/docker/${id}\n0::/`, {containerId: id}],
		[`0::/system.slice/docker-${id}.scope\n`, {containerId: id}],
		['0::/system.slice/nginx.service\n', {unit: 'nginx.service'}],
		['0::/user.slice/user-0.slice/session-1.scope\n', {}],
	])('%s', (text, place) => expect(placeOfGroup(text)).toEqual(place));
});

describe('updates', () => {
	it('counts those that are for safety, and not new packages', () => {
		const text = [
			'Inst zip [3.0-12] (3.0-13 Debian-Security:12/oldstable-security [amd64])',
			'Inst bash [5.2-2] (5.2-3 Debian:12.15/oldstable [amd64])',
			'Inst libssl3 [1] (2 Ubuntu:22.04/jammy-updates, Ubuntu:22.04/jammy-security [amd64]) []',
			'Inst linux-image-6.1.0-40 (6.1 Debian:12/oldstable [amd64])',
			'3 upgraded, 1 newly installed, 0 to remove and 2 not upgraded.',
		].join('\n');
		expect(parseUpdates(text)).toEqual({
			pending: ['zip', 'bash', 'libssl3'],
			security: ['zip', 'libssl3'],
			held: 2,
		});
		expect(parseUpdates('E: Could not get lock')).toBeUndefined();
	});
});

describe('clocks', () => {
	it('reads what keeps them right', () => {
		expect(parseTimedatectl('Timezone=Etc/UTC\nNTPSynchronized=no\n')).toBe(false);
		expect(parseTimedatectl('')).toBeUndefined();
		expect(parseChrony('A1B2,1.2.3.4,3,0.1,0.2,0.3,1,0,0,0,0,64.3,Normal\n')).toBe(true);
		expect(parseChrony('00000000,,0,0,0,0,0,0,0,0,0,0,Not synchronised')).toBe(false);
		expect(parseChrony('506 Cannot talk to daemon')).toBeUndefined();
	});

	it.each([
		[1050, 1, 0],
		[5000, 1, 3900],
		[400, 1, -599],
		[400, 1000, 0],
	])('a server that says %d with a grain of %d is off by %d', (serverMs, grainMs, offset) => {
		expect(clockOffset({sentAtMs: 1000, receivedAtMs: 1100, serverMs, grainMs})).toBe(offset);
	});
});

describe('what the engine keeps', () => {
	it('counts only what nothing uses', () => {
		expect(
			engineWaste({
				Images: [
					{Size: 100, SharedSize: 30, Containers: 0},
					{Size: 999, SharedSize: 0, Containers: 1},
					{Size: 5, SharedSize: -1, Containers: 0},
				],
				BuildCache: null,
				Containers: [
					{State: 'exited', SizeRw: 7},
					{State: 'running', SizeRw: 9},
				],
				Volumes: [{UsageData: {RefCount: 0, Size: 11}}, {UsageData: {RefCount: 1, Size: 13}}],
			}),
		).toEqual({images: 75, buildCache: 0, stopped: 7, volumes: 11});
		expect(engineWaste(undefined)).toEqual({
			images: undefined,
			buildCache: undefined,
			stopped: undefined,
			volumes: undefined,
		});
	});

	it('finds a path of a container by its innermost mount', () => {
		const inspection = {
			Mounts: [
				{Destination: '/data', Source: '/srv/a'},
				{Destination: '/data/db', Source: '/srv/b'},
			],
		};
		expect(throughMounts(inspection, '/data/db/x')).toBe('/srv/b/x');
		expect(throughMounts(inspection, '/database')).toBeUndefined();
	});
});

describe('doors', () => {
	it('lists ports that other machines reach', () => {
		const line = (address: string, port: string, state = '0A') =>
			`   0: ${address}:${port} 00000000:0000 ${state} 00000000:00000000`;
		const text = [
			line('00000000', '0016'),
			line('0100007F', '1538'),
			line('3500007F', '0035'),
			line('0000000000000000FFFF00000100007F', '1F90'),
			line('00000000000000000000000001000000', '1F91'),
			line('0'.repeat(32), '01BB'),
			line('0200A8C0', '1F92'),
			line('00000000', '1F93', '01'),
		].join('\n');
		expect([...openPorts(text)]).toEqual([22, 443, 8082]);
	});

	it('counts each failed login once', () => {
		const now = Date.UTC(2026, 10, 21, 12);
		const at = '2026-11-21T11:00:00.000000+00:00 web sshd[7]:';
		const lines = [
			`${at} Failed password for root from 192.0.2.1 port 1 ssh2`,
			`${at} Invalid user bob from 192.0.2.1 port 2`,
			`${at} Failed password for invalid user bob from 192.0.2.1 port 2 ssh2`,
			`${at} Invalid user eve from 192.0.2.2 port 3`,
			`${at} Failed none for invalid user eve from 192.0.2.2 port 3 ssh2`,
			`${at} Accepted publickey for ops from 192.0.2.3 port 4`,
			'2026-11-19T11:00:00+00:00 web sshd[7]: Failed password for root from 192.0.2.9 port 1 ssh2',
		];
		expect(failedLogins(lines, now - 86_400_000, now)).toEqual({
			count: 3,
			from: [
				{address: '192.0.2.1', count: 2},
				{address: '192.0.2.2', count: 1},
			],
		});
	});
});

describe('what the handbooks ask for', () => {
	const names = (system: string, values: Readonly<Record<string, string | number>>) =>
		differingSettings(wantedSettings(system, 'kernel'), name => values[name])?.map(
			({name}) => name,
		);

	it('takes more as enough, and what is not known as unknown', () => {
		const right = {
			'vm.overcommit_memory': 1,
			'net.core.somaxconn': 70_000,
			transparent_hugepage: 'never',
		};
		expect(names('fund-calc', right)).toEqual([]);
		expect(names('fund-calc', {...right, 'vm.overcommit_memory': 0})).toEqual([
			'vm.overcommit_memory',
		]);
		expect(names('fund-calc', {'vm.overcommit_memory': 1})).toBeUndefined();
		expect(names('another', right)).toBeUndefined();
	});
});
