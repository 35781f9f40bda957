/** What a request's path says, and the answers that only depend on it. */

export type Path = {group: string; resource: string; namespace: string; name: string; subresource: string};

export function parsePath(pathname: string): Path | undefined {
	const match =
		/^\/(?:api\/v1|apis\/([^/]+)\/v1(?:alpha1)?)(?:\/namespaces\/([^/]+)(?=\/))?\/([a-z]+)(?:\/([^/]+))?(?:\/([a-z]+))?$/.exec(
			pathname,
		);
	if (!match) {
		return undefined;
	}

	const [, group = '', namespace = '', resource = '', name = '', subresource = ''] = match;
	return {group, namespace, resource, name: decodeURIComponent(name), subresource};
}

/** What kubectl asks before it does anything. */
export function discovery(pathname: string): object | undefined {
	const pods = {
		name: 'pods',
		singularName: 'pod',
		namespaced: true,
		kind: 'Pod',
		verbs: ['get', 'list', 'watch'],
		shortNames: ['po'],
	};
	return (
		{
			'/api': {kind: 'APIVersions', versions: ['v1']},
			'/apis': {kind: 'APIGroupList', apiVersion: 'v1', groups: []},
			'/api/v1': {kind: 'APIResourceList', groupVersion: 'v1', resources: [pods]},
		} as Readonly<Record<string, object>>
	)[pathname];
}

/** `pods` → `Pod`; kubectl reads nothing without its kind. */
export function kindOf(resource: string) {
	return resource.charAt(0).toUpperCase() + resource.slice(1, -1);
}
