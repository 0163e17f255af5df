import * as v from 'valibot';
import {choice, flag, integer, matching, name, text} from './scalars.ts';

/** May be left out, but not be null. */
export const may = v.exactOptional;

/** Whether an entry counts; one of a profile is taken out with it. */
export const enabled = may(flag('false takes this entry out, also one that a profile brought.'));

/** Who asks for it. */
export const from = may(
	text('Where it is asked for, for example a handbook row (H2-04); else this file and line.'),
);

/** How a connection is encrypted. */
export const tls = may(
	choice('Plain, TLS with the certificate checked, or TLS without that check.', [
		'off',
		'verify',
		'insecure',
	]),
);

/** The Compose service that an entry is taken from. */
export const service = may(
	name('Compose service: address, port and credentials are taken from its container.'),
);

/** The project of that service. */
export const project = may(
	name('Compose project of the service, where several have one of that name.'),
);

/** A TCP port. */
export const port = may(
	integer('port', [1, 65_535], 'TCP port; with a service, the port inside the container.'),
);

/** A path from the root on. */
export const absolutePath = (description: string) => matching('path', /^\/[^\0]*$/, description);

/** A list that may be left out. */
export const list = <const S extends v.GenericSchema>(description: string, item: S) =>
	may(v.pipe(v.array(item, 'list'), v.description(description)));
