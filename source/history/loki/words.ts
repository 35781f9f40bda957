/** What Loki and the proxies before it answer, in one line of plain words. */
import {Refusal} from '../../problem.js';

/** An answer that is no 200. */
export class Answered extends Error {
	readonly status: number;
	/** Seconds, by Retry-After. */
	readonly retryAfter: number | undefined;

	constructor(status: number, text: string, retryAfter?: number) {
		super(text);
		this.status = status;
		this.retryAfter = retryAfter;
	}
}

/** One line of a body: HTML is its title. */
export function bodyText(body: string): string {
	const title = /<title[^>]*>([^<]*)/i.exec(body)?.[1];
	const text = title ?? (/^\s*</.test(body) ? 'a page of HTML' : body);
	return text.replaceAll(/\s+/g, ' ').trim().slice(0, 300);
}

/** Whether a second try may succeed. */
export function isPassing(error: unknown): boolean {
	return !(error instanceof Answered) || error.status === 429 || [500, 502, 503, 504].includes(error.status);
}

type Place = {readonly name: string; readonly tenant: string | undefined};

/** The Refusal for the last error. */
export function refusalFor(error: unknown, {name, tenant}: Place): Refusal {
	if (error instanceof Refusal) {
		return error;
	}

	if (!(error instanceof Answered)) {
		return new Refusal(
			name,
			error instanceof Error ? error.message : String(error),
			'check the address and the network',
		);
	}

	const {status, message} = error;
	const said = `it answers ${status}${message === '' ? '' : `: ${message}`}`;
	return new Refusal(name, said, fixFor(status, message, tenant), isPassing(error));
}

function fixFor(status: number, text: string, tenant: string | undefined): string {
	if (/no org id/i.test(text)) {
		return 'name the tenant: --org-id NAME or LOKI_ORG_ID';
	}

	if (/tenant/i.test(text)) {
		return `give another tenant than ${tenant ?? 'none'}: --org-id or LOKI_ORG_ID`;
	}

	if (status === 401 || status === 403) {
		return 'log in by LOKI_USERNAME and LOKI_PASSWORD, or by LOKI_BEARER_TOKEN';
	}

	if (status === 404) {
		return 'the path before /loki/api/v1 may be missing: loki+https://HOST/PATH';
	}

	if (status === 400 && /parse error/i.test(text)) {
		return 'correct --query: \'{container="export-stdout"}\'';
	}

	if (status === 400 && /time range exceeds/i.test(text)) {
		return 'give a shorter span';
	}

	if (status === 429) {
		return 'it has too many questions now: try later, or a shorter span';
	}

	return status >= 500 ? 'try later, or a shorter span' : 'correct the query or the span';
}
