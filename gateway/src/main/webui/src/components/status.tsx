import { Badge } from "@mantine/core";

const COLOURS: Record<string, string> = {
  active: "teal",
  ready: "teal",
  trial: "blue",
  running: "blue",
  pending: "gray",
  expired: "gray",
  suspended: "orange",
  past_due: "orange",
};

/** The state of something in one word, never by colour alone. */
export function Status({ is }: { is: string }) {
  return (
    <Badge color={COLOURS[is] ?? "red"} variant="light">
      {is.replaceAll("_", " ")}
    </Badge>
  );
}
