/**
 * What a server answered instead of what was asked for. The status is 0 if it did not answer at all; then
 * there is neither title nor detail.
 */
export class ApiError extends Error {

	constructor(status, title = '', detail = '') {
		super([title, detail].filter(Boolean).join(': ') || `Status ${status}`);
		this.name = 'ApiError';
		this.status = status;
		this.title = title;
		this.detail = detail;
	}

}

/**
 * A REST API that speaks JSON: those of the services, and the management API of the broker.
 *
 * A path is a text to be used as it is, or the list of its segments, which are encoded:
 * ['queues', '/', 'a b'] is queues/%2F/a%20b.
 */
export class Api {

	#base;

	#authorization;

	/**
	 * @param base such as '/hello' or '/broker/api'
	 * @param credentials {name, password} for HTTP Basic, or nothing
	 */
	constructor(base = '', credentials = null) {
		this.#base = base;
		this.#authorization = credentials ? basic(credentials) : null;
	}

	get(path, options) {
		return this.request('GET', path, undefined, options);
	}

	post(path, body, options) {
		return this.request('POST', path, body, options);
	}

	put(path, body, options) {
		return this.request('PUT', path, body, options);
	}

	delete(path, options) {
		return this.request('DELETE', path, undefined, options);
	}

	/** The address of a path, for those who ask for it themselves. */
	address(path, query = {}) {
		const segments = Array.isArray(path) ? path.map(segment).join('/') : path.replace(/^\//, '');
		const parameters = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== undefined));
		return `${this.#base}/${segments}${parameters.size > 0 ? `?${parameters}` : ''}`;
	}

	/** The headers that every request needs. */
	headers() {
		return this.#authorization ? { Authorization: this.#authorization } : {};
	}

	/**
	 * Asks, and returns the JSON or text of the answer; null if it is empty.
	 *
	 * @param options query: parameters by name; headers: more of them; signal: to give up;
	 * timeout: in milliseconds, 30,000 by default
	 * @throws ApiError if the status is not one of success or the server cannot be reached. An aborted
	 * request throws an AbortError, as fetch does.
	 */
	async request(method, path, body, { query, headers, signal, timeout = 30000 } = {}) {
		const signals = [AbortSignal.timeout(timeout), signal].filter(Boolean);
		let response;
		let text;
		try {
			response = await fetch(this.address(path, query), {
				method,
				body: body === undefined ? undefined : JSON.stringify(body),
				headers: {
					Accept: 'application/json, application/problem+json;q=0.9, */*;q=0.1',
					...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
					...this.headers(),
					...headers,
				},
				// The browser must not ask for a password itself.
				credentials: 'omit',
				cache: 'no-store',
				signal: AbortSignal.any(signals),
			});
			text = await response.text();
		}
		catch (error) {
			if (signal?.aborted) {
				throw error;
			}
			throw new ApiError(0);
		}
		const answer = parse(text, response.headers.get('Content-Type') ?? '');
		if (!response.ok) {
			throw failure(response, answer);
		}
		return answer;
	}

}

function segment(name) {
	return encodeURIComponent(name);
}

function basic({ name, password }) {
	const octets = new TextEncoder().encode(`${name}:${password}`);
	return `Basic ${btoa(Array.from(octets, (octet) => String.fromCharCode(octet)).join(''))}`;
}

function parse(text, type) {
	if (text === '') {
		return null;
	}
	if (!/^application\/([\w.-]+\+)?json\b/.test(type)) {
		return text;
	}
	try {
		return JSON.parse(text);
	}
	catch {
		return text;
	}
}

/** Problem details (RFC 9457), or RabbitMQ's {error, reason}. */
function failure(response, answer) {
	if (answer === null || typeof answer !== 'object') {
		return new ApiError(response.status, response.statusText);
	}
	const title = answer.title ?? answer.error ?? response.statusText;
	const detail = answer.detail ?? answer.reason ?? '';
	return new ApiError(response.status, readable(title), readable(detail));
}

function readable(value) {
	return typeof value === 'string' ? value : JSON.stringify(value);
}
