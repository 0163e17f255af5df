import type {Finding} from '../../src/runbooks/diagnosis.ts';
import {countedOf, type Played} from './play.ts';

/** Least share of scenarios whose right cause must be first, in percent. */
export const wantedPercent = 90;

function nameOf(finding: Finding | undefined): string {
	if (finding === undefined) return '-';
	const {cause, points, consequenceOf} = finding;
	return `${cause.id} ${points}${consequenceOf === undefined ? '' : '*'}`;
}

function rowOf({scenario, findings, verdict, tookMs, wholeMs}: Played): readonly string[] {
	const [first, second] = countedOf(scenario, findings);
	return [
		scenario.id,
		scenario.expect.join(' | ') || '(nothing)',
		nameOf(first),
		nameOf(second),
		verdict,
		(tookMs / 1000).toFixed(1),
		(wholeMs / 1000).toFixed(0),
	];
}

/** Rows of cells as lines with columns of one width each. */
export function columns(rows: readonly (readonly string[])[]): readonly string[] {
	const widths = (rows[0] ?? []).map((_, column) =>
		Math.max(...rows.map(row => row[column]?.length ?? 0)),
	);
	return rows.map(row =>
		row
			.map((cell, column) => cell.padEnd(widths[column] ?? 0))
			.join('  ')
			.trimEnd(),
	);
}

/** The table of what was played, with the reason below each row that is not right. */
export function tableOf(played: readonly Played[]): string {
	const head = ['scenario', 'expected', 'first', 'second', 'verdict', 'diagnosis s', 'whole s'];
	return columns([head, ...played.map(rowOf)])
		.flatMap((line, index) => {
			const {verdict = 'right', note = ''} = played[index - 1] ?? {};
			return verdict === 'right' || note === '' ? [line] : [line, `    ${note}`];
		})
		.join('\n');
}

/** The shares that issue 4 asks for, and whether they are reached. */
export function summaryOf(played: readonly Played[]): {
	readonly text: string;
	readonly isGood: boolean;
} {
	const faults = played.filter(({scenario}) => scenario.expect.length > 0);
	const count = (list: readonly Played[], verdict: Played['verdict']) =>
		list.filter(one => one.verdict === verdict).length;
	const falseAlarms = played.filter(
		({scenario, verdict}) => scenario.expect.length === 0 && verdict !== 'right',
	);
	const walked = faults.filter(({scenario, verdict}) => scenario.walk && verdict === 'right');
	// A walk that failed had the right cause first.
	const right = count(faults, 'right') + count(faults, 'walk failed');
	const percent = faults.length === 0 ? 100 : (100 * right) / faults.length;
	const wrong = count(faults, 'wrong');
	const text = [
		`right cause first: ${right} of ${faults.length} (${percent.toFixed(0)} %, wanted ${wantedPercent} %)`,
		`wrong cause first: ${wrong}; nothing found: ${count(faults, 'missed')}; broke off: ${count(faults, 'broke off')}`,
		`false alarms: ${falseAlarms.length} of ${played.length - faults.length}`,
		`walked to the proven fix: ${walked.length} of ${walked.length + count(faults, 'walk failed')}`,
	].join('\n');
	const failed = wrong + falseAlarms.length + count(faults, 'walk failed');
	const isGood = percent >= wantedPercent && failed === 0;
	return {text, isGood};
}
