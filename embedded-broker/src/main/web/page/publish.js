import { html } from '../parts/html.js';
import { exchangeSegment } from '../parts/topology.js';
import { Pairs } from './pairs.js';
import { explain } from './session.js';
import { choice, field } from './show.js';
import { texts } from './texts.js';

const T = texts.publish;

const NUMBERS = ['timestamp', 'priority'];

/** A form that publishes a message to an exchange. What was typed stays, to be sent again. */
export class Publish {

	#page;

	#virtualHost;

	#exchange;

	#routingKey;

	#headers = new Pairs(T.headers);

	#result = null;

	constructor(page, virtualHost, exchange, routingKey = '') {
		this.#page = page;
		this.#virtualHost = virtualHost;
		this.#exchange = exchange;
		this.#routingKey = routingKey;
	}

	view() {
		return html`
			<section class="card">
				<h2>${T.title}</h2>
				<form class="stack" id="publish" @submit=${(event) => this.#publish(event)}>
					<div class="fields">
						${field(T.routingKey, html`<input name="routing_key" value=${this.#routingKey} autocomplete="off" spellcheck="false">`)}
						${field(T.persistence, choice('delivery_mode', [['2', T.persistent], ['1', T.transient]], '2'))}
						${field(T.encoding, choice('payload_encoding', Object.entries(T.encodings), 'string'))}
						${field(T.payload, html`<textarea name="payload" rows="4" spellcheck="false"></textarea>`, { wide: true })}
					</div>
					${this.#headers.view()}
					<details><summary>${T.properties}</summary><div class="fields">
						${Object.entries(T.property).map(([name, text]) => field(text, html`<input name=${`property.${name}`} autocomplete="off"
							spellcheck="false" type=${NUMBERS.includes(name) ? 'number' : 'text'}>`))}
					</div></details>
					${this.#result ? html`<p class="notice ${this.#result.kind}" role=${this.#result.kind === 'bad' ? 'alert' : 'status'}>${this.#result.text}</p>` : ''}
					<div class="row"><button class="primary">${T.submit}</button>
						<button type="button" @click=${(event) => this.#ask(event.target.form)}>${T.ask}</button></div>
				</form>
			</section>`;
	}

	async #publish(event) {
		event.preventDefault();
		const data = new FormData(event.target);
		try {
			const answer = await this.#page.api.post(['exchanges', this.#virtualHost, exchangeSegment(this.#exchange), 'publish'], {
				routing_key: data.get('routing_key'),
				payload: data.get('payload'),
				payload_encoding: data.get('payload_encoding'),
				properties: { delivery_mode: Number(data.get('delivery_mode')), ...this.#properties(data) },
			});
			this.#result = answer.routed ? { kind: 'good', text: T.routed } : { kind: 'warn', text: T.unroutable };
		}
		catch (error) {
			this.#result = { kind: 'bad', text: explain(error) };
		}
		await this.#page.refresh();
	}

	/** Asks where it would go, and publishes nothing. */
	async #ask(element) {
		const data = new FormData(element);
		try {
			const { queues, reason } = await this.#page.api.post(['routes', this.#virtualHost, exchangeSegment(this.#exchange)],
				{ routing_key: data.get('routing_key'), headers: this.#headers.values() });
			this.#result = queues.length > 0 ? { kind: 'good', text: T.goes(queues.map(({ queue }) => queue)) }
				: { kind: 'warn', text: [T.goesNowhere, reason].filter(Boolean).join(' ') };
		}
		catch (error) {
			this.#result = { kind: 'bad', text: explain(error) };
		}
		this.#page.draw();
	}

	#properties(data) {
		const properties = {};
		for (const name of Object.keys(T.property)) {
			const value = data.get(`property.${name}`);
			if (value !== '') {
				properties[name] = NUMBERS.includes(name) ? Number(value) : value;
			}
		}
		const headers = this.#headers.values();
		return Object.keys(headers).length > 0 ? { ...properties, headers } : properties;
	}

}

