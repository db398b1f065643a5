package dev.warren.broker.autoconfigure;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;

import dev.warren.broker.EmbeddedBroker;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.BeanUtils;
import org.springframework.beans.factory.FactoryBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;

/**
 * Where and as whom to connect to the embedded broker: Boot's
 * {@code RabbitConnectionDetails}, an interface that Boot 3.5, 4.0 and 4.2 have in
 * different packages.
 */
final class ConnectionDetailsFactoryBean implements FactoryBean<Object> {

	private final Class<?> type;

	private final EmbeddedBroker broker;

	private final Environment environment;

	private final ObjectProvider<SslBundles> sslBundles;

	ConnectionDetailsFactoryBean(Class<?> type, EmbeddedBroker broker, Environment environment,
			ObjectProvider<SslBundles> sslBundles) {
		this.type = type;
		this.broker = broker;
		this.environment = environment;
		this.sslBundles = sslBundles;
	}

	@Override
	public Class<?> getObjectType() {
		return this.type;
	}

	@Override
	public Object getObject() throws NoSuchMethodException {
		String virtualHost = this.environment.getProperty("spring.rabbitmq.virtual-host", this.broker.virtualHost());
		this.broker.addVirtualHost(virtualHost);
		Class<?> address = ClassUtils.resolveClassName(this.type.getName() + "$Address", this.type.getClassLoader());
		List<?> addresses = List.of(BeanUtils.instantiateClass(address.getConstructor(String.class, int.class),
				this.broker.host(), (this.broker.port() > 0) ? this.broker.port() : this.broker.sslPort()));
		return Proxy.newProxyInstance(this.type.getClassLoader(), new Class<?>[] { this.type },
				new Details(this.broker, virtualHost, addresses, sslBundle()));
	}

	/**
	 * What the application connects with where there is nothing but TLS.
	 */
	private @Nullable SslBundle sslBundle() {
		String name = this.environment.getProperty("spring.rabbitmq.ssl.bundle");
		return (name != null && this.broker.port() < 0) ? this.sslBundles.getObject().getBundle(name) : null;
	}

	private record Details(EmbeddedBroker broker, String virtualHost, List<?> addresses,
			@Nullable SslBundle sslBundle) implements InvocationHandler {

		@Override
		public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
			return switch (method.getName()) {
				case "getUsername" -> this.broker.username();
				case "getPassword" -> this.broker.password();
				case "getVirtualHost" -> this.virtualHost;
				case "getAddresses" -> this.addresses;
				case "getSslBundle" -> this.sslBundle;
				case "equals" -> arguments != null && proxy == arguments[0];
				case "hashCode" -> System.identityHashCode(proxy);
				case "toString" -> "Connection details of " + this.broker;
				default -> InvocationHandler.invokeDefault(proxy, method, arguments);
			};
		}

	}

}
