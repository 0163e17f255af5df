import {Box, Text, useInput, useWindowSize} from 'ink';
import {useState, type ReactElement} from 'react';
import {expect, test} from 'vitest';
import {drawFrame} from '../support/frame.tsx';

function Counter({name}: {readonly name: string}): ReactElement {
	const {columns, rows} = useWindowSize();
	const [count, setCount] = useState(0);
	const [last, setLast] = useState('none');
	useInput((input, key) => {
		if (input === '+') setCount(value => value + 1);
		setLast(key.escape ? 'esc' : key.downArrow ? 'down' : input);
	});
	return (
		<Box width={columns} height={rows} overflow="hidden" flexDirection="column">
			<Text color="red">{`${name} ${count} ${last} ${columns}x${rows} 容器`}</Text>
		</Box>
	);
}

test('a frame shows the element, its keys, its new properties and its new size', async () => {
	const frame = await drawFrame(<Counter name="first" />, {columns: 60, rows: 5});
	expect(frame.lines()[0]).toBe('first 0 none 60x5 容器');
	expect(frame.cells(0)[0]).toMatchObject({text: 'f', foreground: 1});
	expect((await frame.press('+', '+')).lines[0]).toBe('first 2 + 60x5 容器');
	expect((await frame.press('down')).lines[0]).toBe('first 2 down 60x5 容器');
	expect((await frame.press('esc')).lines[0]).toBe('first 2 esc 60x5 容器');
	expect((await frame.rerender(<Counter name="second" />)).lines[0]).toBe('second 2 esc 60x5 容器');
	expect((await frame.resize(40, 3)).lines).toEqual(['second 2 esc 40x3 容器', '', '']);
	await frame.unmount();
});
