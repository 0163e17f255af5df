import {parseCron} from './cron.ts';
import type {ScheduleRun, Settings} from './settings.ts';

/** What a scheduled job runs, as the words behind `opsconsole`. */
export const scheduleRuns = [
	'backup all',
	'backup database',
	'backup redis',
	'backup files',
	'backup logs',
	'verify latest',
	'verify all',
	'prune',
	'status',
	'notify overdue',
	'check daily',
	'check weekly',
	'check monthly',
] as const satisfies readonly ScheduleRun[];

/** The operation that a run of a job writes into the audit; a job that only looks writes none. */
export const operationOfRun: Readonly<Partial<Record<ScheduleRun, string>>> = {
	'backup database': 'backup-database',
	'backup redis': 'backup-redis',
	'backup files': 'backup-files',
	'backup logs': 'backup-logs',
	'backup all': 'backup-everything',
	'verify latest': 'verify-backup',
	'verify all': 'verify-backup',
	prune: 'prune-backups',
};

/** A job that can be installed. */
export type ScheduledJob = {
	/** Part of the unit's name; unique. */
	readonly id: string;
	readonly cron: string;
	readonly run: ScheduleRun;
	readonly title: string;
	readonly provenance: string;
};

const runOfKind = {
	database: 'backup database',
	redis: 'backup redis',
	configuration: 'backup files',
	files: 'backup files',
	logs: 'backup logs',
} as const;

/**
 * The jobs of a configuration: its schedules that say what to run, then the sets of backups with a schedule whose kind
 * none of those makes. Schedules without `run` are for people and stay in the calendar.
 */
export function jobsOf({schedules, backups}: Pick<Settings, 'schedules' | 'backups'>) {
	const jobs: ScheduledJob[] = schedules.flatMap(({id, cron, run, title, provenance}) =>
		run === undefined ? [] : [{id, cron, run, title, provenance}],
	);
	for (const {id, kind, schedule, provenance} of backups) {
		const run = runOfKind[kind];
		if (schedule === undefined || jobs.some(job => job.run === run || job.run === 'backup all')) {
			continue;
		}

		const name = jobs.some(job => job.id === `backup-${id}`) ? `backup-set-${id}` : `backup-${id}`;
		jobs.push({id: name, cron: schedule.trim(), run, title: run, provenance});
	}

	return jobs as readonly ScheduledJob[];
}

/** When the schedules of a configuration have backups of a kind made; undefined: they do not say. */
export function scheduleOfKind(
	schedules: Settings['schedules'],
	kind: keyof typeof runOfKind,
): string | undefined {
	const direct = schedules.find(({run}) => run === runOfKind[kind]);
	return (direct ?? schedules.find(({run}) => run === 'backup all'))?.cron;
}

/** How the jobs start this program. */
export type ScheduleProgram = {
	/** Absolute path of the program and the options of the configuration. */
	readonly argv: readonly string[];
	/** Where it is started, so that `./opsconsole.yaml` is the same file. */
	readonly workFolder: string;
	/** The account that runs it. */
	readonly user: string;
};

/** The first line of every file that `schedule install` writes; a file without it is never replaced. */
export const markerLine = '# Made by "opsconsole schedule install"; changes are lost.';

/** Whether a file is one of ours. */
export function isOurs(text: string): boolean {
	return text.split('\n', 1)[0] === markerLine;
}

/** What a job does, as words; what changes something is confirmed, and people are told where it is refused. */
function wordsOf({run}: Pick<ScheduledJob, 'run'>): readonly string[] {
	const isChange = operationOfRun[run] !== undefined;
	return [...run.split(' '), ...(isChange ? ['--yes', '--scheduled'] : [])];
}

/** Arguments of a job. */
export function argvOf(job: Pick<ScheduledJob, 'run'>, program: ScheduleProgram) {
	return [...program.argv, ...wordsOf(job)];
}

const plainWord = /^[\w@+=:,./-]+$/;

/** A word for /bin/sh in a crontab, where a per cent sign would end the line. */
function cronWord(word: string): string {
	const quoted = plainWord.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
	return quoted.replaceAll('%', String.raw`\%`);
}

/** A word of ExecStart: systemd has its own quotes, specifiers and variables. */
function unitWord(word: string): string {
	if (plainWord.test(word)) return word;
	const inside = word.replace(/["\\]/g, String.raw`\$&`);
	return `"${inside.replaceAll('%', '%%').replaceAll('$', '$$$$')}"`;
}

/**
 * The whole of /etc/cron.d/opsconsole: one line a job, with the user field that cron.d wants, and a PATH, because cron
 * has almost none.
 */
export function cronFile(jobs: readonly ScheduledJob[], program: ScheduleProgram): string {
	const line = (job: ScheduledJob): string => {
		const words = argvOf(job, program).map(word => cronWord(word));
		const time = job.cron.trim().split(/\s+/).join(' ');
		return `${time} ${program.user} cd ${cronWord(program.workFolder)} && ${words.join(' ')}`;
	};
	return [
		markerLine,
		'SHELL=/bin/sh',
		'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
		...jobs.flatMap(job => [`# ${job.id}`, line(job)]),
		'',
	].join('\n');
}

const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

function listOf(values: ReadonlySet<number>, count: number, width: number): string {
	if (values.size === count) return '*';
	const sorted = [...values].toSorted((a, b) => a - b);
	return sorted.map(value => String(value).padStart(width, '0')).join(',');
}

/**
 * A cron expression as OnCalendar lines of systemd: two where cron would start on either the day of the month or the
 * weekday. Undefined for an expression that is not understood.
 */
export function calendarOf(expression: string): readonly string[] | undefined {
	const cron = parseCron(expression);
	if (cron === undefined) return undefined;
	const time = `${listOf(cron.hours, 24, 2)}:${listOf(cron.minutes, 60, 2)}:00`;
	const month = listOf(cron.months, 12, 2);
	const day = listOf(cron.days, 31, 2);
	const named = [...cron.weekdays].toSorted((a, b) => a - b).map(value => weekdays[value] ?? '');
	const week = named.length === 7 ? '' : `${named.join(',')} `;
	return cron.isEitherDay
		? [`*-${month}-${day} ${time}`, `${week}*-${month}-* ${time}`]
		: [`${week}*-${month}-${day} ${time}`];
}

/** A file that an installation consists of. */
export type ScheduleFile = {readonly name: string; readonly text: string};

/** Service and timer of every job. A run that was missed while the machine was off is made up for. */
export function unitFiles(
	jobs: readonly ScheduledJob[],
	program: ScheduleProgram,
): readonly ScheduleFile[] {
	return jobs.flatMap(job => {
		const words = argvOf(job, program).map(word => unitWord(word));
		const service = [
			markerLine,
			'[Unit]',
			`Description=opsconsole ${job.run} (${job.id})`,
			'',
			'[Service]',
			'Type=oneshot',
			// What a run started goes on by itself: its worker, and whoever tells how it ended.
			'KillMode=process',
			`User=${program.user}`,
			`WorkingDirectory=${program.workFolder.replaceAll('%', '%%')}`,
			`ExecStart=${words.join(' ')}`,
			'',
		];
		const timer = [
			markerLine,
			'[Unit]',
			`Description=opsconsole ${job.run} (${job.id})`,
			'',
			'[Timer]',
			...(calendarOf(job.cron) ?? []).map(line => `OnCalendar=${line}`),
			'Persistent=true',
			'',
			'[Install]',
			'WantedBy=timers.target',
			'',
		];
		const name = `opsconsole-${job.id}`;
		return [
			{name: `${name}.service`, text: service.join('\n')},
			{name: `${name}.timer`, text: timer.join('\n')},
		];
	});
}

/** Name of the file in /etc/cron.d; cron ignores names with a dot, which the file has while it is written. */
export const cronFileName = 'opsconsole';

/** Whether a file of systemd's folder may be one of ours by its name. */
export function isUnitName(name: string): boolean {
	return /^opsconsole-[\w.-]+\.(?:service|timer)$/.test(name);
}

/**
 * Numbers of the lines of a file in /etc/cron.d that cron never runs as they were meant, because the user is missing:
 * the word after the time is no account of this machine.
 */
export function linesWithoutUser(
	text: string,
	users: ReadonlySet<string>,
): readonly {readonly line: number; readonly word: string}[] {
	return text.split('\n').flatMap((raw, index) => {
		const line = raw.trim();
		if (line === '' || line.startsWith('#') || /^\w+\s*=/.test(line)) return [];
		const words = line.split(/\s+/);
		const timeWords = line.startsWith('@') ? 1 : 5;
		const word = words[timeWords];
		if (word === undefined || words.length < timeWords + 1 || users.has(word)) return [];
		return [{line: index + 1, word}];
	});
}

/** Whether a job is in the files that were found: as the configuration has it, otherwise, or not at all. */
export function installedAs(
	job: ScheduledJob,
	form: 'systemd' | 'cron',
	files: readonly ScheduleFile[],
): 'same' | 'other' | 'none' {
	const run = ` ${wordsOf(job).join(' ')}`;
	if (form === 'cron') {
		const lines = files.find(({name}) => name === cronFileName)?.text.split('\n') ?? [];
		const at = lines.indexOf(`# ${job.id}`);
		if (at < 0) return 'none';
		const [line = '', time] = [lines[at + 1], job.cron.trim().split(/\s+/).join(' ')];
		return line.startsWith(`${time} `) && line.endsWith(run) ? 'same' : 'other';
	}

	const textOf = (kind: string) =>
		files.find(({name}) => name === `opsconsole-${job.id}.${kind}`)?.text;
	const [service, timer] = [textOf('service'), textOf('timer')];
	if (service === undefined || timer === undefined) return 'none';
	const times = timer.split('\n').filter(line => line.startsWith('OnCalendar='));
	const wanted = (calendarOf(job.cron) ?? []).map(line => `OnCalendar=${line}`);
	const isSame = times.join('\n') === wanted.join('\n') && service.includes(`${run}\n`);
	return isSame ? 'same' : 'other';
}

/** Ids of the jobs that are installed, whatever the configuration says. */
export function installedIds(
	form: 'systemd' | 'cron',
	files: readonly ScheduleFile[],
): readonly string[] {
	const found =
		form === 'cron'
			? files.flatMap(({text}) => [...text.matchAll(/^# ([\w.-]+)$/gm)].map(match => match[1]))
			: files.map(({name}) => /^opsconsole-(.+)\.timer$/.exec(name)?.[1]);
	return found.filter(id => id !== undefined);
}
