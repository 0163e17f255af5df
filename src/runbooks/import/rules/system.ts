import type {Call} from '../simple.ts';
import {after, dockerWords, has, hasShort, redisWords, safe, type DangerRule} from '../rule.ts';

const isSystemctl = ({program, words}: Call, ...verbs: readonly string[]): boolean =>
	/^(?:systemctl|service)$/.test(program) && has(words, ...verbs);

function isProbe({program, words}: Call): boolean {
	return (
		/^(?:curl|wget|http)$/.test(program) &&
		words.some(word => /^(?:https?:|\$|[\w.-]+[:/])/.test(word))
	);
}

const timed = /^(?:-[a-zA-Z]*m\d*|--max-time|--connect-timeout|-T\d*|--timeout\S*)$/;

/** Commands for the host, probes and shells. */
export const systemRules: readonly DangerRule[] = [
	{
		id: 'os-upgraded',
		call: ({program, words}) =>
			/^(?:apt|apt-get|yum|dnf|zypper|apk|pacman)$/.test(program) &&
			has(words, 'upgrade', 'dist-upgrade', 'full-upgrade', 'update', '-Syu') &&
			(hasShort(words, 'y') ||
				has(words, '--yes', '--assume-yes', '-Syu') ||
				has(words, 'upgrade')) &&
			!has(words, '-s', '--simulate', '--upgradable'),
	},
	{
		id: 'processes-killed',
		instead: [safe.stop, safe.kill],
		call: ({program, words}) =>
			/^p?kill(?:all\d?)?$/.test(program) &&
			(program !== 'kill' ||
				words.some(word => /^-(?:9|KILL|SIGKILL|s9)$/.test(word)) ||
				words.some(word => /[`$]\(?/.test(word) && /pgrep|pidof/.test(word))),
	},
	{
		id: 'crontab-replaced',
		instead: [safe.schedule],
		call: ({program, words}) => program === 'crontab' && has(words, '-', '-r'),
	},
	{
		id: 'cron-without-user',
		instead: [safe.schedule],
		call: ({path, at}, {command, script}) =>
			script.isCronFolder && command.isCron && at === 0 && /[/$]/.test(path),
	},
	{
		id: 'kernel-setting',
		call: call =>
			(call.program === 'sysctl' &&
				(hasShort(call.words, 'w') ||
					hasShort(call.words, 'p') ||
					call.words.some(word => word.includes('=')))) ||
			/^\/etc\/(?:sysctl|security\/limits)|^\/(?:proc\/sys|sys\/kernel)\//.test(call.into ?? ''),
	},
	{
		id: 'firewall-opened',
		call: ({program, words}) =>
			(/^(?:iptables|ip6tables)$/.test(program) && has(words, '-F', '-X', '--flush')) ||
			(program === 'nft' && has(words, 'flush')) ||
			(program === 'ufw' && has(words, 'disable', 'reset')),
	},
	{
		id: 'firewall-no-such-rule',
		call: ({program, words}) => program === 'ufw' && has(words, 'established', 'related'),
	},
	{
		id: 'firewall-beside-docker',
		call: ({program, words}) =>
			program === 'ufw' &&
			(has(words, 'enable', 'reject', 'ssh', 'OpenSSH') ||
				(has(words, 'deny') && !has(words, 'default'))),
	},
	{
		id: 'fetched-and-run',
		call: call =>
			/^(?:curl|wget)$/.test(call.program) &&
			after(call).some(({program}) => /^(?:ba|z|da)?sh$|^python\d?$/.test(program)),
	},
	{
		id: 'probe-of-database',
		call: ({program, words}) =>
			/^(?:curl|wget|telnet)$/.test(program) &&
			program !== 'telnet' &&
			words.some(word => /:(?:5432|6379|3306|27017)\b/.test(word)),
	},
	{
		id: 'probe-without-limit',
		call: call =>
			isProbe(call) &&
			!call.words.some(word => timed.test(word)) &&
			!call.via.some(({program}) => program === 'timeout'),
	},
	{
		id: 'fixed-pause',
		instead: [safe.restart, safe.recreate],
		call: ({program, words}, {script}) =>
			program === 'sleep' && Number.parseInt(words[0] ?? '', 10) >= 5 && script.commands.length > 1,
	},
	{
		id: 'count-twice',
		call: ({program, words, orElse}) =>
			program === 'grep' && hasShort(words, 'c') && orElse?.program === 'echo',
	},
	{
		id: 'ping-outside',
		call: ({program, words}) =>
			program === 'ping' &&
			words.some(
				word =>
					/^\d{1,3}(?:\.\d{1,3}){3}$/.test(word) &&
					!/^(?:10|127|192\.168|172\.(?:1[6-9]|2\d|3[01]))\./.test(word),
			),
	},
	{
		id: 'secrets-printed',
		call: call => {
			const docker = dockerWords(call);
			if (docker?.isCompose === true && docker.verb === 'config')
				return !has(docker.rest, '-q', '--quiet');
			if (docker?.verb === 'inspect') return true;
			if (/^(?:env|printenv)$/.test(call.program)) return true;
			if (call.program === 'echo') {
				return (
					call.words.some(word => /\$\{?\w*(?:URL|PASSWORD|SECRET|TOKEN|KEY|DSN)\b/.test(word)) &&
					call.into === undefined &&
					after(call).length === 0
				);
			}

			return (
				call.program === 'cat' &&
				call.words.some(word => /\.env\b|prod\S*\.ya?ml|secrets?\b/.test(word)) &&
				call.into === undefined
			);
		},
	},
	{
		id: 'variables-not-inherited',
		call: ({program}, {script, command}) =>
			program === 'export' &&
			script.commands.some(
				each =>
					each.line > command.line &&
					each.line - command.line <= 6 &&
					each.calls.some(call => isSystemctl(call, 'start', 'restart', 'reload')),
			),
	},
	{id: 'reload-not-read', call: call => isSystemctl(call, 'reload')},
	{
		id: 'loop-restarts',
		call: (call, {script}) =>
			(isSystemctl(call, 'restart', 'start') || dockerWords(call)?.verb === 'restart') &&
			call.words.some(word => /^\$/.test(word)) &&
			script.isScript,
	},
	{
		id: 'unit-restarted',
		instead: [safe.restart],
		call: call => isSystemctl(call, 'restart'),
	},
	{
		id: 'host-packages',
		instead: [safe.recreate],
		call: ({program, words, via}) =>
			via.length === 0 &&
			((/^pip\d?$/.test(program) && has(words, 'install')) ||
				(/^(?:npm|yarn|pnpm)$/.test(program) && has(words, 'install', 'i', 'ci', 'add'))),
	},
	{id: 'process-traced', call: ({program}) => /^(?:strace|ltrace|gdb)$/.test(program)},
	{
		id: 'several-pids',
		call: ({words}) =>
			words.some(
				(word, at) =>
					/^\$\(pgrep\b|^`pgrep\b/.test(word) && /^(?:-p|--pid)$/.test(words[at - 1] ?? ''),
			),
	},
	{id: 'tests-on-live', call: ({program}) => /^(?:pytest|jest|mocha)$/.test(program)},
	{
		id: 'find-wrong-option',
		call: ({program, words}) =>
			program === 'find' && words.some((word, at) => word === '-ls' && words[at + 1] === '-l'),
	},
	{
		id: 'secret-written',
		call: call =>
			(call.program === 'export' || call.program === '') &&
			redisWords(call) === undefined &&
			[...call.set, ...call.words].some(word =>
				/^\w*(?:PASSWORD|PASSWD|SECRET|TOKEN)\w*=[^$\s].*/.test(word),
			),
		text: /:\/\/[^\s:/@'"$]{1,80}:(?!\$)[^\s/@'"]{1,100}@|^\s*["']?\w*(?:password|passwd|secret_key)["']?\s*[:=]\s*['"]?[^\s'"$[{%]{3,}/i,
	},
];
