package dev.warren.broker.rabbitmq.connection;

import java.security.Principal;
import java.util.Objects;
import java.util.stream.Collectors;

import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

import dev.warren.broker.rabbitmq.definitions.DefinitionStore;
import org.jspecify.annotations.Nullable;

/**
 * EXTERNAL: the client is the user that its certificate's common name says, as with
 * RabbitMQ's plugin {@code rabbitmq_auth_mechanism_ssl} and
 * {@code ssl_cert_login_from = common_name}. TLS has checked the certificate.
 */
public final class CertificateLogin implements Login {

	private final @Nullable SSLSession session;

	private final DefinitionStore definitions;

	/**
	 * @param session the client's session of TLS; null without TLS
	 */
	public CertificateLogin(@Nullable SSLSession session, DefinitionStore definitions) {
		this.session = session;
		this.definitions = definitions;
	}

	@Override
	public Outcome respond(byte[] response) {
		String name = commonName();
		return (name != null && this.definitions.current().users().get(name) != null) ? new Accepted(name)
				: new Refused();
	}

	/**
	 * Null if the client showed no certificate, or one of nobody.
	 */
	private @Nullable String commonName() {
		if (this.session == null) {
			return null;
		}
		try {
			return commonName(this.session.getPeerPrincipal());
		}
		catch (SSLPeerUnverifiedException ex) {
			return null;
		}
	}

	private static @Nullable String commonName(Principal principal) {
		try {
			String name = new LdapName(principal.getName()).getRdns()
				.stream()
				.filter((part) -> part.getType().equalsIgnoreCase("CN"))
				.map((part) -> Objects.toString(part.getValue()))
				.collect(Collectors.joining(","));
			return name.isEmpty() ? null : name;
		}
		catch (InvalidNameException ex) {
			return null;
		}
	}

}
