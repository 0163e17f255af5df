import {randomBytes} from 'node:crypto';
import {request} from 'node:http';
import {docker, linesOf} from '../lab/docker.ts';
import {ensureBusybox} from '../lab/images.ts';
import {label, runId} from '../lab/run-id.ts';
import {prepareEngine} from './prepare-engine.ts';

/** Many small containers of one test. */
export type ContainerFleet = {
	ids: string[];
	names: string[];
	/** Removes exactly these containers. */
	down: () => Promise<void>;
};

async function socketPath(): Promise<string> {
	const {DOCKER_HOST: own} = process.env;
	const host =
		own ?? (await docker(['context', 'inspect', '--format', '{{.Endpoints.docker.Host}}']));
	if (!host.startsWith('unix://')) throw new Error(`a local engine is needed, not ${host}`);
	return host.slice('unix://'.length);
}

/** One POST to the engine; the docker program would cost a process for each of many containers. */
function post(socket: string, path: string, body: unknown): Promise<string> {
	return new Promise((resolve, reject) => {
		const outgoing = request(
			{socketPath: socket, path, method: 'POST', headers: {'Content-Type': 'application/json'}},
			incoming => {
				let text = '';
				incoming.setEncoding('utf8');
				incoming.on('data', (piece: string) => {
					text += piece;
				});
				incoming.on('end', () => {
					if ((incoming.statusCode ?? 500) < 300) resolve(text);
					else reject(new Error(`POST ${path}: ${incoming.statusCode ?? 0} ${text.trim()}`));
				});
			},
		);
		outgoing.on('error', reject);
		outgoing.end(body === undefined ? '' : JSON.stringify(body));
	});
}

function idOf(answer: string): string {
	const id = /"Id":"([\da-f]{64})"/.exec(answer)?.[1];
	if (id === undefined) throw new Error(`the engine answered ${answer}`);
	return id;
}

/**
 * Starts `count` tiny busybox containers named `opsct-<random>-<number>`, running `command` (a long sleep
 * unless told). They have no network, which makes them quick: about 0.1 s each.
 */
export async function startContainers(
	count: number,
	command: readonly string[] = ['sleep', '86400'],
): Promise<ContainerFleet> {
	await prepareEngine();
	const [image, socket] = await Promise.all([ensureBusybox(), socketPath()]);
	const prefix = `opsct-${randomBytes(4).toString('hex')}`;
	const fleetLabel = `opsconsole.fleet=${prefix}`;
	const names = Array.from({length: count}, (_, index) => `${prefix}-${index + 1}`);
	const ids: string[] = [];
	const start = async (name: string, index: number) => {
		const answer = await post(socket, `/containers/create?name=${name}`, {
			Image: image,
			Cmd: command,
			Labels: {[label]: runId(), 'opsconsole.fleet': prefix},
			HostConfig: {NetworkMode: 'none'},
			StopSignal: 'SIGKILL',
		});
		ids[index] = idOf(answer);
		await post(socket, `/containers/${name}/start`, undefined);
	};
	const down = async () => {
		const left = linesOf(
			await docker(['ps', '--all', '--quiet', '--filter', `label=${fleetLabel}`]),
		);
		if (left.length > 0)
			await docker(['rm', '--force', '--volumes', ...left], {deadlineMs: 300_000});
	};
	try {
		const waiting = [...names.entries()];
		const lane = async () => {
			for (let next = waiting.shift(); next; next = waiting.shift()) await start(next[1], next[0]);
		};
		await Promise.all(Array.from({length: 8}, lane));
	} catch (error) {
		await down();
		throw error;
	}
	return {ids, names, down};
}
