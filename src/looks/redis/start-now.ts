import {throughMounts} from '../../domain/container-path.ts';
import {configFileOf, startSettings, type StartSettings} from '../../domain/redis-start.ts';
import type {RedisTarget} from '../../domain/targets.ts';
import {objectOf, textsOf} from '../../domain/unknown.ts';
import {maybe} from '../maybe.ts';
import type {LookFacts} from '../reader.ts';

const maxConfigBytes = 1024 * 1024;
const localHost = /^(?:127\.|::1$|localhost$|\/)/;

/**
 * What the next start of the server gives: from the command line of its container and the file that it names, else from the
 * file that a server of this host names itself. Undefined where that cannot be read from here.
 */
export async function readStart(
	facts: LookFacts,
	target: RedisTarget,
	configFile: string,
): Promise<StartSettings | undefined> {
	const {io, signal} = facts;
	const read = (path: string) => maybe(io.files.readText(path, maxConfigBytes), signal);
	const {container} = target;
	if (container === undefined) {
		if (!localHost.test(target.host) || configFile === '') return undefined;
		return startSettings(['redis-server', configFile], await read(configFile));
	}

	const answer = io.docker.get(`/containers/${container.containerId}/json`, signal);
	const inspection = await maybe(answer, signal);
	const config = objectOf(objectOf(inspection)['Config']);
	const argv = [...textsOf(config['Entrypoint']), ...textsOf(config['Cmd'])];
	const file = configFileOf(argv);
	if (file === undefined) return startSettings(argv, undefined);
	const path = throughMounts(inspection, file);
	return startSettings(argv, path === undefined ? undefined : await read(path));
}
