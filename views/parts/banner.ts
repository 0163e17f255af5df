import type {Look} from '../../hooks/use-look.ts';
import type {EnvironmentKind, Settings} from '../../src/domain/settings.ts';
import {type Span, span, type Style} from './spans.ts';

/** Word, shape and colour of each kind; the shape tells them apart without colour. */
const banners: Readonly<
	Record<EnvironmentKind, {readonly frame: readonly [string, string]; readonly style: Style}>
> = {
	production: {frame: ['[[', ']]'], style: {color: 'red', inverse: true, bold: true}},
	unknown: {frame: ['[[?', '?]]'], style: {color: 'red', inverse: true, bold: true}},
	staging: {frame: ['[', ']'], style: {color: 'yellow', inverse: true}},
	test: {frame: ['(', ')'], style: {color: 'cyan'}},
	development: {frame: ['<', '>'], style: {color: 'green'}},
};

/** The environment in word, shape and colour: `[[ PRODUCTION shop ]]`. */
export function environmentBanner(look: Look, environment: Settings['environment']): Span {
	const {kind, name} = environment;
	const banner = banners[kind];
	const isNamed = name !== '' && name !== kind;
	const [open, close] = banner.frame;
	const word = look.say(`environment.${kind}`);
	return span(`${open} ${word}${isNamed ? ` ${name}` : ''} ${close}`, banner.style);
}
