import {Box} from 'ink';
import {useShown} from '../../hooks/store-context.ts';
import {useStateOf} from '../../hooks/use-state-of.ts';
import {type Look, useLook} from '../../hooks/use-look.ts';
import type {Ask, Dialog, Form, Scopes} from '../../src/store/dialog.ts';
import {foundJobs, isOpen, jobOf, runningJobs} from '../../src/store/jobs.ts';
import {shown} from '../../src/store/select.ts';
import type {State} from '../../src/store/state.ts';
import {sayPhrase} from '../../src/words/phrases/phrase.ts';
import {heading} from '../panels/panel.tsx';
import {buttonLine} from '../parts/buttons.ts';
import {jobRow} from '../parts/job-rows.ts';
import {problemLines, wrapped} from '../parts/reading-lines.ts';
import {Rows} from '../parts/rows.tsx';
import {sayRunbook, subjectText} from '../parts/runbook-lines.ts';
import {lastCells, type Line, selectedLine, span} from '../parts/spans.ts';
import {secondOf} from '../parts/timed.ts';
import {partNote, windowed} from '../parts/windowed.ts';
import {TextScreen, textOf} from '../screens/text-screen.tsx';
import {cardFooter, cardRows} from './card-view.ts';
import {formFooter, formRows} from './form-view.ts';
import {entryTitle, type Listed, menuFooter, menuRows, thingText} from './menu-view.ts';

type Size = {readonly width: number; readonly height: number};

/** What a dialog shows: a list that follows its selection or a text that is scrolled, and what stays below it. */
type Shown = {
	readonly title: string;
	readonly body: {readonly list: Listed} | {readonly text: readonly Line[]};
	readonly footer: readonly Line[];
};

function text(words: string, width: number): readonly Line[] {
	return wrapped(words, width - 2, 6).map(row => [span(` ${row}`)]);
}

function formTitle(state: State, look: Look, {entry}: Pick<Form, 'entry'>): string {
	return `${entryTitle(look, entry)}${look.say('colon')}${thingText(state, look, entry.thing)}`;
}

function shownOf(state: State, look: Look, dialog: Dialog, width: number): Shown {
	switch (dialog.kind) {
		case 'menu':
			return {
				title: look.say('actions.title'),
				body: {list: menuRows(state, look, dialog)},
				footer: menuFooter(state, look, dialog, width),
			};
		case 'form':
			return {
				title: formTitle(state, look, dialog),
				body: {list: formRows(state, look, dialog, width)},
				footer: formFooter(state, look, dialog, width),
			};
		case 'planning':
			return {
				title: dialog.entry ? formTitle(state, look, {entry: dialog.entry}) : dialog.operation,
				body: {
					text: [
						[span(` ${look.say('plan.looking')}`, {bold: true})],
						...text(look.say('plan.looking-more'), width),
					],
				},
				footer: [],
			};
		case 'refused':
			return {
				title: look.say('plan.refused'),
				body: {text: problemLines(look, dialog.problem, width, 12)},
				footer: [
					[span(` ${look.say('plan.nothing-changed')}`)],
					buttonLine([{text: look.say('card.close'), hasFocus: true}]),
				],
			};
		case 'card':
			return {
				title: sayPhrase(look.language, dialog.plan.title),
				body: {text: cardRows(look, dialog.plan, width)},
				footer: [
					[span(look.glyphs.rule.repeat(width), {dim: true})],
					...cardFooter(look, dialog, width),
				],
			};
		case 'starting':
			return {
				title: sayPhrase(look.language, dialog.plan.title),
				body: {text: text(look.say('plan.starting'), width)},
				footer: [],
			};
		case 'scopes':
			return {
				title: sayRunbook(look, 'scopes.title'),
				body: {list: {lines: scopeRows(state, look, dialog), at: dialog.selected}},
				footer: [],
			};
		case 'words':
			return {
				title: sayRunbook(look, `words.${dialog.what}`),
				body: {
					text: [
						[],
						[
							span(' > '),
							span(`${lastCells(dialog.text, width - 6)}_`, {inverse: true, bold: true}),
						],
						[],
						...(dialog.isMissing === true && dialog.text === ''
							? wrapped(sayRunbook(look, 'words.missing'), width - 2, 2).map((row): Line => [
									span(` ! ${row}`, {color: 'yellow', bold: true}),
								])
							: []),
						...(dialog.proposal === undefined
							? []
							: text(sayRunbook(look, 'words.proposal', {text: dialog.proposal}), width)),
						...text(sayRunbook(look, `words.means.${dialog.what}`), width),
					],
				},
				footer: [],
			};
		case 'ask':
			return asked(state, look, dialog, width);
		case 'leaving':
			return {
				title: look.say('leaving.title'),
				body: {
					text: [
						...text(look.say('leaving.goes-on'), width),
						...runningJobs(state).map(job =>
							jobRow(look, job, {nowMs: shown(state).nowMs, width, isSelected: false}),
						),
					],
				},
				footer: [
					buttonLine([
						{text: look.say('leaving.stay'), hasFocus: dialog.focus === 'no'},
						{text: look.say('leaving.leave'), hasFocus: dialog.focus === 'yes'},
					]),
				],
			};
		case 'found': {
			const jobs = foundJobs(state, dialog);
			const selected = jobs.find(({id}) => id === dialog.selected) ?? jobs[0];
			const isCut = jobs.some(({state: now}) => now === 'unfinished');
			return {
				title: look.say('found.title'),
				body: {
					list: {
						lines: jobs.map(job =>
							jobRow(look, job, {nowMs: shown(state).nowMs, width, isSelected: job === selected}),
						),
						at: Math.max(
							0,
							jobs.findIndex(job => job === selected),
						),
					},
				},
				footer: [
					...text(look.say(jobs.some(isOpen) ? 'found.running' : 'found.ended'), width),
					...(isCut ? text(look.say('found.unfinished'), width) : []),
				],
			};
		}
	}
}

/** The things that a runbook can be about. */
function scopeRows(
	state: State,
	look: Look,
	{runbook: id, scopes, selected}: Scopes,
): readonly Line[] {
	const runbook = state.runbook.runbooks?.[id];
	return scopes.map((scope, index) => {
		const isSelected = index === selected;
		const name = runbook ? subjectText(look, runbook.on, scope) : '';
		const line: Line = [span(isSelected ? ` ${look.glyphs.select} ` : '   '), span(name)];
		return isSelected ? selectedLine(line) : line;
	});
}

function asked(state: State, look: Look, dialog: Ask, width: number): Shown {
	const job = jobOf(state, dialog.id);
	const {what, focus} = dialog;
	const means =
		what === 'recover'
			? look.say('job.recover.means')
			: look.say(`job.cancel.${job?.cancelMeans ?? 'undo'}`);
	const no = look.say(what === 'cancel' ? 'job.cancel.keep' : 'job.recover.no');
	const yes = look.say(what === 'cancel' ? 'job.cancel.yes' : 'job.recover.yes');
	return {
		title: look.say(`job.${what}.title`),
		body: {
			text: [
				...(job ? [jobRow(look, job, {nowMs: shown(state).nowMs, width, isSelected: false})] : []),
				...text(means, width),
			],
		},
		footer: [
			buttonLine([
				{text: no, hasFocus: focus === 'no'},
				{text: yes, hasFocus: focus === 'yes'},
			]),
		],
	};
}

/** What the shown dialogs read; a menu follows what the screen knows. */
const reads = (state: State): readonly unknown[] => [
	state.dialog,
	state.jobs,
	state.backups,
	state.data.readings,
	state.data.targets,
	state.settings,
	state.operations,
	state.ui.columns,
	secondOf(state.data),
];

/** The dialog on top, in the place of the screen below it. */
export function DialogScreen({width, height}: Size) {
	const look = useLook();
	const state = useStateOf(reads);
	const hasDialog = useShown(({dialog}) => dialog !== undefined);
	const {dialog} = state;
	if (!dialog || !hasDialog) return null;
	const {title, body, footer} = shownOf(state, look, dialog, width);
	const most = Math.max(0, height - 4);
	const below = footer.slice(0, most);
	const room = height - below.length;
	const head = (note: string): Line => heading(look, {title, note, width, isFocused: true});
	if ('list' in body) {
		const {lines, at} = body.list;
		// The heading of a group stays in sight with its first entry.
		const first = at <= 1 ? 0 : windowed(lines.length, at, room - 1);
		const part = partNote(look, first, room - 1, lines.length);
		return (
			<Box flexDirection="column" width={width} height={height} flexShrink={0}>
				<Rows
					lines={[head(part), ...lines.slice(first, first + room - 1)]}
					width={width}
					height={room}
				/>
				<Rows lines={below} width={width} height={below.length} />
			</Box>
		);
	}

	return (
		<Box flexDirection="column" width={width} height={height} flexShrink={0}>
			<TextScreen head={head} text={textOf(body.text)} width={width} height={room} />
			<Rows lines={below} width={width} height={below.length} />
		</Box>
	);
}
