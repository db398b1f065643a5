package dev.warren.workqueue;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ChannelContinuationTimeoutException;
import com.rabbitmq.client.Connection;
import dev.warren.test.BrokerUnderTest;
import io.micrometer.observation.ObservationRegistry;
import org.junit.jupiter.api.Test;

import static org.awaitility.Awaitility.await;
import static org.mockito.AdditionalAnswers.delegatesTo;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyString;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.willAnswer;
import static org.mockito.BDDMockito.willThrow;
import static org.mockito.Mockito.mock;

/**
 * A worker on a {@linkplain BrokerUnderTest broker} that fails it as a real one cannot be
 * made to.
 */
class WorkerTests {

	private static final int TASKS = 10;

	@Test
	void whatAWorkerHoldsGoesBackWhenItsCancelIsNotAnswered() throws Exception {
		CountDownLatch begun = new CountDownLatch(1);
		try (BrokerUnderTest broker = BrokerUnderTest.start().withoutQueues(WorkTopology.TASKS, WorkTopology.RETRIES);
				Connection connection = broker.connect();
				Channel channel = connection.createChannel()) {
			channel.queueDeclare(WorkTopology.TASKS, true, false, false, BrokerUnderTest.queueArguments());
			channel.queueDeclare(WorkTopology.RETRIES, true, false, false, BrokerUnderTest.queueArguments());
			for (int i = 0; i < TASKS; i++) {
				channel.basicPublish("", WorkTopology.TASKS, null, new byte[] { '.' });
			}
			Worker worker = new Worker("worker", workplace(unanswering(connection), begun), () -> TASKS);
			worker.start();
			begun.await();
			await().until(() -> channel.messageCount(WorkTopology.TASKS) == 0);

			worker.changePrefetch();

			await().until(() -> channel.messageCount(WorkTopology.TASKS) == TASKS);
			worker.crash();
			worker.awaitEnd(System.nanoTime());
		}
	}

	// Its first channel is the only one.
	private static Connection unanswering(Connection connection) throws Exception {
		Channel channel = mock(Channel.class, delegatesTo(connection.createChannel()));
		willThrow(new ChannelContinuationTimeoutException(new TimeoutException(), channel, channel.getChannelNumber(),
				null))
			.given(channel)
			.basicCancel(anyString());
		Connection unanswering = mock(Connection.class);
		given(unanswering.createChannel()).willReturn(channel).willThrow(new IOException("no other channel"));
		return unanswering;
	}

	private static Workplace workplace(Connection connection, CountDownLatch begun) throws Exception {
		Work work = mock(Work.class);
		willAnswer((call) -> {
			begun.countDown();
			new CountDownLatch(1).await();
			return null;
		}).given(work).perform(any());
		Workplace workplace = mock(Workplace.class);
		given(workplace.connect()).willReturn(connection);
		given(workplace.work()).willReturn(work);
		given(workplace.instanceId()).willReturn("instance");
		given(workplace.observationRegistry()).willReturn(ObservationRegistry.NOOP);
		return workplace;
	}

}
