// npm run scenarios [-- --does --list --only NAME… --json FILE --verbose]
import {spawnSync} from 'node:child_process';
import {writeFileSync} from 'node:fs';
import {parseArgs} from 'node:util';
import {sayText} from '../../src/runbooks/say.ts';
import {valuesOf, nothingSeen, withEvidence} from '../../src/runbooks/evidence.ts';
import {removeFolders} from '../support/perform.ts';
import {choosePlays, listPlays, playDoes} from './does-cli.ts';
import {openGround} from './ground.ts';
import {play, type Played} from './play.ts';
import {scenarios} from './scenarios.ts';
import {summaryOf, tableOf} from './table.ts';

const {values, positionals} = parseArgs({
	allowPositionals: true,
	options: {
		only: {type: 'string', multiple: true, default: []},
		does: {type: 'boolean', default: false},
		list: {type: 'boolean', default: false},
		verbose: {type: 'boolean', default: false},
		json: {type: 'string'},
	},
});

if (values.list && values.does) {
	process.stdout.write(listPlays());
	process.exit(0);
}

if (values.list) {
	for (const {id, title, expect} of scenarios) {
		process.stdout.write(`${id.padEnd(26)} ${title} -> ${expect.join(' | ') || 'nothing'}\n`);
	}
	process.exit(0);
}

const names = [...values.only, ...positionals].flatMap(name => name.split(','));
const plays = values.does ? choosePlays(names) : [];
const unknown =
	typeof plays === 'string'
		? plays
		: names.find(name => !values.does && !scenarios.some(({id}) => id === name));
if (typeof plays === 'string' || unknown !== undefined) {
	process.stderr.write(`no scenario ${unknown ?? ''}; --list shows them\n`);
	process.exit(64);
}

// Disks are mounted where nobody else sees them, and are gone with this process.
const isAlone = process.env['OPSCONSOLE_SCENARIOS_ALONE'] === '1';
if (!isAlone && process.getuid?.() === 0) {
	const {status} = spawnSync(
		'unshare',
		['--mount', '--propagation', 'private', process.execPath, ...process.argv.slice(1)],
		{stdio: 'inherit', env: {...process.env, OPSCONSOLE_SCENARIOS_ALONE: '1'}},
	);
	process.exit(status ?? 70);
}

const chosen = scenarios.filter(({id}) => names.length === 0 || names.includes(id));
const ground = await openGround();
const played: Played[] = [];
const stop = (): void => {
	void ground.down().finally(() => process.exit(130));
};
process.on('SIGINT', stop);
process.on('SIGTERM', stop);
if (values.does) {
	const isShown = await playDoes(ground, plays, values.verbose).finally(async () => ground.down());
	process.exit(isShown ? 0 : 1);
}

try {
	for (const scenario of chosen) {
		const one = await play(ground, scenario);
		played.push(one);
		const seconds = (one.wholeMs / 1000).toFixed(0);
		process.stderr.write(`${scenario.id}: ${one.verdict} ${one.note} (${seconds} s)\n`);
		if (values.verbose || one.verdict !== 'right') process.stderr.write(findingsOf(one));
	}
} finally {
	await ground.down();
	await removeFolders();
}

const {text, isGood} = summaryOf(played);
process.stdout.write(`${tableOf(played)}\n\n${text}\n`);
if (values.json !== undefined) {
	const rows = played.map(({scenario, verdict, findings, tookMs, wholeMs, note}) => ({
		scenario: scenario.id,
		expect: scenario.expect,
		verdict,
		note,
		tookMs,
		wholeMs,
		findings: findings.map(({cause, likelihood, points, subject}) => ({
			cause: cause.id,
			likelihood,
			points,
			subject,
		})),
	}));
	writeFileSync(values.json, `${JSON.stringify(rows, null, '\t')}\n`);
}
process.exit(isGood ? 0 : 1);

/** What was found and why, for somebody who mends a wizard. */
function findingsOf({findings, blind}: Played): string {
	const lines = findings.slice(0, values.verbose ? 40 : 8).flatMap(finding => {
		const {cause, likelihood, points, subject, consequenceOf, evidence} = finding;
		const valueOf = valuesOf(withEvidence(nothingSeen, evidence));
		const because = finding.for.map(({says}) => sayText(says, valueOf, 'en'));
		const against = finding.against.map(({says}) => `not: ${sayText(says, valueOf, 'en')}`);
		return [
			`  ${likelihood} ${points} ${cause.id} (${subject})${consequenceOf === undefined ? '' : ` <- ${consequenceOf}`}`,
			...[...because, ...against].map(line => `      ${line}`),
			...(values.verbose
				? evidence.map(({look, values: seen}) => `      ${look} ${JSON.stringify(seen)}`)
				: []),
		];
	});
	const unseen = blind.map(({look, problem}) => `  blind ${look}: ${problem?.code ?? ''}`);
	return [...lines, ...new Set(unseen), ''].join('\n');
}
