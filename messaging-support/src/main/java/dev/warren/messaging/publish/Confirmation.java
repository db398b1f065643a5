package dev.warren.messaging.publish;

/**
 * The broker's word that it has taken charge of a message.
 *
 * @param routed whether the message reached at least one queue; {@code false} when the
 * broker returned it ({@code basic.return}, reply code 312 {@code NO_ROUTE})
 */
public record Confirmation(boolean routed) {

	static final Confirmation ROUTED = new Confirmation(true);

	static final Confirmation RETURNED = new Confirmation(false);

}
