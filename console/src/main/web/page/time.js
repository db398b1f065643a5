/**
 * Pause, step, slow, and back: what the player of a drawing can do.
 */

import { html, nothing } from '../parts/html.js';

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
		</div>`;
}
