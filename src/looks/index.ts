import type {LookId} from '../runbooks/looks/index.ts';
import {backupReaders} from './backup/index.ts';
import {readEndpointCertificate} from './endpoint/certificate.ts';
import {readEndpointState} from './endpoint/state.ts';
import {readHostLoad} from './host-load.ts';
import {hostReaders} from './host/index.ts';
import {ownReaders} from './own/index.ts';
import {postgresReaders} from './postgres/index.ts';
import type {LookReader} from './reader.ts';
import {redisReaders} from './redis/index.ts';
import {readServiceDependencies} from './service/dependencies.ts';
import {readServiceDrift} from './service/drift.ts';
import {readServiceEnvironment} from './service/environment.ts';
import {readServiceExits} from './service/exits.ts';
import {readServiceImage} from './service/image.ts';
import {readServiceKernel} from './service/kernel.ts';
import {readServiceLog} from './service/log.ts';
import {readNetworkContainer} from './service/networks.ts';
import {readServicePorts} from './service/ports.ts';
import {readServiceState} from './service/state.ts';
import {readServiceUsage} from './service/usage.ts';
import {readStackChanges} from './stack/changes.ts';
import {readComposeConfig} from './stack/config.ts';
import {readErrorsSummary} from './stack/errors.ts';
import {readStackQueue} from './stack/queue.ts';
import {readStackRequests} from './stack/requests.ts';
import {readStackServices} from './stack/services.ts';

/** How each look is read. The compiler refuses a missing one. */
export const lookReaders: {readonly [Id in LookId]: LookReader<Id>} = {
	'host.load': readHostLoad,
	...hostReaders,
	...postgresReaders,
	...redisReaders,
	...backupReaders,
	...ownReaders,
	'service.state': readServiceState,
	'service.usage': readServiceUsage,
	'service.exits': readServiceExits,
	'service.log': readServiceLog,
	'service.kernel': readServiceKernel,
	'service.environment': readServiceEnvironment,
	'service.dependencies': readServiceDependencies,
	'service.ports': readServicePorts,
	'service.image': readServiceImage,
	'service.drift': readServiceDrift,
	'network.container': readNetworkContainer,
	'compose.config': readComposeConfig,
	'stack.services': readStackServices,
	'stack.changes': readStackChanges,
	'stack.requests': readStackRequests,
	'stack.queue': readStackQueue,
	'endpoint.state': readEndpointState,
	'endpoint.certificate': readEndpointCertificate,
	'errors.summary': readErrorsSummary,
};
