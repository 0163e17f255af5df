/** What serves a row of a handbook, or what is missing for it. */
export type Target =
	| {readonly kind: 'key'; readonly command: string}
	/** Words after `opsconsole`, as `opsconsole --help` has them. */
	| {readonly kind: 'command'; readonly words: string}
	| {readonly kind: 'operation'; readonly id: string}
	| {readonly kind: 'runbook'; readonly id: string}
	/** A key of opsconsole.yaml: `thresholds`, `storage.retention`, `thresholds.host.cpu`. */
	| {readonly kind: 'setting'; readonly path: string}
	| {readonly kind: 'panel'; readonly id: string}
	/** A file below docs/. */
	| {readonly kind: 'document'; readonly path: string}
	| {readonly kind: 'not-yet'; readonly missing: string};

/** One row of a handbook. */
export type HandbookRow = {
	/** `H1-01`. */
	readonly id: string;
	readonly title: {readonly en: string; readonly zh: string};
	readonly targets: readonly Target[];
};

/** A row with its targets. */
export function row(
	id: string,
	[en, zh]: readonly [string, string],
	...targets: Target[]
): HandbookRow {
	return {id, title: {en, zh}, targets};
}

/** The key with this command in config/keymap.ts. */
export function key(command: string): Target {
	return {kind: 'key', command};
}

/** A command of the program. */
export function command(words: string): Target {
	return {kind: 'command', words};
}

/** An operation of src/operations. */
export function operation(id: string): Target {
	return {kind: 'operation', id};
}

/** A wizard or checklist of config/runbooks. */
export function runbook(id: string): Target {
	return {kind: 'runbook', id};
}

/** A key of opsconsole.yaml. */
export function setting(path: string): Target {
	return {kind: 'setting', path};
}

/** A panel of the dashboard. */
export function panel(id: string): Target {
	return {kind: 'panel', id};
}

/** A document below docs/. */
export function document(path: string): Target {
	return {kind: 'document', path};
}

/** What is missing for the row, in plain words. */
export function notYet(missing: string): Target {
	return {kind: 'not-yet', missing};
}
