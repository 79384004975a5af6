import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";

const PAUSE = 1_000;
const LONGEST_WAIT = 30_000;
/** Told to every listener when there is a socket again: whatever was missed while there was none. */
const AGAIN = "again";

const CREDITS = new Set(["credits.changed", "policy.threshold-reached.v1"]);
const DRAFTS = new Set(["channel.draft-created.v1", "channel.draft-decided.v1", "channel.autopilot-changed.v1"]);
const APPROVALS = new Set(["agent.tool-approval-requested.v1", "agent.tool-approval-decided.v1"]);

/** Keeps the balance as it is: what the server reports makes it look again. */
export function useLiveCredits(): void {
  useLive((type) => CREDITS.has(type), "credits");
}

/** Keeps drafts as they are, and the rules that make them. */
export function useLiveDrafts(): void {
  useLive((type) => DRAFTS.has(type) || type.startsWith("channel.conversation-"), "drafts", "review-rules");
}

/** Keeps what agents want to do as it is. */
export function useLiveApprovals(): void {
  useLive((type) => APPROVALS.has(type), "tool-approvals");
}

/** Keeps conversations and what was said in them as they are. */
export function useLiveConversations(): void {
  useLive((type) => type.startsWith("channel."), "conversations", "conversation");
}

/** Asks for queries again when something happens that may change them, at once and at most once a second. */
function useLive(matters: (type: string) => boolean, ...keys: string[]): void {
  const queries = useQueryClient();
  const all = keys.join(" ");
  useEffect(() => {
    const look = atMostEvery(PAUSE, () => {
      for (const key of all.split(" ")) void queries.invalidateQueries({ queryKey: [key] });
    });
    const end = listen((type) => {
      if (type === AGAIN || matters(type)) look.call();
    });
    return () => {
      end();
      look.stop();
    };
    // What matters is the same for the life of a page.
  }, [queries, all]);
}

/** Calls at once, and what comes within the pause once at its end. */
export function atMostEvery(pause: number, run: () => void): { call: () => void; stop: () => void } {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let again = false;
  const call = () => {
    if (timer !== undefined) {
      again = true;
      return;
    }
    run();
    timer = setTimeout(() => {
      timer = undefined;
      if (!again) return;
      again = false;
      call();
    }, pause);
  };
  return { call, stop: () => clearTimeout(timer) };
}

const listeners = new Set<(type: string) => void>();
let close: (() => void) | undefined;

/** Hears the types of the tenant's events as they happen; all who listen share one socket. */
function listen(hear: (type: string) => void): () => void {
  listeners.add(hear);
  if (close) hear(AGAIN);
  else close = connect((type) => listeners.forEach((listener) => listener(type)));
  return () => {
    listeners.delete(hear);
    if (listeners.size > 0) return;
    close?.();
    close = undefined;
  };
}

/**
 * A socket that is opened again when it breaks: after a second, then twice as long each time, up to half a minute. Each
 * wait is shortened at random by up to a half, so that the pages that lost one server do not come back all at once.
 */
export function connect(hear: (type: string) => void): () => void {
  let socket: WebSocket | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let wait = 1_000;
  let over = false;
  const open = () => {
    socket = new WebSocket(`${location.origin.replace(/^http/, "ws")}/api/v1/stream`);
    socket.onopen = () => {
      wait = 1_000;
      hear(AGAIN);
    };
    socket.onmessage = ({ data }) => {
      try {
        hear((JSON.parse(String(data)) as { type: string }).type);
      } catch {
        // not an event: nothing to look at
      }
    };
    socket.onclose = () => {
      if (over) return;
      timer = setTimeout(open, wait * (1 - Math.random() / 2));
      wait = Math.min(2 * wait, LONGEST_WAIT);
    };
  };
  open();
  return () => {
    over = true;
    clearTimeout(timer);
    socket?.close();
  };
}
