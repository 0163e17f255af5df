import type {Words} from '../words.ts';

/** What each dangerous command would really do, and what opsconsole does instead; by id. */
export type DangerWords = Readonly<
	Record<string, {readonly really: Words; readonly instead: Words}>
>;
