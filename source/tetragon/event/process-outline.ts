/**
What the process table needs of a process at once, without the strings that only a screen shows: those are read from the
bytes when they are shown. wire/process-outline.ts fills it; one instance is reused for every event.
*/
export class ProcessOutline {
	execId = '';
	parentExecId = '';
	pid = 0;
	flags = '';
	/** Milliseconds since 1970. */
	startMs = Number.NaN;
	execProbe = false;
	/** The agent knows the pod by its name. */
	hasPod = false;
	/** The Process message is in [start, end). */
	bytes: Buffer = Buffer.alloc(0);
	start = 0;
	end = 0;
	/** The pod's namespace and name are in [podStart, podNamesEnd), the container's id and name in [containerStart, containerNamesEnd). */
	podStart = 0;
	podNamesEnd = 0;
	containerStart = 0;
	containerNamesEnd = 0;
}
