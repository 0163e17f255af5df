import {type Binding, keymap, textPlaces} from '../../config/keymap.ts';
import {type Look, useLook} from '../../hooks/use-look.ts';
import {widthOf} from '../../src/domain/format.ts';
import {heading} from '../panels/panel.tsx';
import {wrapped} from '../parts/reading-lines.ts';
import {cell, type Line, lineWidth, span} from '../parts/spans.ts';
import {keyName} from './key-line.tsx';
import {TextScreen, textOf} from './text-screen.tsx';

/** Width from which on the keys stand in two columns. */
const twoColumns = 110;

function groupLines(look: Look, group: Binding['group'], width: number): readonly Line[] {
	const bindings: readonly Binding[] = keymap;
	const shown = bindings.filter(
		binding =>
			binding.group === group && !binding.places.every(place => textPlaces.includes(place)),
	);
	const keyWidth = Math.max(...shown.map(binding => widthOf(keysOf(binding))));
	return [
		[span(look.say(`help.group.${group}`), {bold: true})],
		...shown.flatMap((binding): readonly Line[] => {
			const titles = wrapped(binding.title[look.language], width - keyWidth - 4, 2);
			return titles.map((title, index) => [
				span('  '),
				cell(index === 0 ? keysOf(binding) : '', keyWidth, {bold: true}),
				span(`  ${title}`),
			]);
		}),
	];
}

/** The keys of a command; the numbers of the panels as one. */
function keysOf({keys}: Binding): string {
	return keys
		.filter(key => !/^[2-9]$/.test(key))
		.map(keyName)
		.join(' ');
}

/** Every key by group, from the key table; side by side where there is room. */
export function helpLines(look: Look, width: number): readonly Line[] {
	const half = Math.floor((width - 2) / 2);
	const signs = wrapped(look.say('help.signs'), width, 3).map((text): Line => [
		span(text, {dim: true}),
	]);
	if (width < twoColumns) {
		const group = (name: Binding['group']) => [...groupLines(look, name, width), []];
		return [
			...signs,
			[],
			...group('Move'),
			...group('Look'),
			...group('Guide'),
			...group('Change'),
			...group('General'),
		];
	}

	const column = (...names: readonly Binding['group'][]) =>
		names.flatMap((name, index) => [...(index === 0 ? [] : [[]]), ...groupLines(look, name, half)]);
	const left = column('Move', 'General', 'Change');
	const right = column('Look', 'Guide');
	const rows = Array.from({length: Math.max(left.length, right.length)}, (_, index): Line => {
		const line = left[index] ?? [];
		return [
			...line,
			span(' '.repeat(Math.max(2, half + 2 - lineWidth(line)))),
			...(right[index] ?? []),
		];
	});
	return [...signs, [], ...rows];
}

/** The help screen. */
export function HelpScreen({width, height}: {readonly width: number; readonly height: number}) {
	const look = useLook();
	const head = (note: string): Line =>
		heading(look, {title: look.say('help.title'), note, width, isFocused: true});
	return (
		<TextScreen head={head} text={textOf(helpLines(look, width))} width={width} height={height} />
	);
}
