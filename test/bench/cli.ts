// npm run bench [-- name… --peers --runs 9 --seconds 30 --minutes 10 --scale 68 --seed 1 --json file]
import {writeFileSync} from 'node:fs';
import {availableParallelism, loadavg} from 'node:os';
import {parseArgs} from 'node:util';
import {benches} from './benches.ts';
import {openContainers, runningOf} from './containers.ts';
import {formatFigures, verdict, type Figure} from './figures.ts';
import {programs, watching, withPatterns, type Program} from './programs.ts';

const {values, positionals} = parseArgs({
	allowPositionals: true,
	options: {
		peers: {type: 'boolean', default: false},
		runs: {type: 'string', default: '9'},
		seconds: {type: 'string', default: '30'},
		minutes: {type: 'string', default: '10'},
		scale: {type: 'string', default: '68'},
		seed: {type: 'string'},
		json: {type: 'string'},
		/** A running Compose project with PostgreSQL and Redis that is watched beside the bench's own containers. */
		lab: {type: 'string', default: 'football-prediction'},
		/** For a stand-in: patterns of a readable list and of a filled screen, and the command line to run. */
		listed: {type: 'string'},
		filled: {type: 'string'},
		command: {type: 'string'},
	},
});

const names = positionals.length > 0 ? positionals : Object.keys(benches);
const unknown = names.find(name => benches[name] === undefined);
if (unknown !== undefined) {
	process.stderr.write(`unknown bench ${unknown}; known: ${Object.keys(benches).join(', ')}\n`);
	process.exit(64);
}

const containers = await openContainers().catch((error: unknown) => {
	process.stderr.write(`bench: ${error instanceof Error ? error.message : String(error)}\n`);
	process.exit(69);
});
const stop = (): void => {
	void containers.remove().finally(() => process.exit(130));
};
process.on('SIGINT', stop);
process.on('SIGTERM', stop);
const figures: Figure[] = [];
try {
	const others = await runningOf(values.lab);
	const projects = [containers.project, ...(others > 0 ? [values.lab] : [])];
	process.stderr.write(
		`bench: beside ${others} containers of ${values.lab}; load ${loadavg()
			.map(load => load.toFixed(1))
			.join(' ')}, ${availableParallelism()} cores\n`,
	);
	const chosen = programs(values.peers).map(program =>
		program.name === 'opsconsole'
			? withPatterns(watching(program, projects, others > 0), {
					...(values.listed !== undefined && {listed: values.listed}),
					...(values.filled !== undefined && {filled: values.filled}),
					...(values.command !== undefined && {command: values.command.split(' ')}),
				})
			: program,
	);
	for (const name of names) {
		for (const program of chosen) {
			process.stderr.write(`bench ${name}: ${program.name} …\n`);
			figures.push(...(await measure(name, program, others)));
		}
	}
} finally {
	await containers.remove();
}

process.stdout.write(`${formatFigures(figures)}\n`);
process.stderr.write(
	`bench: load at the end ${loadavg()
		.map(load => load.toFixed(1))
		.join(' ')}\n`,
);
if (values.json !== undefined) {
	writeFileSync(values.json, `${JSON.stringify({version: 1, figures}, null, '\t')}\n`);
}
process.exitCode = figures.some(figure => verdict(figure) === 'MISSED') ? 1 : 0;

/** The figures of one bench; where it breaks off, one figure without a value that says why. */
async function measure(name: string, program: Program, others: number): Promise<readonly Figure[]> {
	try {
		const measured = await benches[name]?.({
			program,
			containers,
			others,
			runs: Number(values.runs),
			seconds: Number(values.seconds),
			minutes: Number(values.minutes),
			scale: Number(values.scale),
			seed: Number(values.seed ?? Date.now() % 1e6),
		});
		return measured ?? [];
	} catch (error) {
		const [note = ''] = String(error).split('\n');
		process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
		const failed = {
			bench: name,
			what: 'broke off',
			unit: '',
			program: program.name,
			value: Number.NaN,
			note,
		};
		return [program.name === 'opsconsole' ? {...failed, limit: 0} : failed];
	}
}
