import { Badge } from "@mantine/core";

const COLOURS: Record<string, string> = {
  active: "teal",
  delivered: "teal",
  ready: "teal",
  paid: "teal",
  approved: "teal",
  applied: "teal",
  repaired: "teal",
  done: "teal",
  allowed: "teal",
  not_included: "gray",
  passed: "teal",
  promoted: "teal",
  testing: "blue",
  trial: "blue",
  running: "blue",
  waiting: "blue",
  received: "blue",
  draft: "blue",
  pending: "gray",
  skipped: "gray",
  disabled: "gray",
  expired: "gray",
  withdrawn: "gray",
  ignored: "gray",
  gone: "gray",
  archived: "gray",
  stopped: "gray",
  void: "gray",
  nothing: "gray",
  closing: "blue",
  abandoned: "orange",
  open: "orange",
  failing: "orange",
  unknown: "orange",
  suspended: "orange",
  past_due: "orange",
};

/** The state of something in one word, never by colour alone. */
export function Status({ is }: { is: string }) {
  return (
    <Badge color={COLOURS[is] ?? "red"} variant="light" miw="max-content">
      {is.replaceAll("_", " ")}
    </Badge>
  );
}
