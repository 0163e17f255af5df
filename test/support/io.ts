import {createDocker} from '../../src/io/docker.ts';
import {createFiles} from '../../src/io/files.ts';
import {createHost} from '../../src/io/host.ts';
import {createHttp} from '../../src/io/http.ts';
import type {Io} from '../../src/io/io.ts';
import {createProcesses} from '../../src/io/processes.ts';
import {createTcp} from '../../src/io/tcp.ts';
import {realClock} from './clock.ts';

function unused(): never {
	throw new Error('this test gives no such part of Io');
}

/** An Io with only the given parts (and the real clock); using any other part throws. */
export function partialIo(parts: Partial<Io> = {}): Io {
	return {
		clock: realClock,
		docker: {address: 'not connected', get: unused, stream: unused, version: unused},
		postgres: unused,
		redis: unused,
		http: {get: unused},
		tcp: {knock: unused},
		files: {
			readText: unused,
			readBytes: unused,
			list: unused,
			names: unused,
			stat: unused,
			lstat: unused,
			readLink: unused,
			snapshot: unused,
			hash: unused,
			statfs: unused,
			watch: unused,
			probe: unused,
		},
		processes: {run: unused, lines: unused, has: unused},
		host: {
			hostname: unused,
			kernel: unused,
			platform: unused,
			userId: unused,
			fallback: unused,
		},
		environment: {},
		...parts,
	};
}

/** Files, time, programs and facts of this machine; the servers only where a test connects them. */
export function localIo(connected: Partial<Io> = {}): Io {
	return partialIo({
		files: createFiles(),
		processes: createProcesses(process.env),
		host: createHost(),
		...connected,
	});
}

/** This machine and a Docker engine: the one that tests use, or the one at `host`. */
export function dockerIo(host?: string, connected: Partial<Io> = {}): Io {
	return localIo({
		docker: createDocker({environment: process.env, host, clock: realClock}),
		http: createHttp({clock: realClock}),
		tcp: createTcp(),
		...connected,
	});
}
