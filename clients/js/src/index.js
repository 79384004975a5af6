export { ParleyClient } from "./client.js";
export { ConnectionError, ParleyError, ProblemError, WebhookVerificationError } from "./errors.js";
export { ReplyStream } from "./reply-stream.js";
export { verifyWebhook } from "./webhook.js";
