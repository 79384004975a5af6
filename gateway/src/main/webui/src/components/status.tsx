import { Badge } from "@mantine/core";

const COLOURS: Record<string, string> = {
  active: "teal",
  ready: "teal",
  paid: "teal",
  approved: "teal",
  applied: "teal",
  repaired: "teal",
  done: "teal",
  allowed: "teal",
  trial: "blue",
  running: "blue",
  waiting: "blue",
  received: "blue",
  draft: "blue",
  pending: "gray",
  expired: "gray",
  withdrawn: "gray",
  ignored: "gray",
  gone: "gray",
  void: "gray",
  nothing: "gray",
  closing: "blue",
  open: "orange",
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
