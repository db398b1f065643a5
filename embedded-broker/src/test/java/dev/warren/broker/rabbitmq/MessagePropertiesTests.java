package dev.warren.broker.rabbitmq;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;

import dev.warren.broker.rabbitmq.wire.ArgumentTable;
import dev.warren.broker.rabbitmq.wire.MessageProperties;
import dev.warren.broker.rabbitmq.wire.ProtocolException;
import org.apache.qpid.server.bytebuffer.QpidByteBuffer;
import org.apache.qpid.server.protocol.v0_8.transport.BasicContentHeaderProperties;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class MessagePropertiesTests {

	/** Content type, headers, expiration and message id. */
	private static final int FLAGS = 0b1010_0001_1000_0000;

	@Test
	void whatIsNotChangedStaysAsItWas() throws Exception {
		MessageProperties properties = read(FLAGS, bytes());

		properties.removeExpiration();
		properties.headers(Map.of("b", 2));

		assertThat(properties.headers()).isEqualTo(Map.of("b", 2));
		BasicContentHeaderProperties written = written(properties);
		assertThat(written.getContentTypeAsString()).isEqualTo("text/plain");
		assertThat(written.getMessageIdAsString()).isEqualTo("id");
		assertThat(written.hasExpiration()).isFalse();
	}

	@Test
	void aPropertyIsReadInItsPlace() {
		MessageProperties properties = read(FLAGS, bytes());

		assertThat(properties.expiration()).isEqualTo("1000");
		assertThat(properties.userId()).isNull();
		assertThat(properties.replyTo()).isNull();
		assertThat(properties.headers()).isEqualTo(Map.of("a", 1));
	}

	@Test
	void flagsAndBytesHaveToAgree() {
		byte[] bytes = bytes();

		assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> read(FLAGS | 1 << 3, bytes));
		assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> read(0b1010_0000_1000_0000, bytes));
		assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> read(0xffff, bytes));
	}

	private static BasicContentHeaderProperties written(MessageProperties properties) throws Exception {
		byte[] bytes = properties.toBytes();
		return new BasicContentHeaderProperties(QpidByteBuffer.wrap(bytes), properties.propertyFlags(), bytes.length);
	}

	private static MessageProperties read(int flags, byte[] bytes) {
		return MessageProperties.read(flags, bytes, 0, bytes.length);
	}

	private static byte[] bytes() {
		ByteBuffer bytes = ByteBuffer.allocate(256);
		shortString(bytes, "text/plain");
		bytes.put(ArgumentTable.write(Map.of("a", 1)));
		shortString(bytes, "1000");
		shortString(bytes, "id");
		byte[] result = new byte[bytes.position()];
		bytes.flip().get(result);
		return result;
	}

	private static void shortString(ByteBuffer target, String text) {
		target.put((byte) text.length()).put(text.getBytes(StandardCharsets.US_ASCII));
	}

}
