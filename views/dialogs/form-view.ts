import type {Look} from '../../hooks/use-look.ts';
import {widthOf} from '../../src/domain/format.ts';
import type {Form} from '../../src/store/dialog.ts';
import {choicesOf, fieldOf, selectedChoice} from '../../src/store/dialog-keys.ts';
import type {State} from '../../src/store/state.ts';
import {sayProblem} from '../../src/words/say-problem.ts';
import {problemLines, wrapped} from '../parts/reading-lines.ts';
import {cell, lastCells, type Line, selectedLine, span} from '../parts/spans.ts';
import type {Listed} from './menu-view.ts';

/** What a form asks for now: a list to choose from, or a line to type into. */
export function formRows(state: State, look: Look, form: Form, width: number): Listed {
	const field = fieldOf(form);
	if (!field) return {lines: [], at: 0};
	const title: Line = [span(` ${look.say(field.title)}`, {bold: true})];
	if (field.kind === 'choice') {
		const {lines, at} = choiceRows(state, look, form, width);
		return {lines: [title, ...lines], at: at + 1};
	}

	const room = width - 6;
	const shown = widthOf(form.input) > room ? lastCells(form.input, room) : form.input;
	const range = field.kind === 'number' ? {least: field.least, most: field.most} : undefined;
	const bad = range
		? look.say('field.bad-number', range)
		: look.say('field.bad-text', {title: look.say(field.title)});
	return {
		lines: [
			title,
			[span(' > '), span(`${shown}_`, {inverse: true, bold: true})],
			...(range ? [[span(`   ${look.say('field.number', range)}`, {dim: true})]] : []),
			...(form.isRefused ? [[span(` x ${bad}`, {color: 'red', bold: true})]] : []),
		],
		at: 1,
	};
}

function choiceRows(state: State, look: Look, form: Form, width: number): Listed {
	const choices = choicesOf(state, form);
	if (choices.kind === 'loading')
		return {lines: [[span(`   ${look.say('reading.waiting')}`, {dim: true})]], at: 0};
	if (choices.kind === 'failed') return {lines: problemLines(look, choices.problem, width), at: 0};
	const {list} = choices;
	if (list.length === 0) return {lines: [[span(`   ${look.say('field.none')}`)]], at: 0};
	const chosen = selectedChoice(state, form)?.value;
	const labelWidth = Math.min(
		Math.floor(width * 0.6),
		Math.max(...list.map(({label}) => widthOf(label))) + 2,
	);
	return {
		lines: list.map(({value, label, detail = '', obstacle}) => {
			const isSelected = value === chosen;
			const why = obstacle && `${look.glyphs.dot} ${sayProblem(look.language, obstacle).summary}`;
			const line: Line = [
				span(isSelected ? ` ${look.glyphs.select} ` : '   '),
				cell(label, labelWidth, obstacle ? {dim: true} : {}),
				span(why ?? detail, {dim: true}),
			];
			return isSelected ? selectedLine(line) : line;
		}),
		at: Math.max(
			0,
			list.findIndex(({value}) => value === chosen),
		),
	};
}

/** The selected choice in full, because its row may be cut; of one that cannot be chosen, why and what to do about it. */
export function formFooter(state: State, look: Look, form: Form, width: number): readonly Line[] {
	const choice = selectedChoice(state, form);
	if (choice?.detail === undefined) return [];
	const whole = wrapped(`${choice.label}  ${choice.detail}`, width - 2, 3);
	return [
		...whole.map((text): Line => [span(` ${text}`)]),
		...(choice.obstacle ? problemLines(look, choice.obstacle, width, 6) : []),
	];
}
