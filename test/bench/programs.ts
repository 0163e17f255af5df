import {spawnSync} from 'node:child_process';
import {fileURLToPath} from 'node:url';
import type {Screen} from '../support/screen.ts';

/** A program to measure, and how its screen tells what it knows. */
export type Program = {
	readonly name: string;
	readonly command: string;
	readonly args: readonly string[];
	/** Anything useful is on the screen. */
	readonly isDrawn: (screen: Screen) => boolean;
	/** The list of containers can be read. */
	readonly isListed: (screen: Screen) => boolean;
	/** Every panel shows values. */
	readonly isFilled: (screen: Screen) => boolean;
	/** A line of a container that died, and of one that runs. */
	readonly deadLine: RegExp;
	readonly aliveLine: RegExp;
	readonly downKey: string;
	readonly upKey: string;
};

const listed = /bench-\d/;

const opsconsole: Program = {
	name: 'opsconsole',
	command: fileURLToPath(new URL('../../bin/opsconsole', import.meta.url)),
	args: [],
	isDrawn: screen => screen.text.trim() !== '',
	isListed: screen => listed.test(screen.text),
	isFilled: ({text}) =>
		/bench-\d+ +running +[\d.]+%/.test(text) &&
		/^cpu .*\d%/m.test(text) &&
		!/reading …|no logs|looking for/i.test(text),
	deadLine: /exited|stopped|dead|已退出|已停止/i,
	aliveLine: /running|\bup\b|运行/i,
	downKey: 'j',
	upKey: 'k',
};

const peers: readonly Program[] = [
	{
		...opsconsole,
		name: 'lazydocker',
		command: 'lazydocker',
		isFilled: screen => /bench-\d.*%/.test(screen.text),
	},
	{
		...opsconsole,
		name: 'glances',
		command: 'glances',
		isFilled: screen => /bench-\d.*\d\.\d/.test(screen.text),
		deadLine: /exited/i,
	},
	{
		...opsconsole,
		name: 'ctop',
		command: 'ctop',
		isFilled: screen => /bench-\d.*%/.test(screen.text),
		deadLine: /exited|^\s*(?!.*%)/i,
	},
];

/** The console, and with `withPeers` every program of its kind that is installed. */
export function programs(withPeers: boolean): readonly Program[] {
	const installed = peers.filter(
		peer => spawnSync('sh', ['-c', 'command -v "$1"', 'sh', peer.command]).status === 0,
	);
	return withPeers ? [opsconsole, ...installed] : [opsconsole];
}

/** The console watching only these Compose projects; where one of them is a lab, its servers are panels to be filled too. */
export function watching(program: Program, projects: readonly string[], hasLab: boolean): Program {
	return {
		...program,
		args: projects.flatMap(project => ['--project', project]),
		isFilled: screen =>
			program.isFilled(screen) &&
			(!hasLab || (/conns .*\d/.test(screen.text) && /clients \d/.test(screen.text))),
	};
}

/** The console with other text patterns or another command, for measuring a stand-in. */
export function withPatterns(
	program: Program,
	patterns: {
		readonly listed?: string;
		readonly filled?: string;
		readonly command?: readonly string[];
	},
): Program {
	const [command = program.command, ...args] = patterns.command ?? [];
	const isListed = patterns.listed === undefined ? undefined : new RegExp(patterns.listed);
	const isFilled = patterns.filled === undefined ? undefined : new RegExp(patterns.filled);
	return {
		...program,
		command,
		args: patterns.command === undefined ? program.args : args,
		...(isListed && {isListed: (screen: Screen) => isListed.test(screen.text)}),
		...(isFilled && {isFilled: (screen: Screen) => isFilled.test(screen.text)}),
	};
}
