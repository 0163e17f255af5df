/** What a walk is about. Parts that are absent do not exist here or were not chosen. */
export type Scope = {
	/** Compose project. */
	readonly project?: string;
	/** Key of a container (`project/service/number`, else its name): stays when the container is replaced. */
	readonly container?: string;
	/** Ids of targets. */
	readonly postgres?: string;
	readonly redis?: string;
	readonly endpoint?: string;
	readonly backup?: string;
};

/** What a look, a cause or a runbook is about; `host` and `stack` are always there. */
export const subjects = [
	'host',
	'stack',
	'container',
	'postgres',
	'redis',
	'endpoint',
	'backup',
] as const;

export type Subject = (typeof subjects)[number];

/** Name of the very thing that a subject means in a scope; undefined where the scope has none. */
export function nameIn(scope: Scope, subject: Subject): string | undefined {
	if (subject === 'host') return 'host';
	if (subject === 'stack') return scope.project ?? '';
	return scope[subject];
}
