import type {ExpectedService} from './settings.ts';

/** What runs a service. Compose and plain Docker containers are operated; the others are described and refused. */
export type ServiceRuntime =
	| {readonly kind: 'compose'; readonly project: string; readonly service: string}
	| {readonly kind: 'docker'; readonly container: string}
	| {readonly kind: 'systemd'; readonly unit: string}
	| {readonly kind: 'kubernetes'; readonly deployment: string; readonly namespace?: string}
	| {readonly kind: 'process'; readonly name: string};

/** What can be done to a service. */
export type ServiceAction = 'start' | 'stop' | 'restart' | 'kill' | 'recreate' | 'scale';

/** The runtime of a service that the configuration expects and no container has; undefined where it is unknown. */
export function expectedRuntime(
	services: readonly ExpectedService[],
	name: string,
): ServiceRuntime | undefined {
	const expected = services.find(service => service.name === name);
	switch (expected?.runtime) {
		case 'systemd':
			return {kind: 'systemd', unit: name};
		case 'kubernetes':
			return {kind: 'kubernetes', deployment: name};
		case 'process':
			return {kind: 'process', name};
		case 'compose':
		case undefined:
			return undefined;
	}
}

/** Whether opsconsole does these actions itself. */
export function isOperated({kind}: ServiceRuntime): boolean {
	return kind === 'compose' || kind === 'docker';
}

const systemdVerbs: Readonly<Partial<Record<ServiceAction, string>>> = {
	start: 'start',
	stop: 'stop',
	restart: 'restart',
	kill: 'kill',
};

/** What an operator would type for an action; empty where the runtime has no such thing. Never executed. */
export function runtimeCommand(runtime: ServiceRuntime, action: ServiceAction): readonly string[] {
	switch (runtime.kind) {
		case 'compose': {
			const words = {recreate: ['up', '-d', '--no-deps'], scale: ['up', '-d', '--scale']};
			const verb = action === 'recreate' || action === 'scale' ? words[action] : [action];
			return ['docker', 'compose', '-p', runtime.project, ...verb, runtime.service];
		}

		case 'docker':
			return action === 'recreate' || action === 'scale'
				? []
				: ['docker', action, runtime.container];
		case 'systemd': {
			const verb = systemdVerbs[action];
			return verb === undefined ? [] : ['systemctl', verb, runtime.unit];
		}

		case 'kubernetes':
			return kubernetesCommand(runtime, action);
		case 'process':
			return [];
	}
}

/** Pods are never deleted by hand: a rollout replaces them, a scale starts and stops them (SAFETY 3.8). */
function kubernetesCommand(
	{deployment, namespace}: ServiceRuntime & {kind: 'kubernetes'},
	action: ServiceAction,
): readonly string[] {
	const place = namespace === undefined ? [] : ['-n', namespace];
	const target = `deployment/${deployment}`;
	switch (action) {
		case 'restart':
		case 'recreate':
			return ['kubectl', ...place, 'rollout', 'restart', target];
		case 'stop':
			return ['kubectl', ...place, 'scale', '--replicas=0', target];
		case 'start':
		case 'scale':
			return ['kubectl', ...place, 'scale', '--replicas=N', target];
		case 'kill':
			return [];
	}
}
