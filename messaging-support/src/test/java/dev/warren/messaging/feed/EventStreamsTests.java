package dev.warren.messaging.feed;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.warren.messaging.problem.ProblemException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.apache.catalina.Context;
import org.apache.catalina.core.StandardContext;
import org.apache.catalina.startup.Tomcat;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class EventStreamsTests {

	private static final int CAPACITY = 100;

	private static final int MAX_READERS = 200;

	private static final Pattern EVENT_ID = Pattern.compile("id: (.*)");

	private final MessageFeed<String> feed = new MessageFeed<>(CAPACITY, DataSize.ofMegabytes(16), String::length);

	private final EventStreams streams = new EventStreams(new JsonMapper(), MAX_READERS, Duration.ofMillis(50));

	private final List<Reader> readers = new ArrayList<>();

	@TempDir
	@SuppressWarnings("NullAway.Init")
	private Path directory;

	private final Tomcat tomcat = new Tomcat();

	@BeforeEach
	void start() throws Exception {
		this.tomcat.setBaseDir(this.directory.toString());
		this.tomcat.setPort(0);
		this.tomcat.getConnector().setProperty("address", "127.0.0.1");
		StandardContext context = (StandardContext) this.tomcat.addContext("", this.directory.toString());
		// There is no class loader of its own whose references could leak.
		context.setClearReferencesThreadLocals(false);
		context.setClearReferencesRmiTargets(false);
		Tomcat.addServlet(context, "stream", new StreamServlet(this.streams, this.feed)).setAsyncSupported(true);
		context.addServletMappingDecoded("/stream", "stream");
		this.streams.start();
		this.tomcat.start();
	}

	@AfterEach
	void stop() throws Exception {
		for (Reader reader : this.readers) {
			reader.close();
		}
		this.streams.stop();
		this.tomcat.stop();
		this.tomcat.destroy();
	}

	@Test
	void aReaderGetsWhatComesAfterItJoined() throws Exception {
		this.feed.add("before");
		Reader reader = read();

		this.feed.add("first \u2713");
		this.feed.add("second\nline");

		assertThat(reader.head()).contains("200", "text/event-stream", "no-store");
		assertThat(reader.data()).isEqualTo("\"first \u2713\"");
		assertThat(reader.data()).isEqualTo("\"second\\nline\"");
	}

	@Test
	void aReaderThatComesBackGetsWhatFollowedItsLastEvent() throws Exception {
		Reader reader = read();
		this.feed.add("one");
		this.feed.add("two");
		assertThat(reader.data()).isEqualTo("\"one\"");
		String lastEventId = reader.lastEventId();
		reader.close();
		this.feed.add("three");

		Reader again = read(lastEventId);

		assertThat(again.data()).isEqualTo("\"two\"");
		assertThat(again.data()).isEqualTo("\"three\"");
	}

	@Test
	void aReaderThatComesBackTooLateIsToldHowManyItLost() throws Exception {
		Reader reader = read();
		this.feed.add("one");
		assertThat(reader.data()).isEqualTo("\"one\"");
		String lastEventId = reader.lastEventId();
		reader.close();
		for (int i = 0; i < CAPACITY + 7; i++) {
			this.feed.add("later");
		}

		Reader again = read(lastEventId);

		assertThat(again.line()).isEqualTo("event: lost");
		assertThat(again.line()).isEqualTo("data: {\"count\":7}");
		assertThat(again.data()).isEqualTo("\"later\"");
	}

	@Test
	void anAnnouncementComesInItsPlaceAmongTheItems() throws Exception {
		Reader reader = read();
		this.feed.add("one");
		this.feed.announce("gap", Map.of("reason", "a pause"));
		this.feed.add("two");

		assertThat(reader.data()).isEqualTo("\"one\"");
		assertThat(reader.line()).isEqualTo("event: gap");
		assertThat(reader.data()).isEqualTo("{\"reason\":\"a pause\"}");
		assertThat(reader.data()).isEqualTo("\"two\"");
	}

	@Test
	void anAnnouncementDoesNotWaitForTheNextItem() throws Exception {
		Reader reader = read();

		this.feed.announce("gap", 1);

		assertThat(reader.line()).isEqualTo("event: gap");
		assertThat(reader.data()).isEqualTo("1");
	}

	@Test
	void aReaderThatComesBackIsToldWhatWasAnnouncedMeanwhile() throws Exception {
		this.feed.announce("gap", "before");
		Reader reader = read();
		this.feed.add("one");
		assertThat(reader.data()).isEqualTo("\"one\"");
		String lastEventId = reader.lastEventId();
		reader.close();
		this.feed.announce("gap", "meanwhile");

		Reader again = read(lastEventId);

		assertThat(again.line()).isEqualTo("event: gap");
		assertThat(again.data()).isEqualTo("\"meanwhile\"");
	}

	@Test
	void endingAFeedsStreamsEndsNoOthers() throws Exception {
		Reader reader = read();

		this.streams.end(new MessageFeed<>(1, DataSize.ofMegabytes(1), String::length));
		this.feed.add("still there");
		assertThat(reader.data()).isEqualTo("\"still there\"");
		this.streams.end(this.feed);

		assertThat(reader.ends()).isTrue();
	}

	@Test
	void aLastEventIdFromAnotherRunGetsAllThereIs() throws Exception {
		this.feed.add("one");
		this.feed.add("two");

		for (String foreign : List.of("1", "abc-1", "nonsense")) {
			Reader reader = read(foreign);

			assertThat(reader.data()).as(foreign).isEqualTo("\"one\"");
			assertThat(reader.data()).as(foreign).isEqualTo("\"two\"");
		}
	}

	@Test
	void anIdThatWasNeverGivenOutLosesNothingThatComes() throws Exception {
		Reader reader = read();
		this.feed.add("one");
		reader.data();
		String epoch = reader.lastEventId().replaceFirst("-\\d+$", "-");

		for (String id : List.of("999999", "x", "-5", "99999999999999999999")) {
			Reader other = read(epoch + id);
			this.feed.add("next");

			await().until(() -> other.data().equals("\"next\""));
		}
	}

	@Test
	void aHeartbeatIsACommentAndComesAgainAndAgain() throws Exception {
		Reader reader = read();

		assertThat(reader.rawLine()).isEqualTo(":");
		assertThat(reader.rawLine()).isEmpty();
		assertThat(reader.rawLine()).isEqualTo(":");
	}

	@Test
	void aReaderThatStopsReadingLosesItsOwnEventsAndIsToldHowManyWhileOthersLoseNone() throws Exception {
		Reader stalled = read();
		Reader other = read();
		String large = "x".repeat(10_000);
		int count = 5000;

		// 50 MB: far more than the sockets between here and there hold.
		for (int i = 0; i < count; i++) {
			this.feed.add(large);
			assertThat(other.data()).hasSize(large.length() + 2);
		}

		int received = 0;
		int lost = 0;
		while (received + lost < count) {
			String line = stalled.line();
			if (line.equals("event: lost")) {
				lost += Integer.parseInt(stalled.line().replaceAll("\\D", ""));
			}
			else if (line.startsWith("data: ")) {
				received++;
			}
		}
		assertThat(received + lost).isEqualTo(count);
		assertThat(lost).isGreaterThan(count / 2);
		assertThat(stalled.lastEventId()).isEqualTo(other.lastEventId());
	}

	@Test
	void aReaderThatLeavesIsForgotten() throws Exception {
		Reader reader = read();
		Reader other = read();
		await().until(() -> this.streams.count() == 2);

		reader.close();

		await().until(() -> this.streams.count() == 1);
		this.feed.add("still here");
		assertThat(other.data()).isEqualTo("\"still here\"");
	}

	@Test
	void aReaderThatStalledAndThenLeftIsForgotten() throws Exception {
		Reader stalled = read();
		for (int i = 0; i < 1000; i++) {
			this.feed.add("x".repeat(10_000));
		}

		stalled.close();

		await().until(() -> this.streams.count() == 0);
	}

	@Test
	void twoHundredReadersTakeNoThreadEach() throws Exception {
		read();
		await().until(() -> this.streams.count() == 1);
		int threads = Thread.activeCount();

		for (int i = 0; i < 199; i++) {
			read();
		}
		this.feed.add("to all");

		for (Reader reader : this.readers) {
			assertThat(reader.data()).isEqualTo("\"to all\"");
		}
		// Tomcat's own pool, of which none is held, grows by as many as connect at once.
		assertThat(Thread.activeCount()).isLessThan(threads + 100);
	}

	@Test
	void oneReaderTooManyIsRefusedUntilAnotherLeaves() throws Exception {
		for (int i = 0; i < MAX_READERS; i++) {
			read();
		}

		assertThat(read().head()).startsWith("HTTP/1.1 503");
		this.readers.get(0).close();

		await().until(() -> read().head().startsWith("HTTP/1.1 200"));
		assertThat(this.streams.count()).isEqualTo(MAX_READERS);
	}

	@Test
	void anItemThatCannotBeWrittenEndsTheStreamAndNothingElse() throws Exception {
		MessageFeed<Object> broken = new MessageFeed<>(CAPACITY, DataSize.ofMegabytes(1), (item) -> 1);
		Tomcat
			.addServlet((Context) this.tomcat.getHost().findChild(""), "broken",
					new StreamServlet(this.streams, broken))
			.setAsyncSupported(true);
		((Context) this.tomcat.getHost().findChild("")).addServletMappingDecoded("/broken", "broken");
		Reader reader = open("/broken", null);
		Reader other = read();

		broken.add(new Unwritable());

		assertThat(reader.ends()).isTrue();
		this.feed.add("as ever");
		assertThat(other.data()).isEqualTo("\"as ever\"");
	}

	@Test
	void stoppingEndsTheStreamsAndStartingTakesReadersAgain() throws Exception {
		Reader reader = read();
		await().until(() -> this.streams.count() == 1);

		this.streams.stop();

		assertThat(reader.ends()).isTrue();
		assertThat(this.streams.count()).isZero();
		assertThat(read().ends()).isTrue();
		this.streams.start();
		Reader again = read();
		this.feed.add("again");
		assertThat(again.data()).isEqualTo("\"again\"");
	}

	private Reader read() throws IOException {
		return open("/stream", null);
	}

	private Reader read(String lastEventId) throws IOException {
		return open("/stream", lastEventId);
	}

	private Reader open(String path, @Nullable String lastEventId) throws IOException {
		Reader reader = new Reader(this.tomcat.getConnector().getLocalPort(), path, lastEventId);
		this.readers.add(reader);
		return reader;
	}

	private static final class StreamServlet extends HttpServlet {

		private static final long serialVersionUID = 1L;

		private final transient EventStreams streams;

		private final transient MessageFeed<?> feed;

		StreamServlet(EventStreams streams, MessageFeed<?> feed) {
			this.streams = streams;
			this.feed = feed;
		}

		@Override
		protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
			try {
				this.streams.stream(this.feed, request, response);
			}
			catch (ProblemException ex) {
				response.sendError(ex.getStatusCode().value());
			}
		}

	}

	private static final class Unwritable {

		@SuppressWarnings("unused")
		public String getText() {
			throw new IllegalStateException("cannot be written");
		}

	}

	/**
	 * A client on a raw socket, with a small buffer so that it can stop reading.
	 */
	private static final class Reader {

		private final Socket socket = new Socket();

		private final BufferedReader in;

		private final List<String> head = new ArrayList<>();

		private String lastEventId = "";

		Reader(int port, String path, @Nullable String lastEventId) throws IOException {
			this.socket.setReceiveBufferSize(4096);
			this.socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(30));
			this.socket.connect(new InetSocketAddress("127.0.0.1", port));
			String id = (lastEventId != null) ? "Last-Event-ID: " + lastEventId + "\r\n" : "";
			// HTTP/1.0, so that the body comes without chunks.
			this.socket.getOutputStream()
				.write(("GET " + path + " HTTP/1.0\r\n" + id + "\r\n").getBytes(StandardCharsets.US_ASCII));
			this.in = new BufferedReader(new InputStreamReader(this.socket.getInputStream(), StandardCharsets.UTF_8));
			for (String line = rawLine(); !line.isEmpty(); line = rawLine()) {
				this.head.add(line);
			}
		}

		String head() {
			return String.join("\n", this.head);
		}

		String rawLine() throws IOException {
			String line = this.in.readLine();
			if (line == null) {
				throw new IOException("the stream has ended");
			}
			return line;
		}

		String line() throws IOException {
			String line = rawLine();
			while (line.isEmpty() || line.startsWith(":")) {
				line = rawLine();
			}
			Matcher matcher = EVENT_ID.matcher(line);
			if (matcher.matches()) {
				this.lastEventId = matcher.group(1);
				return line();
			}
			return line;
		}

		String data() throws IOException {
			String line = line();
			assertThat(line).startsWith("data: ");
			return line.substring("data: ".length());
		}

		String lastEventId() {
			return this.lastEventId;
		}

		boolean ends() throws IOException {
			try {
				for (String line = this.in.readLine(); line != null; line = this.in.readLine()) {
					assertThat(line).matches(":?");
				}
			}
			catch (SocketException ex) {
				// Ended, if less politely.
			}
			return true;
		}

		void close() throws IOException {
			this.socket.close();
		}

	}

}
