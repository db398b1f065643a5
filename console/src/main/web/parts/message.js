/**
 * One message: what it is, its way so far, and why it went there.
 */

import { html, nothing } from './html.js';
import { shownNumber } from './player.js';

/**
 * @param texts `message` and `events` of the language's file
 * @param events what is known of the message, oldest first
 */
export function messagePanel(number, events, texts, close) {
	const published = events.find((event) => event.what === 'published');
	const properties = Object.entries(published?.properties ?? {}).filter(([name]) => name !== 'headers');
	const headers = Object.entries(published?.properties?.headers ?? {});
	return html`
		<aside class="card stack message-panel" aria-labelledby="message-title" tabindex="-1"
			@keydown=${(event) => event.key === 'Escape' && close()}>
			<div class="row spread">
				<h2 id="message-title">${texts.message.title(shownNumber(number))}</h2>
				<button class="button" @click=${close}>${texts.message.close}</button>
			</div>
			${published ? html`
				<p class="mono any">${published.body ?? texts.message.bytes(published.size)}</p>` : html`
				<p class="muted">${texts.message.unknown}</p>`}
			<h3>${texts.message.way}</h3>
			<ol class="way">${events.map((event) => html`
				<li><time>${timeOf(event)}</time> ${sentence(event, texts.events)}
					${reason(event, texts)}</li>`)}</ol>
			${properties.length + headers.length > 0 ? html`
				<h3>${texts.message.properties}</h3>
				<dl class="facts">
					${properties.map(([name, value]) => fact(name, value))}
					${headers.map(([name, value]) => fact(`headers.${name}`, value))}
				</dl>` : nothing}
		</aside>`;
}

const fact = (name, value) => html`
	<div><dt>${name}</dt><dd class="any">${typeof value === 'string' ? value : JSON.stringify(value)}</dd></div>`;

/** Why this happened, if there is something to say. */
function reason(event, texts) {
	const why = texts.why(event);
	return why ? html`<br><span class="why">${why}</span>` : nothing;
}

export function timeOf(event) {
	return new Date(event.time).toTimeString().slice(0, 8) + `.${String(event.time % 1000).padStart(3, '0')}`;
}

/** An event in words. */
export function sentence(event, texts) {
	return (texts[event.what] ?? texts.other)(event, event.message === undefined ? '' : `#${shownNumber(event.message)}`);
}
