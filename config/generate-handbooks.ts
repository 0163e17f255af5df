import {handbookRows, handbooks} from './handbook-rows.ts';
import type {HandbookRow, Target} from './handbook-rows/row.ts';
import {type Binding, keymap} from './keymap.ts';

const panelTitles: Readonly<Record<string, string>> = {
	containers: 'panel 1, containers and addresses',
	host: 'panel 2, host',
	postgres: 'panel 3, PostgreSQL',
	redis: 'panel 4, Redis',
	errors: 'panel 5, errors',
	backups: 'panel 6, backups',
};

/** One target as the document has it. */
function said(target: Target): string {
	switch (target.kind) {
		case 'key': {
			const bindings: readonly Binding[] = keymap;
			const binding = bindings.find(({command}) => command === target.command);
			return `key \`${binding?.keys[0] ?? '?'}\``;
		}

		case 'command':
			return `\`opsconsole ${target.words}\``;
		case 'operation':
			return `[${target.id}](operations.md#${target.id})`;
		case 'runbook':
			return `[runbook ${target.id}](../config/runbooks/${target.id}.yaml)`;
		case 'setting':
			return `setting \`${target.path}\``;
		case 'panel':
			return panelTitles[target.id] ?? target.id;
		case 'document':
			return `[${target.path}](${target.path})`;
		case 'not-yet':
			return `**not yet:** ${target.missing}`;
	}
}

type Service = 'served' | 'in part' | 'no';

/** How far a row is served: wholly, in part, or not at all. */
export function serviceOf({targets}: HandbookRow): Service {
	const missing = targets.filter(target => target.kind === 'not-yet');
	if (missing.length === 0) return 'served';
	return missing.length === targets.length ? 'no' : 'in part';
}

function line(row: HandbookRow): string {
	const {id, title, targets} = row;
	return `| ${id} | ${title.en} (${title.zh}) | ${serviceOf(row)} | ${targets.map(said).join('; ')} |`;
}

function count(service: Service): number {
	return handbookRows.filter(row => serviceOf(row) === service).length;
}

/** docs/handbooks.md: what serves each row of the handbooks, and what is missing. */
export function renderHandbooks(): string {
	const sections = Object.entries(handbooks).flatMap(([prefix, {title}]) => [
		`## ${prefix} ${title}`,
		'',
		'| row | what the operator needs | served | by |',
		'| --- | --- | --- | --- |',
		...handbookRows.filter(({id}) => id.startsWith(`${prefix}-`)).map(row => line(row)),
		'',
	]);
	return [
		'# The handbooks, row by row',
		'',
		'Made from config/handbook-rows.ts by config/generate.ts; do not edit.',
		'',
		'opsconsole is built to operate five systems; each has a handbook and a profile (`system:`). Every row says what serves',
		`it here, and what does not. Of ${handbookRows.length} rows ${count('served')} are served, ${count('in part')} in part, ${count('no')} not at all. A row is only called served where`,
		'nothing of it is left to other programs or by hand.',
		'',
		'A handbook of your own becomes a draft checklist with `opsconsole runbook import HANDBOOK.md`; see [runbooks.md](runbooks.md).',
		'',
		...sections,
	]
		.join('\n')
		.trimEnd()
		.concat('\n');
}
