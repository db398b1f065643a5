package dev.warren.broker.rabbitmq.disk;

import java.lang.reflect.Type;
import java.util.Map;
import java.util.function.Consumer;

import com.sleepycat.je.CacheMode;
import org.apache.qpid.server.model.ConfiguredObject;
import org.apache.qpid.server.store.FileBasedSettings;
import org.apache.qpid.server.store.berkeleydb.BDBUtils;
import org.apache.qpid.server.store.berkeleydb.StandardEnvironmentConfiguration;
import org.apache.qpid.server.store.berkeleydb.StandardEnvironmentFacade;

/**
 * The files of Qpid's disk store. After an error of the disk nothing more is written to
 * them; Qpid would go on without.
 */
public final class QpidDiskFiles extends StandardEnvironmentFacade {

	private final Consumer<RuntimeException> failed;

	/**
	 * @param failed is told when the files cannot be used any more, perhaps repeatedly
	 */
	public QpidDiskFiles(ConfiguredObject<?> node, Consumer<RuntimeException> failed) {
		super(new Configuration(node));
		this.failed = failed;
	}

	@Override
	public RuntimeException handleDatabaseException(String contextMessage, RuntimeException cause) {
		RuntimeException result = super.handleDatabaseException(contextMessage, cause);
		if (!isUsable()) {
			this.failed.accept(cause);
		}
		return result;
	}

	@Override
	public void flushLogFailed(RuntimeException failure) {
		super.flushLogFailed(failure);
		this.failed.accept(failure);
	}

	private boolean isUsable() {
		try {
			getTotalLogSize();
			return true;
		}
		catch (RuntimeException ex) {
			return false;
		}
	}

	/**
	 * The settings as Qpid takes them from the node.
	 */
	private record Configuration(ConfiguredObject<?> node) implements StandardEnvironmentConfiguration {

		@Override
		public String getName() {
			return this.node.getName();
		}

		@Override
		public String getStorePath() {
			return ((FileBasedSettings) this.node).getStorePath();
		}

		@Override
		public CacheMode getCacheMode() {
			return BDBUtils.getCacheMode(this.node);
		}

		@Override
		public Map<String, String> getParameters() {
			return BDBUtils.getEnvironmentConfigurationParameters(this.node);
		}

		@Override
		public <T> T getFacadeParameter(Class<T> type, String name, T defaultValue) {
			return BDBUtils.getContextValue(this.node, type, name, defaultValue);
		}

		@Override
		public <T> T getFacadeParameter(Class<T> type, Type genericType, String name, T defaultValue) {
			return BDBUtils.getContextValue(this.node, type, genericType, name, defaultValue);
		}

	}

}
