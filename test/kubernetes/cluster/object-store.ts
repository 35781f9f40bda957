/** The objects of the test API server: a version for each change, a history for watches, and compaction. */
import type {KubeObject} from '../../../source/kubernetes/api/objects.js';

export type Change = {
	readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
	readonly resource: string;
	readonly object: KubeObject;
	/** As it was before: a selector may have matched that. */
	readonly before: KubeObject | undefined;
	readonly version: number;
};

export class ObjectStore {
	version = 100;
	/** Watches from before this are told 410. */
	compacted = 0;
	readonly #objects = new Map<string, KubeObject>();
	readonly #history: Change[] = [];
	readonly #watchers = new Set<(change: Change) => void>();

	put(resource: string, object: KubeObject): void {
		const key = keyOf(resource, object);
		const before = this.#objects.get(key);
		const version = ++this.version;
		const stored = {
			...object,
			// The order of the fields is the object's own.
			metadata: {
				...object.metadata,
				uid: object.metadata?.uid ?? crypto.randomUUID(),
				resourceVersion: String(version),
			},
		};
		this.#objects.set(key, stored);
		this.#tell({type: before ? 'MODIFIED' : 'ADDED', resource, object: stored, before, version});
	}

	delete(resource: string, namespace: string, name: string): void {
		const key = keyOf(resource, {metadata: {namespace, name}});
		const before = this.#objects.get(key);
		if (before) {
			this.#objects.delete(key);
			const version = ++this.version;
			const object = {...before, metadata: {...before.metadata, resourceVersion: String(version)}};
			this.#tell({type: 'DELETED', resource, object, before, version});
		}
	}

	get(resource: string, namespace: string, name: string): KubeObject | undefined {
		return this.#objects.get(keyOf(resource, {metadata: {namespace, name}}));
	}

	list(resource: string, namespace: string): KubeObject[] {
		const prefix = namespace === '' ? `${resource}|` : `${resource}|${namespace}|`;
		return [...this.#objects]
			.filter(([key]) => key.startsWith(prefix))
			.sort(([a], [b]) => (a < b ? -1 : 1))
			.map(([, object]) => object);
	}

	/** Forgets all history: whoever watches from an older place must list again. */
	compact(): void {
		this.version++;
		this.compacted = this.version;
		this.#history.length = 0;
	}

	since(version: number): readonly Change[] {
		return this.#history.filter(change => change.version > version);
	}

	watch(watcher: (change: Change) => void): () => void {
		this.#watchers.add(watcher);
		return () => this.#watchers.delete(watcher);
	}

	#tell(change: Change): void {
		this.#history.push(change);
		for (const watcher of this.#watchers) {
			watcher(change);
		}
	}
}

function keyOf(resource: string, {metadata}: KubeObject) {
	return `${resource}|${metadata?.namespace ?? ''}|${metadata?.name ?? ''}`;
}
