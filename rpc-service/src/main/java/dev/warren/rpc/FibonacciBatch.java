package dev.warren.rpc;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.BiFunction;

import dev.warren.messaging.problem.ProblemException;
import dev.warren.messaging.problem.ProblemType;
import org.jspecify.annotations.Nullable;

/**
 * The calls of a batch, a number of them at once; each that is answered makes room for
 * the next. Once one finds no broker, or no server in time, those that have not been
 * asked are not asked any more.
 */
final class FibonacciBatch {

	private final FibonacciClient client;

	private final List<Integer> numbers;

	private final Map<String, Object> traceContext;

	private final AtomicInteger next = new AtomicInteger();

	private final AtomicReferenceArray<@Nullable Call> calls;

	private final AtomicReferenceArray<@Nullable Answer> answers;

	private final CountDownLatch left;

	private volatile @Nullable ProblemException givenUp;

	FibonacciBatch(FibonacciClient client, List<Integer> numbers) {
		this.client = client;
		this.numbers = numbers;
		this.traceContext = client.traceContext();
		this.calls = new AtomicReferenceArray<>(numbers.size());
		this.answers = new AtomicReferenceArray<>(numbers.size());
		this.left = new CountDownLatch(numbers.size());
	}

	/**
	 * Runs the calls.
	 * @param window how many at once
	 * @return the answers, in the order of the numbers
	 * @throws ProblemException if there is no answer but problems: the one that ended it
	 */
	List<Answer> run(int window, Caller caller) throws InterruptedException {
		try {
			for (int i = 0; i < window; i++) {
				askNext(this.client::askFirstOfMany);
			}
			while (!this.left.await(Caller.LOOK_INTERVAL_MILLIS, TimeUnit.MILLISECONDS)) {
				if (caller.hasLeft()) {
					cancel();
				}
			}
		}
		catch (InterruptedException ex) {
			cancel();
			throw ex;
		}
		List<Answer> all = new ArrayList<>();
		for (int i = 0; i < this.answers.length(); i++) {
			Answer answer = this.answers.get(i);
			if (answer != null) {
				all.add(answer);
			}
		}
		ProblemException ended = this.givenUp;
		if (ended != null && all.stream().allMatch((answer) -> answer.value() == null)) {
			throw ended;
		}
		return all;
	}

	private void askNext(BiFunction<Integer, Map<String, Object>, Call> asking) {
		int index = this.next.getAndIncrement();
		for (; index < this.numbers.size() && this.givenUp != null; index = this.next.getAndIncrement()) {
			settle(index, Answer.failed(this.numbers.get(index),
					new ProblemException(ProblemType.BROKER_UNAVAILABLE, "Not asked, since another call failed")));
		}
		if (index < this.numbers.size()) {
			ask(index, asking);
		}
	}

	private void ask(int index, BiFunction<Integer, Map<String, Object>, Call> asking) {
		Call call = asking.apply(this.numbers.get(index), this.traceContext);
		this.calls.set(index, call);
		call.reply().whenComplete((reply, failure) -> {
			settle(index, answer(call, reply, failure));
			// On the thread the reply came on; after a failure nothing is asked.
			askNext(this.client::askNextOfMany);
		});
	}

	private Answer answer(Call call, @Nullable FibonacciReply reply, @Nullable Throwable failure) {
		try {
			if (reply != null) {
				return Answer.of(call, reply);
			}
		}
		catch (ProblemException ex) {
			return Answer.failed(call.n(), ex);
		}
		ProblemException problem = (failure instanceof ProblemException known) ? known
				: new ProblemException(ProblemType.INTERNAL_ERROR, "The call failed");
		this.givenUp = problem;
		return Answer.failed(call.n(), problem);
	}

	private void settle(int index, Answer answer) {
		this.answers.set(index, answer);
		this.left.countDown();
	}

	private void cancel() {
		this.givenUp = new ProblemException(ProblemType.NO_REPLY, "The caller has left");
		for (int i = 0; i < this.calls.length(); i++) {
			Call call = this.calls.get(i);
			if (call != null) {
				this.client.cancel(call);
			}
		}
	}

}
