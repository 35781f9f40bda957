/**
The files of an export that can hold a span. The agent rotates by lumberjack: the living file is tetragon.log, a full one is
renamed to tetragon-2026-11-28T04-06-05.263.log by the UTC time of the rename, with .gz when it is compressed. So the events
of a rotated file are older than its name, and not older than the name before, but for those that came late.
*/

/** The order in a file is not that of the events' times: an agent may write an event half a minute after its time. */
const slackMs = 60_000;
const stamp = /-(\d{4}-\d\d-\d\d)T(\d\d)-(\d\d)-(\d\d)(\.\d+)?(\.[^.]*)?(?:\.gz)?$/;

/** When a rotated file was renamed, milliseconds since 1970; NaN: the name does not say it. */
export function renamedMs(file: string): number {
	const [, day, hour, minute, second, fraction = ''] = stamp.exec(file) ?? [];
	return day === undefined ? Number.NaN : Date.parse(`${day}T${hour}:${minute}:${second}${fraction.slice(0, 4)}Z`);
}

export type FileRange = {
	/** The newest rotated file that is too old; '': none is. */
	readonly skip: string;
	/** The first file that is too new, and all after it; '': none is. */
	readonly end: string;
};

/** @param rotated full names, oldest first. The range is given by its bounds, since files may be renamed until they are read. */
export function filesFor(
	rotated: readonly string[],
	{fromMs, toMs}: {readonly fromMs: number; readonly toMs: number},
): FileRange {
	const skip = rotated.findLast(file => renamedMs(file) < fromMs - slackMs) ?? '';
	// A file begins when the one before it was renamed.
	const last = rotated.findIndex(file => renamedMs(file) > toMs + slackMs);
	return {skip, end: last === -1 ? '' : (rotated[last + 1] ?? '')};
}

/** `/a/tetragon.log` → `/a/tetragon` and `.log` */
export function partsOf(file: string): {readonly stem: string; readonly extension: string} {
	const slash = file.lastIndexOf('/');
	const dot = file.lastIndexOf('.');
	return dot > slash ? {stem: file.slice(0, dot), extension: file.slice(dot)} : {stem: file, extension: ''};
}
