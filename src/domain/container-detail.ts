import {clean, cleanLine} from './clean.ts';
import type {ContainerDetail} from './containers.ts';
import {maskCommand, maskValue} from './mask.ts';
import {listOf, numberOf, objectOf, textOf, textsOf, withoutAbsent, type Json} from './unknown.ts';

function variableOf(line: string): ContainerDetail['environment'][number] {
	const equals = line.indexOf('=');
	const name = equals === -1 ? line : line.slice(0, equals);
	const {value, isMasked} = maskValue(name, equals === -1 ? '' : line.slice(equals + 1));
	return {name: clean(name, 200), value: clean(value, 2000), isMasked};
}

function mountOf(value: unknown): ContainerDetail['mounts'][number] {
	const mount = objectOf(value);
	return {
		type: clean(textOf(mount['Type']), 40),
		source: clean(textOf(mount['Name']) || textOf(mount['Source']), 400),
		destination: clean(textOf(mount['Destination']), 400),
		isReadOnly: mount['RW'] === false,
	};
}

/** The health check as one line: its command and how often it runs. */
function healthCheckOf(config: Json): string | undefined {
	const check = objectOf(config['Healthcheck']);
	const [kind = '', ...command] = textsOf(check['Test']);
	if (kind === '' || kind === 'NONE') {
		return undefined;
	}

	const intervalSeconds = Math.round((numberOf(check['Interval']) ?? 0) / 1e9) || 30;
	return cleanLine(maskCommand(`${command.join(' ')} (every ${intervalSeconds} s)`), 500);
}

/** CPUs that may be used: from `--cpus`, else from quota and period. */
function cpuLimitOf(hostConfig: Json): number | undefined {
	const nanoCpus = numberOf(hostConfig['NanoCpus']) ?? 0;
	const quota = numberOf(hostConfig['CpuQuota']) ?? 0;
	const period = numberOf(hostConfig['CpuPeriod']) || 100_000;
	return nanoCpus > 0 ? nanoCpus / 1e9 : quota > 0 ? quota / period : undefined;
}

function restartPolicyOf(hostConfig: Json): string {
	const policy = objectOf(hostConfig['RestartPolicy']);
	const retries = numberOf(policy['MaximumRetryCount']) ?? 0;
	return clean(`${textOf(policy['Name']) || 'no'}${retries > 0 ? `:${retries}` : ''}`, 60);
}

/** Facts of one container from its inspection; secrets are masked here and nowhere later. */
export function containerDetailFromInspect(value: unknown): ContainerDetail {
	const inspection = objectOf(value);
	const config = objectOf(inspection['Config']);
	const hostConfig = objectOf(inspection['HostConfig']);
	const networks = objectOf(objectOf(inspection['NetworkSettings'])['Networks']);
	const memory = numberOf(hostConfig['Memory']) ?? 0;
	const labels = Object.entries(objectOf(config['Labels'])).map(
		([name, label]): [string, string] => [
			clean(name, 200),
			clean(maskValue(name, textOf(label)).value, 2000),
		],
	);
	const command = [textOf(inspection['Path']), ...textsOf(inspection['Args'])].join(' ');
	return withoutAbsent({
		id: textOf(inspection['Id']),
		environment: textsOf(config['Env']).map(variableOf),
		mounts: listOf(inspection['Mounts']).map(mountOf),
		networks: Object.entries(networks).map(([name, network]) => ({
			name: clean(name, 200),
			address: clean(
				textOf(objectOf(network)['IPAddress']) || textOf(objectOf(network)['GlobalIPv6Address']),
				60,
			),
		})),
		labels: Object.fromEntries(labels),
		entrypoint: cleanLine(maskCommand(command), 1000),
		user: clean(textOf(config['User']), 100),
		workingFolder: clean(textOf(config['WorkingDir']), 400),
		restartPolicy: restartPolicyOf(hostConfig),
		healthCheck: healthCheckOf(config),
		memoryLimitBytes: memory > 0 ? memory : undefined,
		cpuLimit: cpuLimitOf(hostConfig),
	});
}
