import {useStateOf} from '../../hooks/use-state-of.ts';
import {type Look, useLook} from '../../hooks/use-look.ts';
import {clean} from '../../src/domain/clean.ts';
import {formatClock} from '../../src/domain/format.ts';
import type {Job} from '../../src/domain/job.ts';
import type {JsonValue, Plan} from '../../src/domain/plan.ts';
import {showCommand} from '../../src/domain/show-command.ts';
import {jobOf} from '../../src/store/jobs.ts';
import type {State} from '../../src/store/state.ts';
import {sayPhrase} from '../../src/words/phrases/phrase.ts';
import {heading} from '../panels/panel.tsx';
import {jobSummary} from '../parts/job-rows.ts';
import {stepSign} from '../parts/job-words.ts';
import {wrapped} from '../parts/reading-lines.ts';
import {type Line, span} from '../parts/spans.ts';
import {secondOf} from '../parts/timed.ts';
import {TextScreen, textOf} from './text-screen.tsx';

/** Rows that one line of a log, a command or a result may take. */
const mostRows = 12;

/** Lines of a result that are shown; all of it is in the job's folder. */
const mostResults = 60;

function title(look: Look, word: 'job.steps' | 'job.log' | 'job.result' | 'job.commands'): Line {
	return [span(` ${look.say(word)}`, {bold: true})];
}

function stepLines(look: Look, job: Job): readonly Line[] {
	return job.steps.map(({title: words, state}, index) => {
		const [sign, style] = stepSign(state);
		const number = String(index + 1).padStart(2);
		return [
			span(`  ${sign} ${number} ${sayPhrase(look.language, words)}`, style),
			...(state === 'waiting' || state === 'done'
				? []
				: [span(`  ${look.say(`job.step.${state}`)}`, style)]),
		];
	});
}

function noteLines(look: Look, job: Job, width: number): readonly Line[] {
	return job.notes.flatMap(({atMs, kind, phrase}) => {
		const isWarning = kind === 'warn';
		const words = `${isWarning ? '! ' : ''}${sayPhrase(look.language, phrase)}`;
		return wrapped(words, width - 12, mostRows).map((text, index): Line => [
			span(index === 0 ? `  ${formatClock(atMs)} ` : ' '.repeat(11), {dim: true}),
			span(text, isWarning ? {color: 'yellow', bold: true} : {}),
		]);
	});
}

/** The leaves of a result with their paths: `tables.0.rows: 12`. */
function resultTexts(value: JsonValue, path = ''): readonly string[] {
	if (typeof value !== 'object' || value === null) {
		return [clean(path === '' ? String(value) : `${path}: ${String(value)}`, 1000)];
	}

	return Object.entries(value).flatMap(([name, item]) =>
		resultTexts(item, path === '' ? name : `${path}.${name}`),
	);
}

/** The commands of every step that was begun; those of a step that waits are on the card. */
function commandLines(job: Job, plan: Plan, width: number): readonly Line[] {
	return plan.steps.flatMap(({id, commands}) => {
		const state = job.steps.find(step => step.id === id)?.state ?? 'waiting';
		if (state === 'waiting') return [];
		const [sign, style] = stepSign(state);
		return commands.flatMap(command =>
			wrapped(showCommand(command), width - 6, mostRows).map((text, index): Line => [
				span(index === 0 ? `  ${sign} $ ` : '      ', style),
				span(text, {color: 'cyan'}),
			]),
		);
	});
}

/** One operation in full. */
export function jobLines(state: State, look: Look, job: Job, width: number): readonly Line[] {
	const {nowMs} = state.data;
	const plan = state.jobPlan?.id === job.id ? state.jobPlan : undefined;
	const commands = plan ? commandLines(job, plan, width) : [];
	const results = job.result === undefined ? [] : resultTexts(job.result).slice(0, mostResults);
	return [
		...jobSummary(look, job, {nowMs, width, height: 12}),
		[],
		title(look, 'job.steps'),
		...stepLines(look, job),
		...(job.notes.length === 0 ? [] : [[], title(look, 'job.log')]),
		...noteLines(look, job, width),
		...(results.length === 0 ? [] : [[], title(look, 'job.result')]),
		...results.flatMap(text =>
			wrapped(text, width - 3, mostRows).map((row): Line => [span(`  ${row}`)]),
		),
		...(commands.length === 0 ? [] : [[], title(look, 'job.commands')]),
		...commands,
		[],
		...wrapped(look.say('job.folder', {folder: job.folder}), width - 2, 3).map((row): Line => [
			span(` ${row}`, {dim: true}),
		]),
	];
}

const reads = (state: State): readonly unknown[] => [
	state.jobs,
	state.jobPlan,
	secondOf(state.data),
];

/** One operation on the whole screen. */
export function JobScreen(props: {
	readonly id: string;
	readonly width: number;
	readonly height: number;
}) {
	const {id, width, height} = props;
	const look = useLook();
	const state = useStateOf(reads);
	const job = jobOf(state, id);
	const name = job ? `${sayPhrase(look.language, job.title)} ${job.target}` : id;
	const head = (note: string): Line => heading(look, {title: name, note, width, isFocused: true});
	const lines = job
		? jobLines(state, look, job, width)
		: [[span(` ${look.say(state.jobs ? 'job.gone' : 'reading.waiting')}`, {dim: true})]];
	return <TextScreen head={head} text={textOf(lines)} width={width} height={height} />;
}
