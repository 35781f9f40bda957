/** The features that agents from v1.0 to v1.8-pre lack, by their version. */

type Release = {readonly major: number; readonly minor: number};

/** `v1.8.0-pre.0-653-g4fbfe2d74` → 1.8; undefined for a build that was given no version. */
function parseRelease(version: string): Release | undefined {
	const match = /^v?(\d+)\.(\d+)/.exec(version.trim());
	return match ? {major: Number(match[1]), minor: Number(match[2])} : undefined;
}

/** An agent whose version cannot be read counts as new: its answers then show what it lacks. */
export function isAtLeast(version: string, major: number, minor: number): boolean {
	const release = parseRelease(version);
	return release === undefined || release.major > major || (release.major === major && release.minor >= minor);
}

/** The features that an agent of this version lacks, in words. The cache dump is not among them: the answer to it shows that. */
export function missingIn(version: string): readonly string[] {
	const missing: string[] = [];
	if (!isAtLeast(version, 1, 4)) {
		missing.push(`no policy modes: the agent is ${version}, they came with v1.4`);
	}

	if (!isAtLeast(version, 1, 6)) {
		missing.push(`no policy counters: the agent is ${version}, they came with v1.6`);
	}

	return missing;
}
