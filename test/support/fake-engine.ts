import {mkdtempSync, rmSync} from 'node:fs';
import {createServer, type ServerResponse} from 'node:http';
import {tmpdir} from 'node:os';
import {join} from 'node:path';

/** An Engine API of a size that no test machine has. Only for what is about size; everything else is tested on a real one. */
export type FakeEngine = {
	/** The address for DOCKER_HOST. */
	readonly host: string;
	/** Lines that were written to the logs that somebody follows. */
	linesWritten(): number;
	close(): Promise<void>;
};

const startedAt = '2026-11-20T10:00:00.000000000Z';

function idOf(index: number): string {
	return index.toString(16).padStart(64, '0');
}

/** The service of a container: `svc-001` and so on. */
function serviceOf(index: number): string {
	return `svc-${String(index + 1).padStart(3, '0')}`;
}

function labelsOf(index: number) {
	return {
		'com.docker.compose.project': 'big',
		'com.docker.compose.service': serviceOf(index),
		'com.docker.compose.container-number': '1',
	};
}

function entryOf(index: number) {
	return {
		Id: idOf(index),
		Names: [`/big_${serviceOf(index)}_1`],
		Image: 'busybox',
		ImageID: 'sha256:1',
		Command: 'sleep 86400',
		Created: 1_763_632_800,
		State: 'running',
		Status: 'Up 2 hours',
		Ports: [],
		Labels: labelsOf(index),
		NetworkSettings: {Networks: {}},
	};
}

function detailOf(index: number) {
	return {
		Id: idOf(index),
		Name: `/big_${serviceOf(index)}_1`,
		Created: startedAt,
		Image: 'sha256:1',
		RestartCount: 0,
		State: {Status: 'running', Running: true, Pid: 0, ExitCode: 0, StartedAt: startedAt},
		Config: {Image: 'busybox', Labels: labelsOf(index), Env: [], Tty: false},
		HostConfig: {RestartPolicy: {Name: 'no'}, LogConfig: {Type: 'json-file', Config: {}}},
		NetworkSettings: {Networks: {}},
	};
}

/** One line as the engine frames it: stream, length, text. */
function frame(text: string): Buffer {
	const body = Buffer.from(`${new Date().toISOString()} ${text}\n`);
	const head = Buffer.alloc(8);
	head[0] = 1;
	head.writeUInt32BE(body.length, 4);
	return Buffer.concat([head, body]);
}

/** Starts it with so many running containers, whose followed logs get so many lines a second together. */
export async function startFakeEngine(facts: {
	readonly containers: number;
	readonly linesPerSecond: number;
}): Promise<FakeEngine> {
	const folder = mkdtempSync(join(tmpdir(), 'opsct-fake-'));
	const path = join(folder, 'docker.sock');
	const list = JSON.stringify(Array.from({length: facts.containers}, (_, index) => entryOf(index)));
	const logs = new Set<ServerResponse>();
	let lines = 0;

	const server = createServer((request, response) => {
		const url = new URL(request.url ?? '/', 'http://docker');
		const [, kind = '', id = '', action = ''] =
			/^(?:\/v[\d.]+)?\/(\w+)(?:\/([^/]+))?(?:\/(\w+))?$/.exec(url.pathname) ?? [];
		const json = (value: unknown) => response.end(JSON.stringify(value));
		if (kind === '_ping') {
			response.setHeader('Api-Version', '1.41');
			response.end('OK');
		} else if (kind === 'version') {
			json({Version: '20.10.24', ApiVersion: '1.41', MinAPIVersion: '1.12', Os: 'linux'});
		} else if (kind === 'info') {
			json({Name: 'big', OperatingSystem: 'Debian', MemTotal: 8e9, NCPU: 2});
		} else if (kind === 'containers' && id === 'json') {
			response.end(list);
		} else if (kind === 'containers' && action === 'json') {
			json(detailOf(Number.parseInt(id, 16)));
		} else if (kind === 'events' || action === 'stats' || action === 'logs') {
			response.flushHeaders();
			if (action === 'logs') {
				logs.add(response);
				response.on('close', () => logs.delete(response));
			}
		} else {
			response.statusCode = 404;
			json({message: 'no such thing'});
		}
	});
	const everyMs = 100;
	const burst = setInterval(() => {
		const each = Math.ceil((facts.linesPerSecond * everyMs) / 1000 / Math.max(1, logs.size));
		for (const log of logs) {
			// A reader that is behind gets no more, as with the engine itself.
			if (log.writableNeedDrain) continue;
			const text = Array.from({length: each}, (_, index) =>
				frame(`ERROR request ${index} failed after 12 ms: upstream 10.0.0.7 timed out`),
			);
			log.write(Buffer.concat(text));
			lines += each;
		}
	}, everyMs);
	await new Promise<void>(resolve => server.listen(path, resolve));
	return {
		host: `unix://${path}`,
		linesWritten: () => lines,
		async close() {
			clearInterval(burst);
			server.closeAllConnections();
			await new Promise(resolve => server.close(resolve));
			rmSync(folder, {recursive: true, force: true});
		},
	};
}
