import {expect, test} from 'vitest';
import {endKind, isStoppedOnPurpose, startErrorKind} from '../../../src/domain/start-error.ts';

test.each([
	['', 'none'],
	[
		'driver failed programming external connectivity on endpoint web (1f): Bind for 0.0.0.0:8080 failed: port is already allocated',
		'port-taken',
	],
	[
		'driver failed programming external connectivity on endpoint web (1f): Error starting userland proxy: listen tcp4 0.0.0.0:80: bind: address already in use',
		'port-taken',
	],
	['failed to bind host port 127.0.0.1:5432/tcp: address already in use', 'port-taken'],
	[
		'error while creating mount source path "/srv/a": mkdir /srv: read-only file system; error mounting "/srv/a"',
		'mount-missing',
	],
	[
		'OCI runtime create failed: runc create failed: unable to start container process: error mounting "/srv/nginx.conf" to rootfs at "/etc/nginx/nginx.conf": not a directory: unknown: Are you trying to mount a directory onto a file (or vice-versa)?',
		'mount-missing',
	],
	[
		'OCI runtime create failed: runc create failed: unable to start container process: exec: "gunicorn": executable file not found in $PATH: unknown',
		'command-missing',
	],
	[
		'OCI runtime create failed: container_linux.go:380: starting container process caused: exec: "/start.sh": stat /start.sh: no such file or directory: unknown',
		'command-missing',
	],
	[
		'OCI runtime create failed: runc create failed: unable to start container process: exec: "/start.sh": permission denied: unknown',
		'permission',
	],
	['network 7b2c1a not found', 'network-missing'],
	[
		'could not find a network matching network mode shop_default: network not found',
		'network-missing',
	],
	['No such image: shop/web:2', 'image-missing'],
	['something new', 'other-start-error'],
] as const)('%j is %s', (text, kind) => {
	expect(startErrorKind(text)).toBe(kind);
});

test('what ended a run is its start error, its memory, else its exit code', () => {
	const end = (exitCode: number | undefined, isOom = false, startError = '') =>
		endKind({exitCode, isOom, startError});
	expect(end(undefined)).toBe('none');
	expect(end(128, false, 'port is already allocated')).toBe('port-taken');
	expect(end(137, true)).toBe('oom');
	expect([0, 1, 126, 127, 130, 137, 139, 143].map(code => end(code))).toEqual([
		'finished',
		'failed',
		'permission',
		'command-missing',
		'stopped',
		'killed',
		'crashed',
		'stopped',
	]);
});

test('a container that its policy would have started again was stopped by somebody', () => {
	const judge = (restartPolicy: string, exitCode: number, startError = '') =>
		isStoppedOnPurpose({restartPolicy, exitCode, startError, isOom: false});
	expect(judge('always', 1)).toBe(true);
	expect(judge('unless-stopped', 137)).toBe(true);
	expect(judge('always', 128, 'port is already allocated')).toBe(false);
	expect(judge('no', 143)).toBe(true);
	expect(judge('no', 1)).toBe(false);
	expect(judge('no', 137)).toBeUndefined();
	expect(judge('on-failure', 0)).toBeUndefined();
});
