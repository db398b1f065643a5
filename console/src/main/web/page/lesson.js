/**
 * The page of a lesson: the drawing, what happens on it, what can be done, and what can be broken.
 */

import { html, nothing, render, say } from '../parts/html.js';
import { Drawing } from '../parts/drawing.js';
import { messagePanel, sentence, timeOf } from '../parts/message.js';
import { drawnSoon, lookOf } from '../parts/player.js';
import { Controls } from './controls.js';
import { Experiments } from './experiments.js';
import { brokerApi } from './requests.js';
import { Scene } from './scene.js';
import { streamNotice, timeLine, totals } from './time.js';

const MOST_LINES = 30;

/** How often the lists of the controls are asked for, in milliseconds. */
const REFRESH = 5000;

/** At most this often something is read out, in milliseconds. */
const SAID_EVERY = 2500;

export function show(host, console) {
	const { texts, lesson, settings } = console;
	const own = texts.lessons[lesson.id];
	let chosen;
	/** What had the focus before a message was opened. */
	let cameFrom;
	let lastSaid = 0;
	const happened = [];
	const draw = drawnSoon(() => player, drawNow);

	const drawingHost = document.createElement('div');
	drawingHost.className = 'drawing-host';
	const drawing = new Drawing(drawingHost, texts.drawing, choose);
	const scene = new Scene({ api: brokerApi, settings, scope: lesson.scope, producers: lesson.producers, getters: lesson.getters,
		service: lesson.service, drawing, showsConfirms: lesson.confirms,
		changed: draw, played });
	const { log, player } = scene;
	const controls = new Controls(lesson, console, draw);
	const experiments = new Experiments(lesson, console, scene,
		() => scene.state !== 'absent', draw);

	function played(events) {
		happened.push(...events.filter((event) => event.what !== 'corrected').slice(-MOST_LINES));
		happened.splice(0, Math.max(0, happened.length - MOST_LINES));
		const last = events.findLast((event) => event.message !== undefined);
		if (last && Date.now() - lastSaid > SAID_EVERY) {
			lastSaid = Date.now();
			say(sentence(last, texts.events));
		}
	}

	function choose(number) {
		if (chosen === undefined) {
			cameFrom = document.activeElement;
		}
		chosen = number;
		draw();
		requestAnimationFrame(() => host.querySelector('.message-panel')?.focus());
	}

	function drawNow() {
		drawing.draw(scene.part());
		drawing.show(player.shown, (number) => lookOf(number, log.published(number), false, player.shown.dead.has(number)));
		render(view(), host);
	}

	function view() {
		return html`
			<div class="stack">
				<h1>${own.title}</h1>
				<p class="lead">${own.intro}</p>
			</div>
			<section class="card stage beside" aria-label=${texts.drawing.label}>
				${streamNotice(scene, texts)}
				${drawingHost}
				${timeLine(player, log, scene, texts)}
				${legend()}
			</section>
			${chosen === undefined ? nothing : messagePanel(chosen, log.ofMessage(chosen), texts, () => {
				chosen = undefined;
				cameFrom?.focus({ preventScroll: true });
				draw();
			})}
			<div class="lesson">
				<section class="card stack try" aria-labelledby="controls">
					<h2 id="controls">${texts.lesson.controls}</h2>
					<div class="controls">${controls.view()}</div>
				</section>
				<section class="card stack log" aria-labelledby="happened">
					<h2 id="happened">${texts.lesson.happened}</h2>
					${totals(player.shown, texts)}
					${happened.length === 0 ? html`<p class="muted">${texts.lesson.nothing}</p>` : html`
						<ol class="happened">${happened.toReversed().map((event) => html`
							<li><time>${timeOf(event)}</time> ${event.message === undefined ? sentence(event, texts.events) : html`
								<button class="link any" @click=${() => choose(event.message)}>${sentence(event, texts.events)}</button>`}</li>`)}
						</ol>`}
				</section>
				<section class="stack break" aria-labelledby="experiments">
					<h2 id="experiments">${texts.lesson.experiments}</h2>
					${experiments.view()}
				</section>
			</div>`;
	}

	function legend() {
		const entry = (kind, classes) => html`<li><span class=${`sample ${classes}`} aria-hidden="true"></span>${texts.legend[kind]}</li>`;
		return html`<ul class="legend" aria-label=${texts.legend.title}>
			${entry('transient', 'transient')}${entry('persistent', 'persistent')}
			${entry('redelivered', 'transient redelivered')}${entry('dead', 'persistent dead')}
			${lesson.confirms ? entry('confirm', 'confirm') : nothing}</ul>`;
	}

	draw();
	new ResizeObserver(() => document.documentElement.style.setProperty('--stage',
		`${drawingHost.closest('.stage')?.offsetHeight ?? 0}px`)).observe(drawingHost);
	scene.run();
	refresh();

	/** One after the other, however long an answer takes. */
	async function refresh() {
		if (!document.hidden) {
			await controls.refresh();
		}
		setTimeout(refresh, REFRESH);
	}
}
