package dev.warren.console;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

/**
 * The body of an answer, piece by piece: unlike a stream's, a wait for the next piece can
 * be limited. One piece is asked for at a time, so that little of it is in memory however
 * slow its reader is.
 */
final class AnswerBody implements Flow.Subscriber<List<ByteBuffer>>, AutoCloseable {

	private final BlockingQueue<Piece> pieces = new LinkedBlockingQueue<>();

	private volatile Flow.@Nullable Subscription subscription;

	private boolean complete;

	AnswerBody(Flow.Publisher<List<ByteBuffer>> publisher) {
		publisher.subscribe(this);
	}

	/**
	 * Waits for the next piece.
	 * @return it, which is empty if none came in time, and at the end
	 * @throws IOException if the rest is not going to come
	 */
	List<ByteBuffer> next(Duration limit) throws IOException, InterruptedException {
		Piece piece = this.pieces.poll(limit.toMillis(), TimeUnit.MILLISECONDS);
		if (piece == null) {
			return List.of();
		}
		if (piece.failure() != null) {
			throw new IOException(piece.failure());
		}
		this.complete = piece.last();
		if (!this.complete) {
			ask();
		}
		return piece.bytes();
	}

	boolean isComplete() {
		return this.complete;
	}

	private void ask() {
		Flow.Subscription current = this.subscription;
		if (current != null) {
			current.request(1);
		}
	}

	@Override
	public void onSubscribe(Flow.Subscription created) {
		this.subscription = created;
		created.request(1);
	}

	@Override
	public void onNext(List<ByteBuffer> bytes) {
		this.pieces.add(new Piece(bytes, false, null));
	}

	@Override
	public void onError(Throwable failure) {
		this.pieces.add(new Piece(List.of(), true, failure));
	}

	@Override
	public void onComplete() {
		this.pieces.add(new Piece(List.of(), true, null));
	}

	/**
	 * Ends the connection, if there is more to come.
	 */
	@Override
	public void close() {
		Flow.Subscription current = this.subscription;
		if (current != null) {
			current.cancel();
		}
	}

	private record Piece(List<ByteBuffer> bytes, boolean last, @Nullable Throwable failure) {

	}

}
