import type {Look} from '../../hooks/use-look.ts';
import type {Risk} from '../../src/domain/plan.ts';
import {type Span, span, type Style} from './spans.ts';

/** Sign and colour of each risk; the word is beside them. */
const risks: Readonly<Record<Risk, {readonly sign: string; readonly style: Style}>> = {
	safe: {sign: '+', style: {color: 'green'}},
	disruptive: {sign: '!', style: {color: 'yellow', bold: true}},
	destructive: {sign: 'x', style: {color: 'red', bold: true}},
};

/** A risk in sign, word and colour: `x DESTRUCTIVE`. */
export function riskSpan(look: Look, risk: Risk): Span {
	const {sign, style} = risks[risk];
	return span(`${sign} ${look.say(`risk.${risk}`)}`, style);
}
