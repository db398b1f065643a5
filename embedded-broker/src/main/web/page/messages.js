import { bytes, html, nothing } from '../parts/html.js';
import { explain } from './session.js';
import { badge, choice, entries, exchangeName, facts, field } from './show.js';
import { texts } from './texts.js';

const T = texts.messages;

/** More of a payload is not shown. */
const MOST_SHOWN = 50000;

/** A form that gets messages from a queue, and what it got. */
export class Messages {

	#page;

	#path;

	#messages = null;

	#problem = '';

	constructor(page, virtualHost, queue) {
		this.#page = page;
		this.#path = ['queues', virtualHost, queue, 'get'];
	}

	view() {
		return html`
			<section class="card">
				<h2>${T.title}</h2>
				<form class="stack" id="get" @submit=${(event) => this.#get(event)}>
					<div class="fields">
						${field(T.count, html`<input name="count" type="number" min="1" max="1000" value="1" required>`)}
						${field(T.mode, choice('ackmode', Object.entries(T.modes), 'ack_requeue_true'), { hint: T.hint })}
					</div>
					<div class="row"><button class="primary">${T.submit}</button>
						${this.#messages?.length > 0 ? html`
							<button type="button" @click=${() => this.#clear()}>${T.clear}</button>` : nothing}</div>
				</form>
				<p class="error" role="alert" ?hidden=${!this.#problem}>${this.#problem}</p>
				<p role="status" class="muted">${this.#messages ? this.#summary() : nothing}</p>
				${this.#messages?.length > 0 ? html`<ol class="plain stack" id="got">
					${this.#messages.map((message, index) => html`<li>${view(message, index)}</li>`)}</ol>` : nothing}
			</section>`;
	}

	#summary() {
		const last = this.#messages.at(-1);
		return [T.got(this.#messages.length), last?.message_count > 0 ? T.left(last.message_count) : ''].join(' ');
	}

	async #get(event) {
		event.preventDefault();
		const data = new FormData(event.target);
		this.#problem = '';
		try {
			this.#messages = await this.#page.api.post(this.#path, {
				count: Number(data.get('count')),
				ackmode: data.get('ackmode'),
				encoding: 'auto',
				truncate: MOST_SHOWN,
			});
		}
		catch (error) {
			this.#problem = explain(error);
		}
		await this.#page.refresh();
	}

	#clear() {
		this.#messages = null;
		this.#page.draw();
		document.querySelector('#get button').focus();
	}

}

function view(message, index) {
	const { headers, ...properties } = message.properties;
	const isCut = message.payload_bytes > MOST_SHOWN;
	return html`
		<article class="message stack tight">
			<div class="row"><h3>${T.one(index + 1)}</h3>
				${properties.delivery_mode === 2 ? badge(T.persistent, 'info') : nothing}
				${message.redelivered ? badge(T.redelivered, 'warn') : nothing}</div>
			${facts([
				[T.exchange, exchangeName(message.exchange)],
				[T.routingKey, html`<span class="mono">${message.routing_key}</span>`],
				[T.properties, entries(properties)],
				[T.headers, entries(headers)],
			])}
			<h4>${T.payload} <span class="small muted">(${[bytes(message.payload_bytes),
				message.payload_encoding === 'base64' ? T.base64 : '', isCut ? T.truncated(bytes(MOST_SHOWN)) : ''].filter(Boolean).join(', ')})</span></h4>
			<pre class="wrapped" tabindex="0" role="region" aria-label="${T.payload}, ${T.one(index + 1)}">${message.payload}</pre>
		</article>`;
}
