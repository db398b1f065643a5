/**
 * The requests that a lesson makes: sends them through the console, and writes them as curl.
 *
 * A request has the `service` it is for (or `broker`, for the management API), a `method`, a `path`, and a `text` or
 * `json` as its body. What answers with a `stream` has no end.
 */

import { Api } from '../parts/api.js';

let virtualHost = '/';

/** Says which virtual host the services use: `{vhost}` in a path. */
export function useVirtualHost(name) {
	virtualHost = name;
}

const filledIn = (path) => path.replace('{vhost}', encodeURIComponent(virtualHost));

/** A text for a shell, which changes nothing in it. */
const quoted = (text) => (/^[\w./:=@%-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);

/**
 * The request as a person would type it.
 */
export function curl({ service, method, path, text, json, stream }, settings) {
	const parts = [stream ? 'curl -N' : 'curl'];
	if (service === 'broker') {
		// Everybody knows the password of guest; for that of another user, curl asks.
		parts.push(`-u ${settings.user === 'guest' ? 'guest:guest' : quoted(settings.user)}`);
	}
	const body = json === undefined ? text : JSON.stringify(json);
	if (method !== (body === undefined ? 'GET' : 'POST')) {
		parts.push(`-X ${method}`);
	}
	if (json !== undefined) {
		parts.push("-H 'Content-Type: application/json'");
	}
	if (body !== undefined) {
		// --data-raw, since -d would read a file for what begins with @.
		parts.push(body.startsWith('@') ? '--data-raw' : '-d', quoted(body));
	}
	const address = service === 'broker' ? settings.broker : settings.services[service];
	parts.push(quoted(`${address.replace('http://', '')}${filledIn(path)}`));
	return parts.join(' ');
}

/**
 * Sends the request.
 * @return {status, body} whatever the status is; the status is 0 if there was no answer
 */
export async function send({ service, method, path, text, json }) {
	const body = json === undefined ? text : JSON.stringify(json);
	try {
		const response = await fetch(`/${service}${filledIn(path)}`, {
			method,
			body,
			headers: {
				Accept: 'application/json, application/problem+json;q=0.9, */*;q=0.1',
				...(body === undefined ? {} : { 'Content-Type': json === undefined ? 'text/plain' : 'application/json' }),
			},
			cache: 'no-store',
			signal: AbortSignal.timeout(60_000),
		});
		const answer = await response.text();
		return { status: response.status, body: parsed(answer) };
	}
	catch {
		return { status: 0, body: '' };
	}
}

function parsed(answer) {
	try {
		return JSON.parse(answer);
	}
	catch {
		return answer;
	}
}

/** The management API, through the console. */
export const brokerApi = new Api('/broker/api');
