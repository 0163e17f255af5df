/** Whether a text is the id of a run, and so the name of a folder and nothing else. */
export function isRunId(text: string): boolean {
	return /^\d{8}T\d{6}Z-[0-9a-f]{8}$/.test(text);
}
