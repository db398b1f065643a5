package dev.warren.broker.rabbitmq.store;

import java.io.File;
import java.util.UUID;

import org.apache.qpid.server.model.ConfiguredObject;
import org.apache.qpid.server.model.Queue;
import org.apache.qpid.server.store.Event;
import org.apache.qpid.server.store.EventListener;
import org.apache.qpid.server.store.MessageHandle;
import org.apache.qpid.server.store.MessageStore;
import org.apache.qpid.server.store.StorableMessageMetaData;
import org.apache.qpid.server.store.Transaction;
import org.apache.qpid.server.virtualhost.QueueManagingVirtualHost;
import org.jspecify.annotations.Nullable;

/**
 * Qpid's message store, which would read all messages or none, with a reader of ours.
 */
final class TolerantMessageStore implements MessageStore {

	private final MessageStore store;

	private final QpidDiskStore disk;

	private @Nullable QueueManagingVirtualHost<?> virtualHost;

	TolerantMessageStore(MessageStore store, QpidDiskStore disk) {
		this.store = store;
		this.disk = disk;
	}

	@Override
	public MessageStoreReader newMessageStoreReader() {
		return new TolerantReader(this.store.newMessageStoreReader(), this.disk, this::queueName, getStoreLocation());
	}

	private String queueName(UUID id) {
		QueueManagingVirtualHost<?> host = this.virtualHost;
		Queue<?> queue = (host != null) ? host.getAttainedQueue(id) : null;
		return (queue != null) ? queue.getName() : id.toString();
	}

	@Override
	public void openMessageStore(ConfiguredObject<?> parent) {
		this.virtualHost = (QueueManagingVirtualHost<?>) parent;
		this.store.openMessageStore(parent);
	}

	// The rest is Qpid's.

	@Override
	public long getNextMessageId() {
		return this.store.getNextMessageId();
	}

	@Override
	public String getStoreLocation() {
		return this.store.getStoreLocation();
	}

	@Override
	public File getStoreLocationAsFile() {
		return this.store.getStoreLocationAsFile();
	}

	@Override
	public void addEventListener(EventListener eventListener, Event... events) {
		this.store.addEventListener(eventListener, events);
	}

	@Override
	public void upgradeStoreStructure() {
		this.store.upgradeStoreStructure();
	}

	@Override
	public <T extends StorableMessageMetaData> MessageHandle<T> addMessage(T metaData) {
		return this.store.addMessage(metaData);
	}

	@Override
	public long getInMemorySize() {
		return this.store.getInMemorySize();
	}

	@Override
	public long getBytesEvacuatedFromMemory() {
		return this.store.getBytesEvacuatedFromMemory();
	}

	@Override
	public void resetStatistics() {
		this.store.resetStatistics();
	}

	@Override
	public boolean isPersistent() {
		return this.store.isPersistent();
	}

	@Override
	public Transaction newTransaction() {
		return this.store.newTransaction();
	}

	@Override
	public void closeMessageStore() {
		this.store.closeMessageStore();
	}

	@Override
	public void onDelete(ConfiguredObject<?> parent) {
		this.store.onDelete(parent);
	}

	@Override
	public void addMessageDeleteListener(MessageDeleteListener listener) {
		this.store.addMessageDeleteListener(listener);
	}

	@Override
	public void removeMessageDeleteListener(MessageDeleteListener listener) {
		this.store.removeMessageDeleteListener(listener);
	}

}
