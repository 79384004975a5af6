import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";

const TYPES = new Set(["credits.changed", "policy.threshold-reached.v1"]);
const PAUSE = 1_000;
const LONGEST_WAIT = 30_000;

/** Keeps the balance as it is: what the server reports makes it look again, at once and at most once a second. */
export function useLiveCredits(): void {
  const queries = useQueryClient();
  useEffect(() => {
    const look = atMostEvery(PAUSE, () => void queries.invalidateQueries({ queryKey: ["credits"] }));
    const end = listen((type) => {
      if (TYPES.has(type)) look.call();
    });
    return () => {
      end();
      look.stop();
    };
  }, [queries]);
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

/** Reads the types of the tenant's events as they happen, over a socket that is opened again when it breaks. */
function listen(hear: (type: string) => void): () => void {
  let socket: WebSocket | undefined;
  let timer: number | undefined;
  let wait = 1_000;
  let over = false;
  const open = () => {
    socket = new WebSocket(`${window.location.origin.replace(/^http/, "ws")}/api/v1/stream`);
    socket.onopen = () => {
      wait = 1_000;
      hear("credits.changed"); // whatever was missed while there was none
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
      timer = window.setTimeout(open, wait);
      wait = Math.min(2 * wait, LONGEST_WAIT);
    };
  };
  open();
  return () => {
    over = true;
    window.clearTimeout(timer);
    socket?.close();
  };
}
