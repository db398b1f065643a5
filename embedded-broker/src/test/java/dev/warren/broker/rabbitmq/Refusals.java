package dev.warren.broker.rabbitmq;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.Method;
import com.rabbitmq.client.ShutdownNotifier;
import com.rabbitmq.client.ShutdownSignalException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * How the broker says no: it closes the channel, or the connection, with a code and a
 * text that people search for.
 */
final class Refusals {

	private Refusals() {
	}

	/**
	 * The action closes its channel and nothing else, with exactly this text.
	 */
	static void assertClosesChannel(Channel channel, int code, String text, ThrowingCallable action)
			throws IOException {
		AMQP.Channel.Close close = assertCloses(channel, AMQP.Channel.Close.class, action);
		assertThat(close.getReplyCode() + " " + close.getReplyText()).isEqualTo(code + " " + text);
		assertOthersWork(channel.getConnection());
	}

	static void assertClosesChannelMatching(Channel channel, int code, String pattern, ThrowingCallable action)
			throws IOException {
		AMQP.Channel.Close close = assertCloses(channel, AMQP.Channel.Close.class, action);
		assertThat(close.getReplyCode() + " " + close.getReplyText()).matches(code + " " + pattern);
		assertOthersWork(channel.getConnection());
	}

	/**
	 * The action closes its connection, with exactly this text.
	 */
	static void assertClosesConnection(Connection connection, int code, String text, ThrowingCallable action) {
		AMQP.Connection.Close close = assertCloses(connection, AMQP.Connection.Close.class, action);
		assertThat(close.getReplyCode() + " " + close.getReplyText()).isEqualTo(code + " " + text);
	}

	static void assertClosesConnectionMatching(Connection connection, int code, String pattern,
			ThrowingCallable action) {
		AMQP.Connection.Close close = assertCloses(connection, AMQP.Connection.Close.class, action);
		assertThat(close.getReplyCode() + " " + close.getReplyText()).matches(code + " " + pattern);
	}

	private static <T extends Method> T assertCloses(ShutdownNotifier closing, Class<T> with, ThrowingCallable action) {
		CompletableFuture<ShutdownSignalException> closed = new CompletableFuture<>();
		closing.addShutdownListener(closed::complete);
		Throwable thrown = catchThrowable(action);
		// Methods that have no answer fail later, on the connection's own thread.
		assertThat(thrown).satisfiesAnyOf((nothing) -> assertThat(nothing).isNull(),
				(failure) -> assertThat(failure).isInstanceOf(AlreadyClosedException.class),
				(failure) -> assertThat(failure).hasCauseInstanceOf(ShutdownSignalException.class));
		assertThat(closed).as("the %s that the broker must send", with.getName())
			.succeedsWithin(15, TimeUnit.SECONDS)
			.extracting(ShutdownSignalException::getReason)
			.isInstanceOf(with);
		return with.cast(closed.join().getReason());
	}

	private static void assertOthersWork(Connection connection) throws IOException {
		assertThat(connection.isOpen()).as("the connection is still open").isTrue();
		Channel other = connection.createChannel();
		// The answer is the proof.
		other.basicQos(1);
		other.abort();
	}

}
