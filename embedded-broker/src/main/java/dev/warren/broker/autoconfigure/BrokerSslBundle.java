package dev.warren.broker.autoconfigure;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;

import dev.warren.broker.EmbeddedBroker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.core.NestedExceptionUtils;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.ssl.NoSuchSslBundleException;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;

/**
 * The SSL bundle of a broker, which follows the bundle when its files change.
 */
final class BrokerSslBundle {

	private static final Logger logger = LoggerFactory.getLogger(EmbeddedBrokerAutoConfiguration.class);

	private final SslBundles bundles;

	private final String name;

	private final WarrenBrokerProperties.Ssl properties;

	BrokerSslBundle(SslBundles bundles, String name, WarrenBrokerProperties.Ssl properties) {
		this.bundles = bundles;
		this.name = name;
		this.properties = properties;
	}

	void applyTo(EmbeddedBroker.Builder builder) {
		SslBundle bundle = find();
		builder.sslContext(context(bundle)).sslParameters(parameters(bundle)).sslPort(this.properties.port());
	}

	private SslBundle find() {
		try {
			return this.bundles.getBundle(this.name);
		}
		catch (NoSuchSslBundleException ex) {
			throw refused(
					"there is no such SSL bundle: add it as 'spring.ssl.bundle.pem.%1$s' or 'spring.ssl.bundle.jks.%1$s'"
						.formatted(this.name));
		}
	}

	private SSLContext context(SslBundle bundle) {
		try {
			// Without, the JDK would trust the certificates of all public authorities.
			if (this.properties.clientAuth() != WarrenBrokerProperties.ClientAuth.NONE
					&& bundle.getStores().getTrustStore() == null) {
				throw refused("it does not say whose client certificates it trusts: give it a 'truststore', "
						+ "or set 'warren.broker.ssl.client-auth' to 'none'");
			}
			return bundle.createSslContext();
		}
		catch (IllegalStateException | IllegalArgumentException ex) {
			throw refused(String.valueOf(NestedExceptionUtils.getMostSpecificCause(ex).getMessage()));
		}
	}

	private InvalidConfigurationPropertyValueException refused(String reason) {
		return new InvalidConfigurationPropertyValueException("warren.broker.ssl.bundle", this.name, reason);
	}

	private SSLParameters parameters(SslBundle bundle) {
		SSLParameters parameters = new SSLParameters(bundle.getOptions().getCiphers(),
				bundle.getOptions().getEnabledProtocols());
		switch (this.properties.clientAuth()) {
			case WANT -> parameters.setWantClientAuth(true);
			case NEED -> parameters.setNeedClientAuth(true);
			case NONE -> {
			}
		}
		return parameters;
	}

	/**
	 * Has the broker take the bundle's new content for new connections.
	 */
	void keepUpToDate(EmbeddedBroker broker) {
		this.bundles.addBundleUpdateHandler(this.name, (bundle) -> {
			broker.replaceSslContext(context(bundle));
			logger.info("The broker has the new content of the SSL bundle '{}' for new connections", this.name);
		});
	}

}
