import {type Binding, keymap, type Place, places as allPlaces} from './keymap.ts';

/** What each place is called in the document. */
const placeNames: Readonly<Record<Place, string>> = {
	dashboard: 'dashboard',
	list: 'lists',
	detail: 'container',
	facts: 'server and host',
	jobs: 'jobs',
	diagnosis: 'What is wrong?',
	runbooks: 'wizards and checklists',
	walk: 'wizard',
	check: 'checklist',
	incident: 'incident',
	job: 'one job',
	help: 'help',
	menu: 'menus',
	card: 'cards',
	wait: 'while it looks',
	prompt: 'filter line',
	field: 'values',
	confirm: 'typed confirmation',
};

const viewing: readonly Place[] = ['dashboard', 'list', 'detail', 'facts'];

function placesText(places: readonly Place[]): string {
	if (allPlaces.every(place => places.includes(place))) return 'always';
	const isViewing = viewing.every(place => places.includes(place));
	if (isViewing && places.includes('help')) return 'everywhere';
	if (isViewing && places.includes('jobs')) return 'every screen';
	if (isViewing) return 'every view';
	return places.map(place => placeNames[place]).join(', ');
}

/** A Markdown table with its columns aligned, as the formatter of the project writes it. */
function table(rows: readonly (readonly string[])[]): readonly string[] {
	const [head = []] = rows;
	const widths = head.map((_, column) => Math.max(...rows.map(row => row[column]?.length ?? 0)));
	const line = (row: readonly string[]) =>
		`| ${row.map((text, column) => text.padEnd(widths[column] ?? 0)).join(' | ')} |`;
	const rule = line(widths.map(width => '-'.repeat(width)));
	return rows.flatMap((row, index) => (index === 0 ? [line(row), rule] : [line(row)]));
}

/** docs/keys.md: every key by group, from the one key table. */
export function renderKeys(): string {
	const bindings: readonly Binding[] = keymap;
	const groups = ['Move', 'Look', 'Change', 'General'] as const;
	const sections = groups.flatMap(group => {
		const rows = bindings
			.filter(binding => binding.group === group)
			.map(binding => [
				binding.keys.map(key => `\`${key}\``).join(' '),
				binding.title.en,
				placesText(binding.places),
			]);
		return [`## ${group}`, '', ...table([['keys', 'does', 'where'], ...rows]), ''];
	});
	return [
		'# Keys',
		'',
		'<!-- Generated from config/keymap.ts by `npm run generate`; do not edit. -->',
		'',
		'No single key changes a server: a menu (`a`) leads to a card that shows everything that would be done, and only from',
		'there, confirmed, does anything run. `?` shows this list in the program, in English or Chinese (`L`).',
		'',
		...sections,
	]
		.join('\n')
		.trimEnd()
		.concat('\n');
}
