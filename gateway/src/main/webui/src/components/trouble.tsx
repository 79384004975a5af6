import { Alert, Anchor, Button, Group, List, Stack, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { Link } from "react-router";
import { Problem } from "../api/client";
import { VerifyAddress } from "./verify";

/** Says what went wrong and what to do about it. */
export function Trouble({ error, retry }: { error: unknown; retry?: () => void }) {
  const problem = error instanceof Problem ? error : undefined;
  const policy = problem?.policy;
  const text = asSentence(policy?.remedy ?? problem?.message ?? "Something went wrong. Try again.");
  return (
    <Alert color={policy ? "yellow" : "red"} icon={<IconAlertTriangle aria-hidden />} title={title(problem)} role="alert">
      <Stack gap="xs">
        {text !== title(problem) && <Text size="sm">{text}</Text>}
        {problem?.body.errors && (
          <List size="sm">
            {problem.body.errors.map((error) => (
              <List.Item key={`${error.pointer} ${error.detail}`}>
                {error.pointer.slice(1).replaceAll("/", " ").replaceAll("_", " ")}: {error.detail}
              </List.Item>
            ))}
          </List>
        )}
        {policy?.limit !== undefined && policy.limit !== null && (
          <Text size="sm" c="dimmed">
            {policy.used ?? 0} of {policy.limit} used
            {policy.held ? `, ${policy.held} held` : ""}
            {policy.resets_at ? `; resets ${new Date(policy.resets_at).toLocaleDateString()}` : ""}
          </Text>
        )}
        <Group>
          {retry && (
            <Button size="xs" variant="default" onClick={retry}>
              Try again
            </Button>
          )}
          {policy && (
            <Anchor component={Link} to="/plan" size="sm">
              See plans
            </Anchor>
          )}
          {policy?.decision_id && (
            <Anchor component={Link} to={`/decisions?decision=${policy.decision_id}`} size="sm">
              Why was this refused?
            </Anchor>
          )}
          {problem?.code === "EMAIL_NOT_VERIFIED" && <VerifyAddress />}
          {problem && problem.status >= 500 && problem.body.operation_id && (
            <Text size="xs" c="dimmed">
              Operation {problem.body.operation_id}
            </Text>
          )}
        </Group>
      </Stack>
    </Alert>
  );
}

/** What else than credits may be wanting. */
const PAYMENT: Record<string, string | undefined> = {
  QUOTA_EXCEEDED: "A limit of your plan is reached",
  SUBSCRIPTION_SUSPENDED: "Your payment is overdue",
};

function asSentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function title(problem?: Problem): string {
  if (!problem) return "Something went wrong";
  if (problem.status === 402) return PAYMENT[problem.code] ?? "Your credits do not cover this";
  if (problem.status === 403 && (problem.code === "" || problem.code === "FORBIDDEN")) return "Not allowed";
  if (problem.status === 0) return "No connection";
  return problem.body.title ?? "Something went wrong";
}
