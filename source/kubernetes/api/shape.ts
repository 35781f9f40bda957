/**
What an answer of an API server must look like to be read. A field of another type, and null, is absent; an element of another
type is left out of its list. So the rest of the program meets only the types that it expects. Fields that nobody reads are
dropped: they take no memory.
*/

/** Returns the value as this type; undefined: it is of another one. */
export type Shape<Value> = (value: unknown) => Value | undefined;

export const text: Shape<string> = value => (typeof value === 'string' ? value : undefined);
export const number: Shape<number> = value => (typeof value === 'number' ? value : undefined);
export const truth: Shape<boolean> = value => (typeof value === 'boolean' ? value : undefined);

export const texts: Shape<Readonly<Record<string, string>>> = value =>
	isObject(value)
		? Object.fromEntries(
				Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
			)
		: undefined;

/** An object with all its fields, whatever they are. */
export const anyObject: Shape<Readonly<Record<string, unknown>>> = value => (isObject(value) ? value : undefined);

export function listOf<Item>(item: Shape<Item>): Shape<readonly Item[]> {
	return value => (Array.isArray(value) ? value.map(item).filter(one => one !== undefined) : undefined);
}

export function objectOf<Value extends object>(
	fields: {
		readonly [Name in keyof Value]-?: Shape<NonNullable<Value[Name]>>;
	},
): Shape<Value> {
	const shapes = Object.entries<Shape<unknown>>(fields);
	return value => {
		if (!isObject(value)) {
			return undefined;
		}

		const read: Record<string, unknown> = {};
		for (const [name, shape] of shapes) {
			const field = shape(value[name]);
			if (field !== undefined) {
				read[name] = field;
			}
		}

		return read as Value;
	};
}

function isObject(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}
