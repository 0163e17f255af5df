import type {EndpointHint, Hints, PostgresHint, RedisHint} from './settings.ts';

/** Configured targets that refer to containers by service instead of an address. */
export type TargetHints = Partial<Hints>;

/** A server in a container: each credential given wins over what the container says. */
export type ServerHint = PostgresHint | RedisHint;

export type {EndpointHint};

/** Whether a hint is about this container. */
export function isMeant(
	{service, project}: {readonly service: string; readonly project?: string},
	container: {readonly service?: string; readonly project?: string; readonly name: string},
): boolean {
	return (
		(container.service ?? container.name) === service &&
		(project === undefined || container.project === project)
	);
}
