import {clean} from '../../domain/clean.ts';
import {
	clockOffset,
	parseChrony,
	parseTimedatectl,
	type ClockAnswer,
	type ClockState,
} from '../../domain/clock-state.ts';
import {infoNumber} from '../../domain/redis-info.ts';
import {numberOf} from '../../domain/unknown.ts';
import {most} from '../figures.ts';
import {maybe, within} from '../maybe.ts';
import type {LookFacts, LookReader} from '../reader.ts';
import {readInfo} from '../redis/info.ts';

const partMs = 900;
const mostServers = 12;

async function output(
	{io, signal}: LookFacts,
	[program, ...args]: readonly [string, ...string[]],
): Promise<string> {
	if (!(await io.processes.has(program))) return '';
	const result = await maybe(io.processes.run([program, ...args], within(partMs, signal)), signal);
	return result?.exitCode === 0 ? result.stdout : '';
}

/** Asks chrony, then systemd; the file is what timesyncd leaves where there is no bus to ask. */
async function clockState(facts: LookFacts): Promise<ClockState> {
	const [chrony, systemd, isMarked] = await Promise.all([
		output(facts, ['chronyc', '-n', '-c', 'tracking']).then(parseChrony),
		output(facts, ['timedatectl', 'show']).then(parseTimedatectl),
		facts.io.files.stat('/run/systemd/timesync/synchronized').then(
			() => true,
			() => false,
		),
	]);
	if (chrony !== undefined) return {isSynchronised: chrony, service: 'chrony'};
	if (isMarked) return {isSynchronised: true, service: 'systemd-timesyncd'};
	return systemd === undefined ? {} : {isSynchronised: systemd};
}

async function zoneOf({io}: LookFacts): Promise<string | undefined> {
	const link = await io.files.readLink('/etc/localtime').catch(() => '');
	const zone = /zoneinfo\/(.+)$/.exec(link)?.[1];
	const text = zone ?? (await io.files.readText('/etc/timezone', 200).catch(() => '')).trim();
	return text === '' ? undefined : clean(text, 60);
}

type Asked = {readonly name: string; readonly offsetMs: number};

/** Asks one server for its time; undefined where it does not tell. */
async function ask(
	name: string,
	facts: LookFacts,
	grainMs: number,
	timeOf: (signal: AbortSignal) => Promise<number | undefined>,
): Promise<Asked | undefined> {
	const {clock} = facts.io;
	const sentAtMs = clock.now();
	const serverMs = await maybe(timeOf(within(partMs, facts.signal)), facts.signal);
	if (serverMs === undefined) return undefined;
	const answer: ClockAnswer = {sentAtMs, receivedAtMs: clock.now(), serverMs, grainMs};
	return {name: clean(name, 100), offsetMs: clockOffset(answer)};
}

function compareAll(facts: LookFacts): Promise<readonly (Asked | undefined)[]> {
	const {io, targets} = facts;
	const postgres = targets.postgres.slice(0, mostServers).map(target =>
		ask(target.id, facts, 1, async signal => {
			const sql = 'SELECT /* opsconsole */ extract(epoch FROM clock_timestamp())::float8 AS value';
			const [row] = await io.postgres(target).query(sql, [], signal);
			const seconds = numberOf(row?.['value']);
			return seconds === undefined ? undefined : seconds * 1000;
		}),
	);
	const redis = targets.redis.slice(0, mostServers).map(target =>
		ask(target.id, facts, 1, async signal => {
			const info = await readInfo({io, signal}, target, 'server');
			const microseconds = infoNumber(info, 'server_time_usec');
			return microseconds === undefined ? undefined : microseconds / 1000;
		}),
	);
	const http = targets.endpoints
		.slice(0, mostServers)
		.map(({id, url}) =>
			ask(id, facts, 1000, async signal => (await io.http.get(url, signal)).dateMs),
		);
	return Promise.all([...postgres, ...redis, ...http]);
}

/** Whether the clock is kept right, and how far it is from those of the servers. */
export const readHostTime: LookReader<'host.time'> = async facts => {
	const [state, zone, answers] = await Promise.all([
		clockState(facts),
		zoneOf(facts),
		compareAll(facts),
	]);
	const compared = answers.filter(answer => answer !== undefined);
	const worst = most(compared, ({offsetMs}) => Math.abs(offsetMs));
	return {
		values: {
			'is-synchronised': state.isSynchronised,
			service: state.service,
			offset: worst === undefined ? undefined : Math.abs(worst.offsetMs),
			'offset-to': worst === undefined || worst.offsetMs === 0 ? undefined : worst.name,
			compared: compared.length,
			zone,
		},
		lines: compared.map(({name, offsetMs}) => `${name}: ${Math.round(offsetMs)} ms`).slice(0, 20),
	};
};
