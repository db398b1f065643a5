package dev.warren.rpc;

/**
 * Why a server replied with an error instead of a number. The name is in the reply's
 * header {@link FibonacciServer#ERROR_HEADER}.
 */
public enum RpcError {

	/** The request's body is not a number the server computes. */
	INVALID_REQUEST,

	/** The computation took too long. */
	TIMED_OUT,

	/** The request took down too many servers. */
	CRASHED,

	/** The server failed. */
	FAILED

}
