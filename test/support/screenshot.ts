// node test/support/screenshot.ts --columns 120 --rows 40 --wait "containers" --keys "down enter" --out file.png -- bin/opsconsole
import {parseArgs} from 'node:util';
import {writePicture} from './picture.ts';
import {openTerminal, type Terminal} from './terminal.ts';

const {values, positionals} = parseArgs({
	allowPositionals: true,
	options: {
		columns: {type: 'string', default: '120'},
		rows: {type: 'string', default: '40'},
		/** Text that must be on the screen before the first key, and after the last one. */
		wait: {type: 'string'},
		then: {type: 'string'},
		/** Key names separated by blanks. */
		keys: {type: 'string', default: ''},
		/** How long the screen must not change to count as finished. */
		quiet: {type: 'string', default: '1200'},
		out: {type: 'string'},
		/** Prints the screen as text too. */
		text: {type: 'boolean', default: false},
	},
});
const [command, ...args] = positionals;
if (command === undefined) {
	process.stderr.write(
		'usage: node test/support/screenshot.ts [--out file.png] [--text] -- command…\n',
	);
	process.exit(64);
}

const terminal = openTerminal({
	command,
	args,
	columns: Number(values.columns),
	rows: Number(values.rows),
});
try {
	if (values.wait !== undefined) await terminal.waitForText(values.wait);
	await quiet(terminal);
	for (const key of values.keys.split(' ').filter(name => name !== '')) {
		terminal.press(key);
		await quiet(terminal, 150);
	}
	if (values.then !== undefined) await terminal.waitForText(values.then);
	await quiet(terminal);
	if (values.out !== undefined) await writePicture(terminal, values.out);
	if (values.text || values.out === undefined) process.stdout.write(`${terminal.screen().text}\n`);
} finally {
	await terminal.close();
}

/** Resolves when nothing was written for a while, or after four times that for a screen that never rests. */
async function quiet(shown: Terminal, quietMs = Number(values.quiet)): Promise<void> {
	const lastMs = Date.now() + 4 * quietMs;
	let bytes = -1;
	while ((bytes !== shown.rawBytes() || bytes === 0) && Date.now() < lastMs) {
		bytes = shown.rawBytes();
		await new Promise(resolve => setTimeout(resolve, quietMs));
	}
}
