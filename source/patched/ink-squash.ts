/** What patches/ink@*-squash.patch adds to Ink: the text of a <Text> is made once for each value and not once for each frame. */
type TextNode = {readonly nodeName: string; readonly nodeValue?: string};
type TextElement = {readonly childNodes: readonly TextNode[]};
type Squashed = {readonly value: string | undefined; readonly text: string};

const known = new WeakMap<TextElement, Squashed>();

/** As `squash`; an element with nothing but one text keeps its result until the text changes. */
export function squashOnce<Element extends TextElement>(
	element: Element,
	squash: (element: Element) => string,
): string {
	const only = element.childNodes.length === 1 ? element.childNodes[0] : undefined;
	if (only?.nodeName !== '#text') {
		return squash(element);
	}

	const before = known.get(element);
	if (before && before.value === only.nodeValue) {
		return before.text;
	}

	const text = squash(element);
	known.set(element, {value: only.nodeValue, text});
	return text;
}
