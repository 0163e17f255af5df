import {readHostDiskEaters} from './disk-eaters.ts';
import {readHostInodes} from './inodes.ts';
import {readHostKernel} from './kernel.ts';
import {readHostProcesses} from './processes.ts';
import {readHostSecurity} from './security.ts';
import {readHostSettings} from './settings.ts';
import {readHostTime} from './time.ts';
import {readHostUpdates} from './updates.ts';

/** How the looks at the host are read, without its load. */
export const hostReaders = {
	'host.processes': readHostProcesses,
	'host.kernel': readHostKernel,
	'host.time': readHostTime,
	'host.settings': readHostSettings,
	'host.disk-eaters': readHostDiskEaters,
	'host.inodes': readHostInodes,
	'host.updates': readHostUpdates,
	'host.security': readHostSecurity,
};
