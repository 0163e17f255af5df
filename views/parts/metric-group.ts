import {alertIndex} from '../../src/store/select-alerts.ts';
import type {Data} from '../../src/store/state.ts';
import {levelSign, levelStyle, type Line, span} from './spans.ts';

/** A figure with its label; where it is in trouble, with the sign and the colour of its level. */
export function metricGroup(
	data: Data,
	facts: {
		readonly label: string;
		readonly value: string;
		readonly metric: string;
		readonly target: string;
	},
): Line {
	const {label, value, metric, target} = facts;
	const level = alertIndex(data).levelOf(metric, target);
	const style = levelStyle(level);
	return [
		...(level === 'ok' ? [] : [span(`${levelSign[level]} `, style)]),
		span(`${label} `, {dim: true}),
		span(value, style),
	];
}

/** The groups in trouble first, so that a small place shows them; else in the given order. */
export function troubleFirst(groups: readonly Line[]): readonly Line[] {
	const isTrouble = (group: Line) => group.some(part => part.color !== undefined);
	return [...groups.filter(isTrouble), ...groups.filter(group => !isTrouble(group))];
}
