/** Rotated or dated logs, as logrotate and loggers name them (`app.log.1`, `app-2026.log.gz`); the plain `x.log` fits too. */
export const rotatedLog =
	/\.log(?:[.-]\d[\d-]*(?:\.\d+)?)?(?:\.(?:gz|xz|zst|bz2))?$|\.log\.(?:old|\d+)$/;
