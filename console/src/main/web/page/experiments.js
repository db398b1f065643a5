/**
 * The experiments of a lesson: a question to think about, a button, and afterwards an explanation of what really
 * happened, from the events in between.
 *
 * An experiment has `steps`, `facts` for its explanation, and `after`: the steps that put things back as they were,
 * however it ended. A step has one of
 *
 *     request   sent, whatever the answer's status: it may be what the experiment shows
 *     do        a function of the context, with its `script`
 *     until     a condition, with what it is that is `waiting`
 *     pause     milliseconds
 *     restart   of the broker
 */

import { html, nothing, say } from '../parts/html.js';
import { Api } from '../parts/api.js';
import { RECONNECTED } from '../parts/model.js';
import { curl, send } from './requests.js';

/** How long an experiment waits for something, in milliseconds. */
const PATIENCE = 30_000;

/** How long an experiment waits for the drawing, in milliseconds. */
const LONGEST_REST = 5000;

/** How long the drawing stays as it is beside the explanation, before things are put back, in milliseconds. */
const TIME_TO_LOOK = 5000;

/** How long a person may take to restart the broker, in milliseconds. */
const PATIENCE_FOR_PEOPLE = 600_000;

const pause = (millis) => new Promise((resolve) => setTimeout(resolve, millis));

/** Turns to the drawing, if it is out of sight, as it is on a narrow page. */
function showDrawing() {
	const drawing = document.querySelector('.drawing');
	const { top, bottom } = drawing.getBoundingClientRect();
	if (bottom < 0 || top > innerHeight) {
		drawing.scrollIntoView();
	}
}

function showExplanation(id) {
	requestAnimationFrame(() => requestAnimationFrame(() =>
		document.querySelector(`[data-experiment="${CSS.escape(id)}"] .explanation`)?.scrollIntoView({ block: 'nearest' })));
}

/** Lets the browser ask whoever is about to leave: nobody else puts things back. */
const stay = (event) => event.preventDefault();

/** Notices when somebody turns to another part of the page. */
function turnedAway() {
	const noticed = new AbortController();
	for (const type of ['wheel', 'touchmove', 'keydown']) {
		addEventListener(type, () => noticed.abort(), { passive: true, signal: noticed.signal });
	}
	return {
		isSo: () => {
			const { aborted } = noticed.signal;
			noticed.abort();
			return aborted;
		},
	};
}

export class Experiments {

	#lesson;

	#all;

	#texts;

	#settings;

	#log;

	#player;

	#changed;

	#isTold;

	/** experiment -> 'running' | 'failed' | 'done', and what to say of it */
	#results = new Map();

	/** @param isTold whether the page is told what an experiment waits for, which most do */
	constructor(lesson, { settings, texts }, { log, player }, isTold, changed) {
		this.#isTold = isTold;
		this.#lesson = lesson;
		this.#all = texts;
		this.#texts = texts.lessons[lesson.id];
		this.#settings = settings;
		this.#log = log;
		this.#player = player;
		this.#changed = changed;
	}

	view() {
		return this.#lesson.experiments.map((experiment) => this.#view(experiment));
	}

	#view(experiment) {
		const texts = this.#texts.experiments[experiment.id];
		const result = this.#results.get(experiment.id);
		const isRunning = [...this.#results.values()].some(({ state }) => state === 'running');
		return html`
			<details class="card experiment" data-experiment=${experiment.id} data-state=${result?.state ?? 'new'}>
				<summary><h3>${texts.title}</h3>${result && result.state !== 'running' ? html`
					<span class=${`badge ${result.isFailed ? 'bad' : 'good'}`}>${result.isFailed
						? this.#all.experiment.notDone : this.#all.experiment.done}</span>` : nothing}</summary>
				<div class="stack">
					<p><strong>${this.#all.experiment.think}:</strong> ${texts.question}</p>
					<p><strong>${this.#all.experiment.watch}:</strong> ${texts.watch}.</p>
					${experiment.needsNoEvents || this.#isTold() ? html`<div class="row">
						<button class="button primary" aria-disabled=${isRunning ? 'true' : 'false'}
							@click=${() => isRunning || this.#run(experiment)}>${result?.state === 'running'
								? this.#all.experiment.running : this.#all.experiment.run}</button>
						${result?.waiting ? html`<span class="muted">${this.#all.experiment.waiting(result.waiting)}</span>` : nothing}
					</div>` : html`<p class="notice warn">${this.#all.experiment.notTold}</p>`}
					${result?.text ? html`
						<div class=${`notice ${result.isFailed ? 'bad' : 'good'} explanation`}>
							<strong>${this.#all.experiment.explanation}</strong>
							<p>${result.text}</p>
						</div>` : nothing}
					<details>
						<summary>${this.#all.experiment.script}</summary>
						<pre class="listing" tabindex="0" aria-label=${this.#all.experiment.script}><code>${this.#script(experiment)}</code></pre>
					</details>
				</div>
			</details>`;
	}

	#script(experiment) {
		const written = (request) => curl(request, this.#settings);
		return [...experiment.steps, ...experiment.after ?? []].map((step) => {
			if (step.script) {
				return typeof step.script === 'function' ? step.script(written) : step.script;
			}
			if (step.restart) {
				return this.#restartCommand();
			}
			if (step.request) {
				return curl(step.request, this.#settings);
			}
			if (step.until) {
				return `sleep 2   # ${this.#texts.waiting[step.waiting]}`;
			}
			return step.pause ? `sleep ${Math.ceil(step.pause / 1000)}` : '';
		}).filter(Boolean).join('\n');
	}

	#restartCommand() {
		return this.#settings.restart ? `curl -X POST ${location.host}/restart-broker` : 'docker compose restart embedded-broker';
	}

	async #run(experiment) {
		const result = { state: 'running' };
		addEventListener('beforeunload', stay);
		this.#results.set(experiment.id, result);
		this.#player.live();
		this.#changed();
		showDrawing();
		const turning = turnedAway();
		const from = this.#log.end;
		const answers = [];
		const notes = {};
		const look = () => ({ events: this.#log.slice(from), state: this.#player.latest, answers, notes, send });
		const context = {
			settings: this.#settings,
			look,
			answers,
			/** What one step has to remember for another. */
			notes,
			send,
			/** Sends a request that must succeed, and returns what was answered. */
			call: async (request) => {
				const { status, body } = await send(request);
				if (status < 200 || status > 299) {
					throw new Error(`${curl(request, this.#settings)}: ${body?.detail ?? body?.reason ?? status}`);
				}
				return body;
			},
			pause,
		};
		try {
			for (const step of experiment.steps) {
				await this.#step(step, context, result);
			}
			await this.#rest();
			await pause(1500);
			result.text = this.#texts.experiments[experiment.id].explain(experiment.facts(look()));
		}
		catch (failure) {
			result.isFailed = true;
			result.text = this.#all.experiment.failed(failure.message);
		}
		say(result.text);
		result.waiting = experiment.after && this.#all.experiment.after;
		this.#changed();
		if (!turning.isSo()) {
			showExplanation(experiment.id);
		}
		if (experiment.after && !result.isFailed) {
			await pause(TIME_TO_LOOK);
		}
		for (const step of experiment.after ?? []) {
			try {
				await this.#step(step, context, {});
			}
			catch (failure) {
				result.isFailed = true;
				result.text += ` ${this.#all.experiment.notPutBack(failure.message)}`;
			}
		}
		removeEventListener('beforeunload', stay);
		result.state = result.isFailed ? 'failed' : 'done';
		result.waiting = undefined;
		this.#changed();
	}

	/** Waits until the drawing has shown all that happened, though not for ever: others may go on sending. */
	async #rest() {
		const deadline = Date.now() + LONGEST_REST;
		while (!this.#player.isAtRest && Date.now() < deadline) {
			await pause(50);
		}
	}

	async #step(step, context, result) {
		if (step.request) {
			// Whatever the status: that it is an error may be what the experiment shows.
			context.answers.push(await send(step.request));
		}
		if (step.do) {
			await step.do(context);
		}
		if (step.until) {
			const deadline = Date.now() + (step.patience ?? PATIENCE);
			result.waiting = this.#texts.waiting[step.waiting];
			this.#changed();
			while (!await step.until(context.look())) {
				if (Date.now() > deadline) {
					throw new Error(this.#all.experiment.waiting(result.waiting));
				}
				await pause(100);
			}
			result.waiting = undefined;
		}
		if (step.restart) {
			await this.#restart(context, result);
		}
		if (step.pause) {
			await pause(step.pause);
		}
	}

	async #restart(context, result) {
		result.waiting = this.#settings.restart ? this.#all.experiment.restarting
			: this.#all.experiment.restart(this.#restartCommand());
		this.#changed();
		if (this.#settings.restart) {
			await new Api().post('/restart-broker', undefined, { timeout: 2 * PATIENCE });
		}
		const deadline = Date.now() + (this.#settings.restart ? PATIENCE : PATIENCE_FOR_PEOPLE);
		let wasAway = false;
		let isThere = true;
		// A broker without a stream of events is not connected to again.
		while (!(wasAway && isThere) && !context.look().events.some(({ what }) => what === RECONNECTED)) {
			isThere = (await send({ service: 'broker', method: 'GET', path: '/api/overview' })).status === 200;
			wasAway ||= !isThere;
			if (Date.now() > deadline) {
				throw new Error(result.waiting);
			}
			await pause(200);
		}
		result.waiting = undefined;
	}

}
