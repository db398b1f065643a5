/**
 * What stands around a drawing: whether it is live; pause, step, slow, and back; and how often what has happened.
 */

import { html, nothing } from '../parts/html.js';

/** Whether the page is told what happens, where that is not so. */
export function streamNotice(scene, texts) {
	if (scene.state === 'live') {
		return nothing;
	}
	return html`<p class=${`notice ${scene.state === 'broken' ? 'bad' : 'warn'}`}>${scene.state === 'broken'
		? texts.stream.broken(scene.reason) : texts.stream[scene.state]}</p>`;
}

export function timeLine(player, log, scene, texts) {
	const behind = log.end - player.position;
	const isPaused = player.mode === 'paused';
	return html`
		<div class="time row" role="group" aria-label=${texts.player.label}>
			<button class="button" @click=${() => (isPaused ? player.play() : player.pause())}>${isPaused
				? texts.player.play : texts.player.pause}</button>
			<button class="button" @click=${() => player.step()}>${texts.player.step}</button>
			<label class="check"><input type="checkbox" .checked=${player.speed < 1}
				@change=${(event) => { player.speed = event.target.checked ? 0.25 : 1; }}> <span>${texts.player.slow}</span></label>
			<input class="grow" type="range" aria-label=${texts.player.position} min=${log.first} max=${log.end}
				.value=${String(player.position)} @input=${(event) => player.seek(Number(event.target.value))}>
			<span class="muted small nowrap">${behind > 0 ? texts.player.behind(behind) : player.mode === 'live' ? texts.player.now : ''}</span>
			<button class="button" @click=${() => player.live()}>${texts.player.live}</button>
			${scene.lost > 0 ? html`<span class="badge warn" data-lost=${scene.lost}>${texts.player.lost(scene.lost)}</span>` : nothing}
			${scene.gaps > 0 ? html`<span class="badge" data-gaps=${scene.gaps}>${texts.player.gaps(scene.gaps)}</span>` : nothing}
		</div>`;
}

/** What is always counted, and what is only counted once it has happened. */
const ALWAYS = ['published', 'routed', 'unroutable', 'delivered', 'acknowledged', 'requeued'];

const SOMETIMES = ['confirmed', 'returned', 'rejected', 'expired', 'dropped', 'delivery-limit', 'dead-lettered', 'refused'];

export function totals(state, texts) {
	return html`
		<dl class="stats" aria-label=${texts.lesson.totals}>
			${[...ALWAYS, ...SOMETIMES.filter((what) => state.count(what) > 0)].map((what) => html`
				<div class="stat"><dt>${texts.totals[what]}</dt><dd data-total=${what}>${state.count(what)}</dd></div>`)}
		</dl>`;
}
