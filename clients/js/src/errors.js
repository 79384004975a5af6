/** What every error of this package is. */
export class ParleyError extends Error {
  constructor(message, options) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** An answer that says no: its `code` is for programs, its `operationId` for whoever is asked for help. */
export class ProblemError extends ParleyError {
  /**
   * @param {number} status
   * @param {Record<string, any>} problem members of the problem document
   * @param {{operationId?: string, retryAfter?: number}} [headers] what the answer's headers say
   */
  constructor(status, problem, { operationId, retryAfter } = {}) {
    super(problem.detail ?? problem.title ?? `Parley answered ${status}`);
    this.status = status;
    this.problem = problem;
    this.code = problem.code;
    this.operationId = problem.operation_id ?? operationId;
    this.retryAfter = retryAfter;
  }

  /** Reads the answer to a request that failed; also one that is no problem document, as a proxy's. */
  static async of(response) {
    return ProblemError.read(response.status, await response.text().catch(() => ""), (name) => response.headers.get(name));
  }

  /** Reads an answer from its parts. */
  static read(status, body, header) {
    let problem;
    try {
      problem = JSON.parse(body);
    } catch {
      problem = undefined;
    }
    return new ProblemError(status, problem !== null && typeof problem === "object" ? problem : {}, {
      operationId: header("x-operation-id") ?? header("x-request-id") ?? undefined,
      retryAfter: secondsOf(header("retry-after")),
    });
  }
}

/** No answer, or one that broke off. */
export class ConnectionError extends ParleyError {}

/** A webhook that Parley did not send, or sent too long ago. */
export class WebhookVerificationError extends ParleyError {}

/** Seconds of a Retry-After, which is a number or a date. */
function secondsOf(value) {
  if (value === null || value === undefined || value === "") return undefined;
  const seconds = /^\d+$/.test(value) ? Number(value) : (Date.parse(value) - Date.now()) / 1000;
  return Number.isNaN(seconds) ? undefined : Math.max(0, seconds);
}
