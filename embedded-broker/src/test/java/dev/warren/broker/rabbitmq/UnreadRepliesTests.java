package dev.warren.broker.rabbitmq;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.impl.AMQImpl;
import com.rabbitmq.client.impl.Frame;
import org.apache.qpid.server.bytebuffer.QpidByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A client that asks for much and reads nothing is not read from until it does.
 */
@ExtendWith(BrokerUnderTest.class)
class UnreadRepliesTests {

	private static final int MESSAGES = 3000;

	private static final int SIZE = 10_000;

	@Test
	void repliesThatNobodyReadsDoNotPileUp(TestClient client) throws Exception {
		String queue = client.queue();
		Channel publisher = client.channel();
		publisher.confirmSelect();
		for (int i = 0; i < MESSAGES; i++) {
			publisher.basicPublish("", queue, null, new byte[SIZE]);
		}
		publisher.waitForConfirmsOrDie(30_000);
		RawConnection raw = client.raw().openChannel();
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		DataOutputStream out = new DataOutputStream(bytes);
		for (int i = 0; i < MESSAGES; i++) {
			new AMQImpl.Basic.Get(0, queue, true).toFrame(1).writeTo(out);
		}
		long before = QpidByteBuffer.getAllocatedDirectMemorySize();

		raw.write(bytes.toByteArray());

		// An answer on another connection comes while the first would be answered.
		raw.expect(AMQP.Basic.GetOk.class);
		client.ready(queue);
		assertThat(QpidByteBuffer.getAllocatedDirectMemorySize() - before).isLessThan(MESSAGES * SIZE / 4);
		assertThat(client.ready(queue)).isPositive();
		int received = 1;
		while (received < MESSAGES) {
			Frame frame = raw.readFrame();
			received += RawConnection.methodOf(frame).equals("60.71") && frame.type == AMQP.FRAME_METHOD ? 1 : 0;
		}
		assertThat(client.ready(queue)).isZero();
	}

}
