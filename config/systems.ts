/** Ids of the shipped profiles, one per operations handbook; each is a file config/systems/<id>.yaml. */
export const systems = [
	'football-prediction',
	'learning-platform',
	'stock-analysis',
	'app-example',
	'fund-calc',
] as const;

export type SystemId = (typeof systems)[number];

/** Whether a text is the id of a shipped profile. */
export function isSystemId(text: string): text is SystemId {
	return systems.some(id => id === text);
}
