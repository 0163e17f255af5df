import type {DockerAct} from './act.ts';
import {readContainerFile} from './act-container-file.ts';
import {runExec} from './act-exec.ts';
import {removeWhere, runSidecar} from './act-sidecar.ts';
import type {DockerChoice} from './docker-address.ts';
import {call} from './docker-call.ts';
import {createDockerLink} from './docker-link.ts';

/** What changes the engine that `choice` names: every request on a fresh socket and sent once. */
export function createDockerAct(choice: DockerChoice): DockerAct {
	const link = createDockerLink(choice);
	return {
		request: (method, path, options) => call(link, method, path, options),
		exec: (exec, options) => runExec(link, exec, options),
		sidecar: (sidecar, options) => runSidecar(link, sidecar, options),
		removeSidecars: (operation, signal) => removeWhere(link, operation, undefined, signal),
		readFile: (containerId, path, signal) => readContainerFile(link, containerId, path, signal),
	};
}
