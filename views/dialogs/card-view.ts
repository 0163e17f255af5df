import type {Look} from '../../hooks/use-look.ts';
import {type CardLine, cardOf} from '../../src/domain/card.ts';
import {widthOf} from '../../src/domain/format.ts';
import type {Plan} from '../../src/domain/plan.ts';
import {remainingDwellMs} from '../../src/store/confirm.ts';
import type {CardDialog} from '../../src/store/dialog.ts';
import {dwellOf} from '../../src/store/dialog-events.ts';
import {environmentBanner} from '../parts/banner.ts';
import {buttonLine} from '../parts/buttons.ts';
import {wrapped} from '../parts/reading-lines.ts';
import {riskSpan} from '../parts/risk.ts';
import {lastCells, type Line, span, type Style} from '../parts/spans.ts';

/** Rows that one line of a card may take; nothing of a plan is that long. */
const mostRows = 40;

function lines(facts: {
	readonly text: string;
	readonly lead: string;
	readonly width: number;
	readonly style?: Style;
}): readonly Line[] {
	const {text, lead, width, style = {}} = facts;
	const room = Math.max(10, width - widthOf(lead) - 1);
	return wrapped(text, room, mostRows).map((row, index) => [
		span(index === 0 ? lead : ' '.repeat(widthOf(lead)), style),
		span(row, style),
	]);
}

function cardLine(look: Look, {kind, label, text}: CardLine, width: number): readonly Line[] {
	switch (kind) {
		case 'fact':
			return lines({text: `${label ?? ''}${look.say('colon')}${text}`, lead: '  ', width});
		case 'command':
			return lines({text, lead: '     $ ', width, style: {color: 'cyan'}});
		case 'danger':
			return lines({text, lead: '  ! ', width, style: {color: 'red', bold: true}});
		case 'text':
			return lines({text, lead: '  ', width});
	}
}

/** Everything that would be done, under the environment that it is done in. */
export function cardRows(look: Look, plan: Plan, width: number): readonly Line[] {
	const {sections} = cardOf(plan, look.language);
	const banner = environmentBanner(look, plan.identity.environment);
	return [
		[span(' '), banner, span('  '), riskSpan(look, plan.risk)],
		...sections
			.filter(({id}) => id !== 'confirm')
			.flatMap(section => [
				[span(` ${section.title}`, {bold: true})],
				...section.lines.flatMap(line => cardLine(look, line, width)),
			]),
	];
}

/** How it is confirmed: buttons, or the text that is typed, with why the last key did not count. */
export function cardFooter(look: Look, card: CardDialog, width: number): readonly Line[] {
	if (card.plan.risk === 'destructive') return typedLines(look, card, width);
	const note = card.notice ? look.say(`card.${card.notice}`) : look.say('card.choose');
	const hint = card.plan.risk === 'safe' && !card.notice ? look.say('card.enter-runs') : note;
	return [
		[
			...buttonLine([
				{text: look.say('card.cancel'), hasFocus: card.focus === 'cancel'},
				{text: look.say('card.run'), hasFocus: card.focus === 'run'},
			]),
			span(`  ${hint}`, card.notice ? {color: 'yellow', bold: true} : {dim: true}),
		],
	];
}

function typedLines(look: Look, card: CardDialog, width: number): readonly Line[] {
	const {plan, typed} = card;
	const prompt = look.say('card.type', {text: plan.confirm ?? ''});
	const room = Math.max(8, width - 6);
	const shown = widthOf(typed.text) > room ? lastCells(typed.text, room) : typed.text;
	return [
		...wrapped(prompt, width - 2, 2).map((row): Line => [span(` ${row}`, {bold: true})]),
		[span(' > '), span(`${shown}_`, {inverse: true, bold: true})],
		[typedNote(look, card)],
	];
}

function typedNote(look: Look, card: CardDialog): Line[number] {
	const {typed} = card;
	const leftMs = remainingDwellMs(typed, dwellOf(card), card.nowMs);
	if (leftMs !== undefined && leftMs > 0) {
		const seconds = Math.ceil(leftMs / 1000);
		return span(`   ${look.say('card.dwell', {seconds})}`, {color: 'yellow', bold: true});
	}

	const isOver = typed.notice === undefined || typed.notice === 'dwell';
	if (!isOver) {
		return span(`   x ${look.say(`card.${typed.notice}`)}`, {color: 'red', bold: true});
	}

	return leftMs === 0
		? span(`   + ${look.say('card.matches')}`, {color: 'green', bold: true})
		: span('');
}
