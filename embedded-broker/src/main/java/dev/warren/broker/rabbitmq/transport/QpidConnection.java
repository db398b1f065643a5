package dev.warren.broker.rabbitmq.transport;

import java.util.Collection;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;
import javax.security.auth.Subject;

import dev.warren.broker.rabbitmq.connection.Admission;
import dev.warren.broker.rabbitmq.connection.CertificateLogin;
import dev.warren.broker.rabbitmq.connection.ClientConnection;
import dev.warren.broker.rabbitmq.connection.Endpoints;
import dev.warren.broker.rabbitmq.connection.HostedVirtualHost;
import dev.warren.broker.rabbitmq.connection.Login;
import dev.warren.broker.rabbitmq.connection.Network;
import dev.warren.broker.rabbitmq.connection.OperatorLog;
import dev.warren.broker.rabbitmq.connection.PasswordLogin;
import dev.warren.broker.rabbitmq.connection.RunningVirtualHost;
import dev.warren.broker.rabbitmq.connection.Shortage;
import dev.warren.broker.rabbitmq.definitions.DefinitionStore;
import dev.warren.broker.rabbitmq.wire.Dialect;
import dev.warren.broker.rabbitmq.wire.ReplyCode;
import org.apache.qpid.server.bytebuffer.QpidByteBuffer;
import org.apache.qpid.server.model.Broker;
import org.apache.qpid.server.model.NamedAddressSpace;
import org.apache.qpid.server.model.Protocol;
import org.apache.qpid.server.model.Transport;
import org.apache.qpid.server.model.port.AmqpPort;
import org.apache.qpid.server.security.auth.AuthenticatedPrincipal;
import org.apache.qpid.server.security.auth.UsernamePrincipal;
import org.apache.qpid.server.session.AMQPSession;
import org.apache.qpid.server.transport.AbstractAMQPConnection;
import org.apache.qpid.server.transport.AggregateTicker;
import org.apache.qpid.server.transport.ProtocolEngine;
import org.apache.qpid.server.transport.ServerNetworkConnection;
import org.apache.qpid.server.txn.ServerTransaction;
import org.apache.qpid.server.util.Action;
import org.apache.qpid.server.virtualhost.QueueManagingVirtualHost;
import org.jspecify.annotations.Nullable;

/**
 * A connection as Qpid's transport knows it: what Qpid says is passed on to the engine's
 * {@link ClientConnection}, what that needs of the network is asked of Qpid.
 */
final class QpidConnection extends AbstractAMQPConnection<QpidConnection, QpidConnection> implements Network {

	private final ClientConnection connection;

	private final Dialect dialect;

	private final DefinitionStore definitions;

	private final Limits limits;

	private final @Nullable TlsLayer tls;

	private final AtomicInteger channelCount = new AtomicInteger();

	private final Endpoints endpoints;

	private final QpidReceivedBytes received = new QpidReceivedBytes();

	private volatile String user = "";

	private volatile @Nullable Action<ProtocolEngine> workListener;

	private @Nullable BlockedConnections blockedConnections;

	QpidConnection(Broker<?> broker, ServerNetworkConnection network, AmqpPort<?> port, Transport transport,
			Protocol protocol, long connectionId, AggregateTicker aggregateTicker, @Nullable TlsLayer tls) {
		super(broker, network, port, transport, protocol, connectionId, aggregateTicker);
		this.dialect = Dialect.valueOf(broker.getContextValue(String.class, VirtualHosts.DIALECT));
		this.definitions = DefinitionStores.of(broker);
		this.limits = new Limits(broker, this.definitions);
		this.endpoints = Endpoints.of(network.getLocalAddress(), network.getRemoteAddress());
		this.tls = tls;
		this.connection = new ClientConnection(this, new QpidFrameSink((tls != null) ? tls : network.getSender()));
	}

	// What the engine needs

	@Override
	public boolean isAmqp08() {
		return ((this.tls != null) ? this.tls.protocol() : getProtocol()) == Protocol.AMQP_0_8;
	}

	@Override
	public Dialect dialect() {
		return this.dialect;
	}

	@Override
	public @Nullable SSLSession tlsSession() {
		return (this.tls != null) ? this.tls.session() : null;
	}

	@Override
	public Admission admission() {
		return Admissions.of(getBroker());
	}

	@Override
	public Endpoints endpoints() {
		return this.endpoints;
	}

	@Override
	public OperatorLog log() {
		return OperatorLogs.of(getBroker());
	}

	@Override
	public Collection<String> mechanisms() {
		return (this.tls != null && this.tls.asksForCertificate()) ? List.of("PLAIN", "EXTERNAL") : List.of("PLAIN");
	}

	@Override
	public @Nullable Login login(String mechanism) {
		return mechanism.equals("EXTERNAL") ? new CertificateLogin(tlsSession(), this.definitions)
				: new PasswordLogin(this.definitions);
	}

	@Override
	public void introduce(String product, String version, String id) {
		setClientProduct(product);
		setClientVersion(version);
		setClientId(id);
	}

	@Override
	public @Nullable HostedVirtualHost virtualHost(String name) {
		return (QpidVirtualHost.find(getBroker(), getPort(), name) instanceof QueueManagingVirtualHost<?> found
				&& found.isActive()) ? new QpidVirtualHost(this, found, name, this.definitions, this.limits) : null;
	}

	ClientConnection client() {
		return this.connection;
	}

	/**
	 * The user who has entered a virtual host; empty until then.
	 */
	String user() {
		return this.user;
	}

	void user(String user) {
		setSubject(new Subject(true,
				Set.of(new AuthenticatedPrincipal(new UsernamePrincipal(user, getPort().getAuthenticationProvider()))),
				Set.of(), Set.of()));
		this.user = user;
	}

	RunningVirtualHost entered(QueueManagingVirtualHost<?> virtualHost, String name) {
		setAddressSpace(virtualHost);
		VirtualHosts.Entry entry = VirtualHosts.of(virtualHost, name, this.dialect);
		this.blockedConnections = entry.blocked();
		return entry.running();
	}

	int channelCount() {
		return this.channelCount.get();
	}

	@Override
	public void addChannel() {
		this.limits.addChannel(this, this.channelCount::incrementAndGet);
	}

	@Override
	public void removeChannel() {
		this.channelCount.decrementAndGet();
	}

	@Override
	public void startHeartbeats(int seconds) {
		initialiseHeartbeating(500L * seconds, 2000L * seconds);
	}

	@Override
	public void stopReading() {
		if (this.blockedConnections != null) {
			this.blockedConnections.hold(this);
		}
	}

	@Override
	public void resumeReading() {
		// The client was not silent, it was not listened to.
		received(QpidByteBuffer.emptyQpidByteBuffer());
		if (this.blockedConnections != null) {
			this.blockedConnections.letGo(this);
		}
	}

	@Override
	public void close() {
		if (this.tls != null) {
			this.tls.close();
		}
		else {
			getNetwork().close();
		}
	}

	@Override
	public void after(long millis, Runnable task) {
		Later.add(getAggregateTicker(), millis, task);
	}

	// What Qpid's transport tells

	@Override
	protected void onReceive(QpidByteBuffer source) {
		ShortStrings.avoidCacheOnThisThread();
		if (this.tls == null) {
			read(source);
			return;
		}
		try {
			this.tls.receive(source, this::read);
		}
		catch (SSLException ex) {
			this.connection.drop("TLS error: " + ex.getMessage());
		}
	}

	private void read(QpidByteBuffer source) {
		this.connection.receive(this.received.from(source));
	}

	@Override
	public void readerIdle() {
		this.connection.missedHeartbeats();
	}

	@Override
	public void writerIdle() {
		this.connection.sendHeartbeat();
		updateLastWriteTime();
	}

	@Override
	public void closed() {
		try {
			this.connection.closed();
			if (this.blockedConnections != null) {
				this.blockedConnections.forget(this);
			}
			performDeleteTasks();
		}
		finally {
			NamedAddressSpace addressSpace = getAddressSpace();
			if (addressSpace != null) {
				addressSpace.deregisterConnection(this);
			}
			markTransportClosed();
		}
	}

	@Override
	public void sendConnectionCloseAsync(CloseReason reason, String description) {
		stopConnection();
		this.connection.execute(() -> this.connection
			.close(ReplyCode.CONNECTION_FORCED.error("broker forced connection closure with reason 'shutdown'")));
	}

	@Override
	public void block() {
		this.connection.setShortage(Shortage.DISK, true);
	}

	@Override
	public void unblock() {
		this.connection.setShortage(Shortage.DISK, false);
	}

	@Override
	public void encryptedTransport() {
	}

	// What Qpid's transport asks

	@Override
	public boolean hasWork() {
		return this.connection.pendingWork().isAnnounced();
	}

	@Override
	public void clearWork() {
		this.connection.pendingWork().clearAnnounced();
	}

	@Override
	public void askForWork() {
		Action<ProtocolEngine> listener = this.workListener;
		if (listener != null) {
			listener.performAction(this);
		}
	}

	@Override
	public void notifyWork() {
		this.connection.pendingWork().announce();
	}

	@Override
	public void notifyWork(AMQPSession<?, ?> session) {
		notifyWork();
	}

	@Override
	public void setWorkListener(Action<ProtocolEngine> listener) {
		this.workListener = listener;
	}

	@Override
	protected void addAsyncTask(Action<? super QpidConnection> action) {
		this.connection.execute(() -> action.performAction(this));
	}

	@Override
	public Iterator<Runnable> processPendingIterator() {
		return isIOThread() ? this.connection.pendingWork() : Collections.emptyIterator();
	}

	@Override
	public boolean isTransportBlockedForWriting() {
		return this.connection.pendingWork().isTransportBlocked();
	}

	@Override
	public void setTransportBlockedForWriting(boolean blocked) {
		this.connection.pendingWork().transportBlocked(blocked);
	}

	// What Qpid's management asks

	@Override
	protected boolean isOpeningInProgress() {
		return !this.connection.isOpened();
	}

	@Override
	protected boolean isOrderlyClose() {
		return this.connection.isClosing();
	}

	@Override
	protected @Nullable String getCloseCause() {
		return this.connection.closeCause();
	}

	@Override
	public boolean isClosing() {
		return this.connection.isClosing();
	}

	@Override
	public int getSessionCountLimit() {
		return this.connection.channelMax();
	}

	@Override
	public Collection<? extends AMQPSession<?, ?>> getSessionModels() {
		return Collections.emptyList();
	}

	@Override
	public void closeSessionAsync(AMQPSession<?, ?> session, CloseReason reason, String message) {
		throw new UnsupportedOperationException("Channels are not sessions of Qpid's");
	}

	@Override
	public String getRemoteContainerName() {
		return getClientId();
	}

	@Override
	public boolean hasSessionWithName(byte[] name) {
		return false;
	}

	@Override
	public Iterator<ServerTransaction> getOpenTransactions() {
		return Collections.emptyIterator();
	}

}
