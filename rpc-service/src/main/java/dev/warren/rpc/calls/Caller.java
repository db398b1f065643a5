package dev.warren.rpc.calls;

import java.io.IOException;

import dev.warren.rpc.ConditionalOnRole;
import dev.warren.rpc.RpcProperties;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.apache.coyote.ActionCode;

import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.stereotype.Component;

/**
 * Who waits for the answer to an HTTP request.
 */
@FunctionalInterface
public interface Caller {

	/**
	 * How often to look while it waits.
	 */
	long LOOK_INTERVAL_MILLIS = 250;

	/**
	 * Whether the caller has closed its connection. To be asked by the thread that serves
	 * the request, and no other.
	 * @return whether nobody waits for the answer any more
	 */
	boolean hasLeft();

	/**
	 * The caller of a request; one who never leaves where that cannot be told.
	 * @param request the request
	 * @return the caller
	 */
	static Caller of(HttpServletRequest request) {
		return (request.getAttribute(Caller.class.getName()) instanceof Caller caller) ? caller : () -> false;
	}

	/**
	 * Has Tomcat look. The servlet API has nothing for it: it tells that a caller has
	 * left only to those who write to it.
	 */
	@Component
	@ConditionalOnRole(RpcProperties.Role.CLIENT)
	class Lookout extends ValveBase implements WebServerFactoryCustomizer<TomcatServletWebServerFactory> {

		Lookout() {
			super(true);
		}

		@Override
		public void customize(TomcatServletWebServerFactory factory) {
			factory.addContextValves(this);
		}

		@Override
		public void invoke(Request request, Response response) throws IOException, ServletException {
			request.setAttribute(Caller.class.getName(), (Caller) () -> hasLeft(request.getCoyoteRequest()));
			getNext().invoke(request, response);
		}

		// A non-blocking read, as for a non-blocking servlet. At the end of the stream it
		// has 1 byte "available" every time; a byte of the caller's next request, sent
		// before this one is answered, is read once and stays in the buffer.
		private static boolean hasLeft(org.apache.coyote.Request request) {
			return available(request) == 1 && available(request) == 1;
		}

		private static int available(org.apache.coyote.Request request) {
			request.action(ActionCode.AVAILABLE, true);
			return request.getAvailable();
		}

	}

}
