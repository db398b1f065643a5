/**
 * What a lesson's service can do: a form for each call, with its curl and the Java that does it.
 */

import { html, nothing, say } from '../parts/html.js';
import { curl, send } from './requests.js';

/** As many lines of a stream that is followed are shown. */
const MOST_FOLLOWED = 20;

export class Controls {

	#lesson;

	#texts;

	#all;

	#settings;

	#changed;

	#values = new Map();

	#answers = new Map();

	#lists = new Map();

	#sources = new Map();

	#open = new Set();

	/** The source that was opened last, which is shown above others. */
	#top;

	/** control -> the stream that is followed, and what came */
	#followed = new Map();

	constructor(lesson, { settings, texts }, changed) {
		this.#lesson = lesson;
		this.#all = texts;
		this.#texts = texts.lessons[lesson.id];
		this.#settings = settings;
		this.#changed = changed;
	}

	/** Asks for the lists anew. */
	async refresh() {
		// Some are shown on request only, since to look changes something.
		await Promise.all(this.#lesson.controls.filter(({ list, onRequest }) => list && !onRequest)
			.map((control) => this.#fetch(control)));
		this.#changed();
	}

	async #fetch(control) {
		const { status, body } = await send(control.list);
		if (status === 200 && Array.isArray(body)) {
			this.#lists.set(control.id, body.filter(control.where ?? (() => true)));
		}
	}

	async #show(control) {
		await this.#fetch(control);
		this.#changed();
	}

	/** In two halves, which stand beside each other where there is space: what grows in one moves nothing in the other. */
	view() {
		const all = this.#lesson.controls.map((control) => (control.list ? this.#list(control) : this.#form(control)));
		// The first ones are the longest.
		const half = Math.round(all.length * 0.4);
		return html`<div class="half">${all.slice(0, half)}</div><div class="half">${all.slice(half)}</div>`;
	}

	#valuesOf(control) {
		if (!this.#values.has(control.id)) {
			this.#values.set(control.id, Object.fromEntries((control.fields ?? []).map(({ id, value }) => [id, value ?? ''])));
		}
		const values = this.#values.get(control.id);
		for (const { id, from, otherwise } of control.fields ?? []) {
			const options = from ? this.#optionsOf(from) : [values[id]];
			if (!options.includes(values[id])) {
				values[id] = options[0] ?? otherwise;
			}
		}
		return values;
	}

	/** Whether there is nothing to choose from. */
	#lacks({ fields = [] }) {
		return fields.some(({ from }) => from && this.#optionsOf(from).length === 0);
	}

	/** The ids of what is in a list. */
	#optionsOf(list) {
		return (this.#lists.get(list) ?? []).map(({ id }) => id);
	}

	#form(control) {
		const texts = this.#texts.controls[control.id];
		const values = this.#valuesOf(control);
		const command = curl(control.request(values), this.#settings);
		return html`
			<section class="control" aria-labelledby=${`control-${control.id}`}>
				<h3 id=${`control-${control.id}`}>${texts.title}</h3>
				${texts.hint ? html`<p class="hint">${texts.hint}</p>` : nothing}
				<form class="stack tight" data-control=${control.id} @submit=${(event) => this.#submit(event, control)}>
					${control.fields?.length > 0 ? html`<div class="fields">${control.fields.map((field) =>
						this.#field(control, field, texts.fields[field.id], values))}</div>` : nothing}
					<div><button class="button primary" ?disabled=${this.#lacks(control)}>${this.#followed.has(control.id) ? texts.stop : texts.action}</button></div>
				</form>
				${this.#command(control.id, command)}
				${control.java ? this.#java(control.id, control.java) : nothing}
				${control.follow ? this.#lines(control.id) : this.#answer(control.id)}
			</section>`;
	}

	/** Begins to follow a stream of server-sent events, or stops it. */
	#follow(control, request) {
		const texts = this.#texts.controls[control.id];
		const followed = this.#followed.get(control.id);
		if (followed) {
			followed.source.close();
			this.#followed.delete(control.id);
			this.#changed();
			return;
		}
		const source = new EventSource(`/${request.service}${request.path}`);
		const lines = [];
		const add = (line) => {
			lines.unshift(line);
			lines.splice(MOST_FOLLOWED);
			this.#changed();
		};
		source.addEventListener('message', ({ data }) => add(texts.line(JSON.parse(data))));
		for (const name of control.follow) {
			source.addEventListener(name, ({ data }) => {
				add(texts[name](JSON.parse(data)));
				if (name === 'end') {
					// Or the browser would begin again by itself.
					source.close();
				}
			});
		}
		source.addEventListener('error', () => {
			if (source.readyState === EventSource.CLOSED) {
				add(this.#all.lesson.noAnswer);
			}
		});
		addEventListener('pagehide', () => source.close(), { once: true });
		this.#followed.set(control.id, { source, lines });
		this.#changed();
	}

	#lines(id) {
		const followed = this.#followed.get(id);
		return !followed ? nothing : html`
			<div class="notice" data-followed=${id}>${followed.lines.length === 0
				? html`<p class="muted">${this.#texts.controls[id].none}</p>` : html`
				<ul class="plain">${followed.lines.map((line) => html`<li class="any">${line}</li>`)}</ul>`}</div>`;
	}

	#field(control, field, label, values) {
		const input = (event) => {
			values[field.id] = field.type === 'checkbox' ? event.target.checked : event.target.value;
			this.#changed();
		};
		const id = `${control.id}-${field.id}`;
		const options = field.from ? this.#optionsOf(field.from) : field.options;
		if (options?.length === 0) {
			return html`<p class="muted">${this.#texts.controls[field.from].none}</p>`;
		}
		if (options) {
			return html`<label class=${`field ${field.from ? 'wide' : ''}`}><span>${label}</span>
				<select id=${id} @change=${input}>${options.map((option) => html`
					<option value=${option} ?selected=${option === values[field.id]}>${option}</option>`)}</select></label>`;
		}
		if (field.type === 'checkbox') {
			return html`<label class="check"><input id=${id} type="checkbox" .checked=${values[field.id] === true} @change=${input}>
				<span>${label}</span></label>`;
		}
		return html`<label class=${`field ${field.type === 'number' ? '' : 'wide'}`}><span>${label}</span>
			<input id=${id} type=${field.type ?? 'text'} autocomplete="off" .value=${values[field.id]} @input=${input}></label>`;
	}

	#list(control) {
		const texts = this.#texts.controls[control.id];
		const rows = this.#lists.get(control.id) ?? [];
		return html`
			<section class="control" aria-labelledby=${`control-${control.id}`}>
				<h3 id=${`control-${control.id}`}>${texts.title}</h3>
				${texts.hint ? html`<p class="hint">${texts.hint}</p>` : nothing}
				${control.onRequest ? html`<div><button class="button primary" data-show=${control.id}
					@click=${() => this.#show(control)}>${texts.action}</button></div>` : nothing}
				${control.onRequest && !this.#lists.has(control.id) ? nothing : rows.length === 0 ? html`<p class="muted">${texts.none}</p>` : html`
					<ul class="items" data-list=${control.id}>${rows.map((row) => html`
						<li><span class="any">${texts.item(row)}</span>
							<span class="row">${control.actions.map((action) => html`
								<button class="button" data-action=${action.id} aria-label=${`${texts.actions[action.id]}: ${texts.item(row)}`}
									@click=${() => this.#do(control.id, action.request(row))}>${texts.actions[action.id]}</button>`)}</span>
						</li>`)}</ul>`}
				${this.#command(control.id, curl(control.list, this.#settings))}
				${control.java ? this.#java(control.id, control.java) : nothing}
				${rows.length > 0 ? control.actions.map((action) => html`
					${this.#command(`${control.id}-${action.id}`, curl(action.request(rows[0]), this.#settings))}
					${action.java ? this.#java(`${control.id}-${action.id}`, action.java) : nothing}`) : nothing}
				${this.#answer(control.id)}
			</section>`;
	}

	#command(id, command) {
		return html`
			<div class="command">
				<code class="any">${command}</code>
				<button class="button quiet" aria-label=${`${this.#all.lesson.copy}: ${command}`}
					@click=${() => this.#copy(command)}>${this.#all.lesson.copy}</button>
			</div>`;
	}

	async #copy(command) {
		await navigator.clipboard.writeText(command);
		say(this.#all.lesson.copied);
	}

	#java(id, [file, mark]) {
		const name = this.#all.lesson.javaOf(file);
		return html`
			<details class="java" ?open=${this.#open.has(id)} @toggle=${(event) => this.#openJava(event, id, file)}
				@keydown=${(event) => event.key === 'Escape' && this.#closeJava(event)}>
				<summary>${this.#all.lesson.java}: ${name}</summary>
				${this.#open.has(id) ? html`
					<div class=${`java-panel ${this.#top === id ? 'top' : ''}`}>
						<div class="row spread">
							<h3>${name}</h3>
							<button class="button" @click=${(event) => this.#closeJava(event)}>${this.#all.message.close}</button>
						</div>
						${listing(this.#sources.get(file) ?? '', mark, name)}
					</div>` : nothing}
			</details>`;
	}

	async #openJava(event, id, file) {
		const details = event.target;
		if (!details.open) {
			this.#open.delete(id);
			return;
		}
		this.#open.add(id);
		this.#top = id;
		if (!this.#sources.has(file)) {
			const response = await fetch(`/sources/${this.#lesson.source ?? this.#lesson.service}/${file}.java`);
			this.#sources.set(file, response.ok ? await response.text() : '');
		}
		this.#changed();
		requestAnimationFrame(() => requestAnimationFrame(() => showMark(details)));
	}

	#closeJava(event) {
		const details = event.target.closest('details');
		details.open = false;
		details.querySelector('summary').focus();
	}

	#answer(id) {
		const answer = this.#answers.get(id);
		if (!answer) {
			return nothing;
		}
		const good = answer.status >= 200 && answer.status < 300;
		// What it means, where that is not plain.
		const meaning = good ? this.#texts.controls[id]?.means?.(answer.body) : undefined;
		return html`<div class=${`answer notice ${good ? 'good' : 'bad'}`} data-status=${answer.status}>
			${meaning === undefined ? nothing : html`<p>${meaning}</p>`}
			${answer.status === 0 ? this.#all.lesson.noAnswer : html`<strong>${answer.status}</strong>
				<code class="any">${typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body)}</code>`}
		</div>`;
	}

	#submit(event, control) {
		event.preventDefault();
		const request = control.request(this.#valuesOf(control));
		if (control.follow) {
			this.#follow(control, request);
		}
		else {
			this.#do(control.id, request);
		}
	}

	async #do(id, request) {
		const answer = await send(request);
		this.#answers.set(id, answer);
		say(answer.status === 0 ? this.#all.lesson.noAnswer : `${answer.status}`);
		this.#changed();
		const shown = this.#lesson.controls.find((control) => control.id === id && control.onRequest);
		if (shown) {
			await this.#fetch(shown);
		}
		await this.refresh();
	}

}

/** Scrolls a listing to the line that matters, and lets the keyboard scroll it. */
function showMark(details) {
	const shown = details.querySelector('.listing');
	const mark = shown?.querySelector('mark');
	if (mark) {
		shown.scrollTop = mark.offsetTop - shown.clientHeight / 3;
		shown.focus({ preventScroll: true });
	}
}

/** A source with the line that matters marked. */
function listing(source, mark, name) {
	const lines = source.split('\n');
	return html`<pre class="listing" tabindex="0" aria-label=${name}><code>${lines.map((line) => (line.includes(mark)
		? html`<mark>${line}</mark>` : `${line}\n`))}</code></pre>`;
}
