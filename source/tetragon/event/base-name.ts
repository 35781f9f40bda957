/** The last part of a path; the whole of one that ends in a slash, and of a name that is no path: `[kworker/R-netns]` is a kernel thread. */
export function baseName(path: string): string {
	return path.startsWith('/') || path.startsWith('.') ? path.slice(path.lastIndexOf('/') + 1) || path : path;
}
