import {usePaste, useStdin} from 'ink';
import {useEffect} from 'react';
import {createKeyDecoder, type KeyInput} from '../src/domain/key-decoder.ts';
import {useAppStore} from './store-context.ts';

/**
 * The only place that listens to the keyboard. What a key means is decided in `src/store/keys.ts`. Ink owns the
 * terminal's modes and reads; its own keys are not used, because it gives several keys of one piece as one text, gives
 * nothing for F1 to F12, and reads Alt+q as q.
 */
export function useKeys(): void {
	const store = useAppStore();
	const {stdin, setRawMode} = useStdin();
	// Only switches marked pastes on; their text comes with everything else below.
	usePaste(() => undefined);
	useEffect(() => {
		const decoder = createKeyDecoder();
		let timer: ReturnType<typeof setTimeout> | undefined;
		const send = (inputs: readonly KeyInput[]) => {
			// When a key came, and how many came with it, tells typing from a paste that no terminal marked.
			const atMs = performance.now();
			const together = inputs.length;
			for (const input of inputs) {
				if (input.type === 'paste') store.send({type: 'text-pasted', text: input.text});
				else {
					const {key, text} = input;
					store.send({type: 'key-pressed', key, text, atMs, together});
				}
			}
		};
		const onData = (chunk: unknown) => {
			clearTimeout(timer);
			send(decoder.push(String(chunk), performance.now()));
			const waitMs = decoder.waitMs();
			if (waitMs !== undefined) timer = setTimeout(() => send(decoder.flush()), waitMs);
		};
		setRawMode(true);
		stdin.on('data', onData);
		return () => {
			clearTimeout(timer);
			stdin.off('data', onData);
			setRawMode(false);
		};
	}, [store, stdin, setRawMode]);
}
