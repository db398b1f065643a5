package dev.warren.broker.rabbitmq;

import java.io.IOException;
import java.net.Socket;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.ShutdownSignalException;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import static dev.warren.broker.rabbitmq.Refusals.assertClosesChannel;
import static dev.warren.broker.rabbitmq.Refusals.assertClosesConnectionMatching;
import static dev.warren.broker.rabbitmq.TestClient.unique;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Names of users and virtual hosts say what their limits are. RabbitMQ counts connections
 * and channels a little later than it opens and closes them, so the tests try again.
 */
@CompatibilityTests
@DisplayName("Limits of users and virtual hosts")
class LimitsTests {

	private static final String USER_LIMIT = "530 NOT_ALLOWED - connection refused for user '%s': user connection limit (%d) is reached";

	private static final String VIRTUAL_HOST_LIMIT = "530 NOT_ALLOWED - access to vhost '%s' refused for user '%s': connection limit (%d) is reached";

	private static final String QUEUE_LIMIT = "PRECONDITION_FAILED - cannot declare queue '%s': queue limit in vhost '%s' (%d) is reached";

	private static Connection connect(TestClient client, String user, String virtualHost) throws Exception {
		return client.connect((factory) -> settings(factory, user, virtualHost));
	}

	private static void settings(ConnectionFactory factory, String user, String virtualHost) {
		factory.setUsername(user);
		factory.setPassword(user);
		factory.setVirtualHost(virtualHost);
	}

	/**
	 * Why the next connection is refused; null if it is not.
	 */
	private static @Nullable String refusal(TestClient client, String user, String virtualHost) throws Exception {
		try {
			connect(client, user, virtualHost).close();
			return null;
		}
		catch (IOException ex) {
			if (!(ex.getCause() instanceof ShutdownSignalException closed)
					|| !(closed.getReason() instanceof AMQP.Connection.Close close)) {
				throw ex;
			}
			return close.getReplyCode() + " " + close.getReplyText();
		}
	}

	private static void awaitRefusal(TestClient client, String user, String virtualHost, String text) {
		Awaitility.await("refusing " + user)
			.untilAsserted(() -> assertThat(refusal(client, user, virtualHost)).isEqualTo(text));
	}

	private static void awaitRoom(TestClient client, String user, String virtualHost) {
		Awaitility.await("room for " + user)
			.untilAsserted(() -> assertThat(refusal(client, user, virtualHost)).isNull());
	}

	/**
	 * Opens connections of a user until that many are open together, whatever earlier
	 * tests left.
	 */
	private static Deque<Connection> fill(TestClient client, String user, String virtualHost, int count) {
		Deque<Connection> connections = new ArrayDeque<>();
		Awaitility.await("connections of " + user).ignoreExceptions().until(() -> {
			connections.add(connect(client, user, virtualHost));
			return connections.size() == count;
		});
		return connections;
	}

	@Test
	@DisplayName("One connection more than a user's `max-connections` is 530 NOT_ALLOWED")
	void connectionsOfAUser(TestClient client) throws Exception {
		Deque<Connection> connections = fill(client, "two connections", "/", 2);

		awaitRefusal(client, "two connections", "/", USER_LIMIT.formatted("two connections", 2));
		assertThat(connections).allMatch(Connection::isOpen);
	}

	@Test
	@DisplayName("A user's connections count in all virtual hosts together")
	void connectionsOfAUserInAllVirtualHosts(TestClient client) throws Exception {
		fill(client, "two connections", "/", 1);
		fill(client, "two connections", "other", 1);

		awaitRefusal(client, "two connections", "other", USER_LIMIT.formatted("two connections", 2));
	}

	@Test
	@DisplayName("A connection that was closed does not count")
	void closedConnectionsDoNotCount(TestClient client) throws Exception {
		Deque<Connection> connections = fill(client, "two connections", "/", 2);
		awaitRefusal(client, "two connections", "/", USER_LIMIT.formatted("two connections", 2));

		connections.getFirst().close();

		awaitRoom(client, "two connections", "/");
	}

	@Test
	@DisplayName("A connection whose socket was closed without a word does not count")
	void lostConnectionsDoNotCount(TestClient client) throws Exception {
		List<Socket> sockets = new CopyOnWriteArrayList<>();
		fill(client, "two connections", "/", 1);
		Awaitility.await().ignoreExceptions().until(() -> client.connect((factory) -> {
			settings(factory, "two connections", "/");
			factory.setSocketConfigurator(sockets::add);
		}).isOpen());
		awaitRefusal(client, "two connections", "/", USER_LIMIT.formatted("two connections", 2));

		for (Socket socket : sockets) {
			socket.close();
		}

		awaitRoom(client, "two connections", "/");
	}

	@Test
	@DisplayName("`max-connections` 0 allows a user no connection")
	void noConnections(TestClient client) throws Exception {
		assertThat(refusal(client, "no connections", "/")).isEqualTo(USER_LIMIT.formatted("no connections", 0));
	}

	@Test
	@DisplayName("Limits of a user below 0 are none")
	void negativeLimitsOfAUser(TestClient client) throws Exception {
		Connection connection = connect(client, "unlimited", "/");

		assertThat(connection.createChannel().isOpen()).isTrue();
	}

	@Test
	@DisplayName("One connection more than a virtual host's `max-connections` is 530 NOT_ALLOWED")
	void connectionsOfAVirtualHost(TestClient client) throws Exception {
		fill(client, "guest", "two of each", 2);

		awaitRefusal(client, "guest", "two of each", VIRTUAL_HOST_LIMIT.formatted("two of each", "guest", 2));
	}

	@Test
	@DisplayName("`max-connections` 0 allows a virtual host no connection")
	void noConnectionsOfAVirtualHost(TestClient client) throws Exception {
		assertThat(refusal(client, "guest", "nothing")).isEqualTo(VIRTUAL_HOST_LIMIT.formatted("nothing", "guest", 0));
	}

	@Test
	@DisplayName("A virtual host's limit is told before a user's, and before that the user may not enter")
	void theVirtualHostsLimitComesFirst(TestClient client) throws Exception {
		assertThat(refusal(client, "no connections", "nothing"))
			.isEqualTo(VIRTUAL_HOST_LIMIT.formatted("nothing", "no connections", 0));
		assertThat(refusal(client, "outsider", "nothing"))
			.isEqualTo(VIRTUAL_HOST_LIMIT.formatted("nothing", "outsider", 0));
	}

	@Test
	@DisplayName("A user's limit is told before that the user may not enter, but not before that there is no such virtual host")
	void aUsersLimitComesBeforePermissions(TestClient client) throws Exception {
		assertThat(refusal(client, "no connections", "other")).isEqualTo(USER_LIMIT.formatted("no connections", 0));
		assertThat(refusal(client, "no connections", "missing")).isEqualTo("530 NOT_ALLOWED - vhost missing not found");
	}

	/**
	 * RabbitMQ 4.0 names its node instead of the user.
	 */
	private static String channelLimit(String user, int limit) {
		return "NOT_ALLOWED - number of channels opened for user '(%s|\\S+@localhost)' has reached the maximum allowed user limit of \\(?%d\\)?"
			.formatted(user, limit);
	}

	private static void awaitChannelRefused(TestClient client, String virtualHost) {
		Awaitility.await("refusing a channel").untilAsserted(() -> {
			Connection connection = connect(client, "two channels", virtualHost);
			assertClosesConnectionMatching(connection, 530, channelLimit("two channels", 2), connection::createChannel);
		});
	}

	private static Channel channel(TestClient client, Connection connection) {
		return Awaitility.await("a channel").ignoreExceptions().until(() -> {
			Connection current = connection.isOpen() ? connection : connect(client, "two channels", "/");
			return current.createChannel();
		}, Channel::isOpen);
	}

	@Test
	@DisplayName("One channel more than a user's `max-channels` is 530 NOT_ALLOWED and closes the connection")
	void channelsOfAUser(TestClient client) throws Exception {
		Channel first = channel(client, connect(client, "two channels", "/"));
		Channel second = channel(client, first.getConnection());

		awaitChannelRefused(client, "/");
		assertThat(first.isOpen()).isTrue();
		assertThat(second.isOpen()).isTrue();
	}

	@Test
	@DisplayName("A user's channels count in all connections and virtual hosts together")
	void channelsOfAUserInAllConnections(TestClient client) throws Exception {
		channel(client, connect(client, "two channels", "/"));
		channel(client, connect(client, "two channels", "/"));

		awaitChannelRefused(client, "other");
	}

	@Test
	@DisplayName("A channel that was closed, by the client or for an error, does not count")
	void closedChannelsDoNotCount(TestClient client) throws Exception {
		Channel first = channel(client, connect(client, "two channels", "/"));
		Channel second = channel(client, connect(client, "two channels", "/"));
		awaitChannelRefused(client, "/");

		first.close();
		Refusals.assertClosesChannelMatching(second, 404, "NOT_FOUND.*",
				() -> second.queueDeclarePassive(unique("missing")));

		channel(client, connect(client, "two channels", "/"));
		channel(client, connect(client, "two channels", "/"));
		awaitChannelRefused(client, "/");
	}

	@Test
	@DisplayName("`max-channels` 0 allows a user no channel")
	void noChannels(TestClient client) throws Exception {
		Connection connection = connect(client, "no channels", "/");

		assertClosesConnectionMatching(connection, 530, channelLimit("no channels", 0), connection::createChannel);
	}

	private static Channel limitedQueues(TestClient client) throws Exception {
		Channel channel = fill(client, "guest", "two of each", 1).getFirst().createChannel();
		Awaitility.await("queues of earlier tests are gone").ignoreExceptions().until(() -> {
			Channel trying = channel.getConnection().createChannel();
			String first = trying.queueDeclare().getQueue();
			String second = trying.queueDeclare().getQueue();
			trying.queueDelete(first);
			trying.queueDelete(second);
			trying.close();
			return true;
		});
		return channel;
	}

	@Test
	@DisplayName("One queue more than a virtual host's `max-queues` is 406 PRECONDITION_FAILED, also one that is exclusive")
	void queuesOfAVirtualHost(TestClient client) throws Exception {
		Channel channel = limitedQueues(client);
		Channel other = channel.getConnection().createChannel();
		channel.queueDeclare();
		channel.queueDeclare();
		String third = unique("third");

		assertClosesChannel(channel, 406, QUEUE_LIMIT.formatted(third, "two of each", 2),
				() -> channel.queueDeclare(third, false, true, false, null));
		assertClosesChannel(other, 406, QUEUE_LIMIT.formatted(third, "two of each", 2),
				() -> other.queueDeclare(third, true, false, false, null));
	}

	@Test
	@DisplayName("At `max-queues` what is there can be declared again")
	void declaringAgainAtTheLimit(TestClient client) throws Exception {
		Channel channel = limitedQueues(client);
		String first = unique("first");
		channel.queueDeclare(first, false, true, false, null);
		channel.queueDeclare();

		assertThat(channel.queueDeclarePassive(first).getQueue()).isEqualTo(first);
		assertThat(channel.queueDeclare(first, false, true, false, null).getQueue()).isEqualTo(first);
	}

	@Test
	@DisplayName("A deleted queue does not count for `max-queues`")
	void deletedQueuesDoNotCount(TestClient client) throws Exception {
		Channel channel = limitedQueues(client);
		String first = channel.queueDeclare().getQueue();
		channel.queueDeclare();

		channel.queueDelete(first);

		assertThat(channel.queueDeclare().getQueue()).isNotEmpty();
	}

	@Test
	@DisplayName("A limit of queues below 0 is none")
	void negativeLimitsOfAVirtualHost(TestClient client) throws Exception {
		Channel channel = connect(client, "outsider", "other").createChannel();

		assertThat(channel.queueDeclare().getQueue()).isNotEmpty();
	}

}
